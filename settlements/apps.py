from django.apps import AppConfig


class SettlementsConfig(AppConfig):
    name = "settlements"
    verbose_name = "정산"

    def ready(self) -> None:
        from settlements import invariants  # noqa: F401  registers itself
