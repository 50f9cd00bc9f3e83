"""What listeners outside hear of a tax invoice (contract.md f)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.companies.access import rows
from core.events.models import Event
from core.events.webhooks.services import announce
from invoices.models import TaxInvoice

FACTS: dict[str, str] = {
    "requested": "TaxInvoice.Requested",
    "issued": "TaxInvoice.Issued",
    "request_cancelled": "TaxInvoice.RequestCancelled",
    "issuance_cancelled": "TaxInvoice.IssuanceCancelled",
    "request_refused": "TaxInvoice.Refused",
    "sending_completed": "TaxInvoice.SendingCompleted",
}
"""Last word of our event kind → wire type."""

FIRST_TIME = {
    "TaxInvoice.Requested": {"REQUEST_PENDING"},
    "TaxInvoice.Issued": {"ISSUE_PENDING", "REQUESTED"},
}
"""Where a document comes from when the fact is new; else a step was only taken back."""


def announce_facts() -> None:
    for state, wire_type in FACTS.items():
        announce(f"taxinvoice.{state}", [wire_type], messages_of)


def messages_of(event: Event) -> Iterator[tuple[str, dict[str, Any]]]:
    """One message per document of the event; a step that was taken back is no fact."""
    wire_type = FACTS[event.kind.rpartition(".")[2]]
    if _came_from(event) not in FIRST_TIME.get(wire_type, {_came_from(event)}):
        return
    ids = event.changes.get("ids") or [event.object_id]
    status = event.kind.rpartition(".")[2].upper()
    for invoice in rows(TaxInvoice, event.workspace).filter(public_id__in=ids).order_by("pk"):
        yield wire_type, data_of(invoice, status)


def _came_from(event: Event) -> str:
    status = event.changes.get("status")
    came_from = status[0] if isinstance(status, list) else event.changes.get("from", "")
    return str(came_from)


def data_of(invoice: TaxInvoice, status: str) -> dict[str, Any]:
    return {
        "taxInvoiceId": invoice.public_id,
        "supplierDocumentKey": invoice.supplier_document_key,
        "recipientDocumentKey": invoice.recipient_document_key,
        "status": status,
        "supplierBrn": invoice.supplier_brn,
        "totalAmount": invoice.total_amount,
        "totalSupplyAmount": invoice.total_supply_amount,
        "totalTaxAmount": invoice.total_tax_amount,
    }
