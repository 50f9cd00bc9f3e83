from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "core.events"
    verbose_name = "기록"
