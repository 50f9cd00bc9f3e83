from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The project itself: its checks and commands."""

    name = "config"

    def ready(self) -> None:
        from config import checks  # noqa: F401  registers itself
