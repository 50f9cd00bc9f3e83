from django.apps import AppConfig


class PayoutsConfig(AppConfig):
    name = "payouts"
    verbose_name = "지급"

    def ready(self) -> None:
        from payouts import handlers, invariants  # noqa: F401  registers itself
        from payouts.console import month, registration  # noqa: F401  registers itself

        handlers.register()
