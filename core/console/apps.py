from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "core.console"
    verbose_name = "콘솔"
