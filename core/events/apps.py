from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "core.events"
    verbose_name = "기록"

    def ready(self) -> None:
        from core.events import invariants  # noqa: F401  registers itself
