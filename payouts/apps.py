from django.apps import AppConfig


class PayoutsConfig(AppConfig):
    name = "payouts"
    verbose_name = "지급"

    def ready(self) -> None:
        from payouts import handlers, invariants  # noqa: F401  registers itself
        from payouts.console import (  # noqa: F401  register themselves
            month,
            registration,
            statement_registration,
        )
        from payouts.console.payments import payments_of
        from payouts.pages import register_pages
        from payouts.queries import keywords
        from payouts.services.statements import writing  # noqa: F401  registers its job
        from settlements.console.payments import register_payments

        handlers.register()
        keywords.register()
        register_payments(payments_of)
        register_pages()
