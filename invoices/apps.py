from django.apps import AppConfig


class InvoicesConfig(AppConfig):
    name = "invoices"
    verbose_name = "세금계산서"

    def ready(self) -> None:
        from invoices import handlers, invariants, jobs, services  # noqa: F401  register themselves
        from invoices.console import registration  # noqa: F401
        from invoices.pages.views import register_pages
        from invoices.services.connections import forbid_archiving
        from partners.services import ARCHIVE_GUARDS

        handlers.announce_facts()
        register_pages()
        ARCHIVE_GUARDS.append(forbid_archiving)
