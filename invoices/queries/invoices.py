"""Finding tax invoices: by id, by document key, and everything a page or the API lists."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from core.companies.access import rows
from core.companies.models import Workspace
from invoices.errors import TaxInvoiceNotFound
from invoices.models import Counterparty, TaxInvoice

RELATED = (
    "workspace__company",
    "original",
    "bulk",
    "supplier_counterparty__partner",
    "recipient_counterparty__partner",
)
OWN_FIELDS = [field.attname for field in TaxInvoice._meta.concrete_fields if not field.is_relation]


def invoices(workspace: Workspace) -> QuerySet[TaxInvoice]:
    return rows(TaxInvoice, workspace).filter(deleted_at=None).select_related(*RELATED)


def find_invoice(
    workspace: Workspace, key: str, *, key_type: str = "TAX_INVOICE_ID", brn: str = ""
) -> TaxInvoice:
    """By our id, or by the document key of one side and its number (contract.md c.10).

    Raises TaxInvoiceNotFound, also for a deleted document.
    """
    by_key = {
        "SUPPLIER": {"supplier_document_key": key, "supplier_brn": brn},
        "RECIPIENT": {"recipient_document_key": key, "recipient_brn": brn},
        "TAX_INVOICE_ID": {"public_id": key},
    }
    row = invoices(workspace).filter(**by_key[key_type]).first()
    if row is None:
        raise TaxInvoiceNotFound()
    return row


def invoices_of(counterparty: Counterparty) -> QuerySet[TaxInvoice]:
    """Documents exchanged with one counterparty, newest first."""
    sides = Q(supplier_counterparty=counterparty) | Q(recipient_counterparty=counterparty)
    return invoices(counterparty.workspace).filter(sides).order_by("-write_date", "-pk")


def reload(invoice: TaxInvoice) -> TaxInvoice:
    """The row as it is now, with everything a service needs of its neighbours."""
    return TaxInvoice.objects.select_related(*RELATED).get(pk=invoice.pk)


def refresh(invoice: TaxInvoice) -> TaxInvoice:
    """Bring the row itself up to date; its neighbours stay as they were loaded.

    For the phases of one verb: reading nine tables after each was most of what a verb cost.
    """
    invoice.refresh_from_db(fields=OWN_FIELDS)
    return invoice


def mates_of(invoice: TaxInvoice) -> QuerySet[TaxInvoice]:
    """The other documents of an amendment that is due as a pair, deleted ones too."""
    if not invoice.amendment_group:
        return TaxInvoice.objects.none()
    group = rows(TaxInvoice, invoice.workspace).filter(amendment_group=invoice.amendment_group)
    return group.exclude(pk=invoice.pk)


def root_of(invoice: TaxInvoice) -> TaxInvoice:
    """The first document of a chain of amendments."""
    root = invoice
    while root.original is not None:
        root = root.original
    return root
