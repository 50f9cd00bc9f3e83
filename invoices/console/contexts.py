"""What one document's page shows, and what may be done with it now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.companies.models import Permission
from core.console.access import ConsoleRequest
from core.console.views.trail import history_of
from core.notifications.links import url_of
from invoices.console.grids import BUSINESS_FACES
from invoices.models import DELETABLE, FAILED, TaxInvoice
from invoices.pages.papers import our_copy
from invoices.paper import paper_content
from invoices.queries.deadlines import UNISSUED
from invoices.services.business import known_status
from invoices.services.letters import letters_of, live_link

SENDABLE = FAILED | {"DRAFTED"}


@dataclass(frozen=True)
class Acts:
    """Which buttons a document has."""

    send: bool
    edit: bool
    resend: bool
    cancel_request: bool
    cancel_issuance: bool
    transmit: bool
    amend: bool
    delete: bool


def acts_of(request: ConsoleRequest, invoice: TaxInvoice) -> Acts:
    may, status = request.member.may(Permission.INVOICE_WRITE), invoice.status
    return Acts(
        send=may and status in SENDABLE - {"DRAFT_FAILED"},
        edit=may and status in SENDABLE,
        resend=may and status == "REQUESTED",
        cancel_request=may and status == "REQUESTED",
        cancel_issuance=may and status == "ISSUED",
        transmit=may and status == "ISSUED",
        amend=may and status == "SENDING_COMPLETED",
        delete=may and status in DELETABLE,
    )


def detail_context(request: ConsoleRequest, invoice: TaxInvoice) -> dict[str, Any]:
    link = live_link(request.workspace, invoice.public_id)
    status = known_status(invoice)
    return {
        "invoice": invoice,
        "paper": paper_content(invoice, our_copy(invoice)),
        "acts": acts_of(request, invoice),
        "send_label": "역발행 요청" if invoice.is_reverse else "발행",
        "other": invoice.supplier if invoice.is_reverse else invoice.recipient,
        "counterparty": invoice.counterparty,
        "business_face": BUSINESS_FACES.get(status),
        "is_inactive": status in {"CLOSED", "SUSPENDED", "NOT_FOUND"},
        "is_unissued": invoice.status in UNISSUED,
        "letters": letters_of(invoice),
        "link": link,
        "link_url": url_of(link) if link and invoice.status == "REQUESTED" else "",
        "amendments": invoice.amendments.filter(deleted_at=None).order_by("pk"),
        "history": history_of(request, "taxinvoice", invoice.public_id),
    }
