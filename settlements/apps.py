from django.apps import AppConfig


class SettlementsConfig(AppConfig):
    name = "settlements"
    verbose_name = "정산"

    def ready(self) -> None:
        from settlements import handlers, invariants  # noqa: F401  registers itself
        from settlements.console import registration  # noqa: F401  registers itself
        from settlements.services import manual_files, simulations, uploads  # noqa: F401  register

        handlers.announce_facts()
