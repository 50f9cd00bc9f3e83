from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "core.ledger"
    verbose_name = "원장"

    def ready(self) -> None:
        from core.ledger import invariants  # noqa: F401  registers itself
