"""The supplier's answer through a mailed link: no login, the registration number typed in."""

from __future__ import annotations

import hmac

from core import clock
from core.business_number import normalised
from core.companies.access import rows
from core.events.actors import Actor
from core.notifications import links
from core.notifications.links import LinkState
from core.notifications.models import AccessLink
from invoices.errors import (
    LinkExpired,
    LinkReplaced,
    SupplierBrnMismatch,
    TaxInvoiceNotFound,
)
from invoices.models import TaxInvoice
from invoices.services.actions import cancel_issuance, issue_invoice, refuse_request
from invoices.services.letters import APPROVAL


def approve_by_link(token: str, brn: str) -> TaxInvoice:
    """Issue the requested document in the supplier's name.

    Raises TaxInvoiceNotFound, LinkExpired, LinkReplaced, SupplierBrnMismatch, NotRequested,
    CertificateUnregistered, ExternalService.
    """
    invoice, supplier = _entitled(token, brn)
    return issue_invoice(invoice=invoice, actor=supplier)


def refuse_by_link(token: str, brn: str, reason: str) -> TaxInvoice:
    """Refuse for good; the platform has to write a new document."""
    invoice, supplier = _entitled(token, brn)
    return refuse_request(invoice=invoice, actor=supplier, reason=reason)


def cancel_by_link(token: str, brn: str, reason: str) -> TaxInvoice:
    """Take an approval back while it has not been transmitted."""
    invoice, supplier = _entitled(token, brn)
    return cancel_issuance(invoice=invoice, actor=supplier, reason=reason)


def _entitled(token: str, brn: str) -> tuple[TaxInvoice, Actor]:
    link = links.find_link(token)
    if link is None or link.purpose != APPROVAL:
        raise TaxInvoiceNotFound("처리되지 않았습니다. 없는 링크입니다.")
    state = links.state_of(link)
    if state is not LinkState.LIVE:
        raise LinkExpired() if state is LinkState.EXPIRED else LinkReplaced()
    invoice = invoice_of(link)
    if not hmac.compare_digest(normalised(brn).encode(), invoice.supplier_brn.encode()):
        raise SupplierBrnMismatch()
    return invoice, Actor.counterparty(
        link.public_id, f"{invoice.supplier_name} ({link.recipient})"
    )


def invoice_of(link: AccessLink) -> TaxInvoice:
    """The document a link opens. Raises TaxInvoiceNotFound when it was deleted."""
    known = rows(TaxInvoice, link.workspace).filter(deleted_at=None)
    related = known.select_related("original", "supplier_counterparty__partner")
    invoice = related.filter(public_id=link.object_id).first()
    if invoice is None:
        raise TaxInvoiceNotFound()
    invoice.workspace = link.workspace  # with its company, both known already
    return invoice


def note_opened(link: AccessLink) -> None:
    """Someone (or a scanner) opened the mail's link: the only trace a GET leaves."""
    links.note_opened(link)
    rows(TaxInvoice, link.workspace).filter(public_id=link.object_id, opened_at=None).update(
        opened_at=clock.now()
    )
