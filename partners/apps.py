from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = "파트너"

    def ready(self) -> None:
        from partners import handlers, invariants, jobs  # noqa: F401  register themselves
        from partners.console import registration  # noqa: F401  registers itself

        handlers.announce_facts()
