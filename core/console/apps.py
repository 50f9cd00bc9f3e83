from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "core.console"
    verbose_name = "콘솔"

    def ready(self) -> None:
        from core.companies.models import Permission
        from core.console import home
        from core.console.navigation import Entry, register

        register(
            Entry("", "홈", "console:home"),
            Entry("기록", "작업", "console:jobs"),
            Entry("기록", "감사", "console:events"),
            Entry("연동", "API 시크릿", "console:secrets", Permission.INTEGRATION),
            Entry("연동", "구성원", "console:members", Permission.MEMBERS),
            Entry("연동", "브랜드", "console:brand", Permission.INTEGRATION),
            Entry("연동", "메일함", "console:messages", Permission.INTEGRATION),
        )
        home.register_banner(home.silent_processes)
