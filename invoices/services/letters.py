"""Mails to the other side: asking to approve, telling of an issue. Written with the state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string

from core import clock
from core.business_number import formatted
from core.companies.models import Workspace
from core.console.brand import palette
from core.events.actors import Actor
from core.events.services import record
from core.notifications import links
from core.notifications.links import Target
from core.notifications.models import AccessLink, Message
from core.notifications.services import Letter, prepare_many
from core.words import korean
from invoices.errors import InvalidDocument, NotRequested
from invoices.models import ISSUED_STATES, TaxInvoice

APPROVAL = "invoice.approval"
VIEW = "invoice.view"
OBJECT_TYPE = "taxinvoice"


def address_of(invoice: TaxInvoice) -> str:
    """The other side's contact e-mail, as the document has it."""
    party = invoice.supplier if invoice.is_reverse else invoice.recipient
    email: str = party.get("contact", {}).get("email", "")
    return email


def send_approval_letters(invoices: Sequence[TaxInvoice]) -> None:
    """Ask the suppliers; all of one workspace, in the caller's transaction."""
    _send(APPROVAL, "invoices/mail/request", invoices)


def send_issued_letters(invoices: Sequence[TaxInvoice]) -> None:
    """Tell recipients what we issued (정발행); a supplier who signed knows already."""
    _send(VIEW, "invoices/mail/issued", [i for i in invoices if not i.is_reverse])


def _send(purpose: str, template: str, invoices: Sequence[TaxInvoice]) -> None:
    reachable = [invoice for invoice in invoices if address_of(invoice)]
    if not reachable:
        return
    workspace = reachable[0].workspace
    targets = [Target(OBJECT_TYPE, i.public_id, address_of(i)) for i in reachable]
    made = links.create_links(workspace=workspace, purpose=purpose, targets=targets)
    pairs = zip(reachable, made, strict=True)
    letters = [_letter(invoice, link, template) for invoice, link in pairs]
    prepare_many(workspace=workspace, letters=letters)


def _letter(invoice: TaxInvoice, link: AccessLink, template: str) -> Letter:
    """Korean, whatever language the sender reads."""
    context = letter_context(invoice, links.mention(link))
    with korean():
        return Letter(
            key=f"{template}:{link.public_id}",
            template=template,
            recipient=link.recipient,
            subject=render_to_string(f"{template}_subject.txt", context).strip(),
            text=render_to_string(f"{template}.txt", context),
            html=render_to_string(f"{template}.html", context),
            object_type=OBJECT_TYPE,
            object_id=invoice.public_id,
        )


def letter_context(invoice: TaxInvoice, url: str) -> dict[str, Any]:
    return {
        "invoice": invoice,
        "company": invoice.workspace.company,
        "colours": palette(invoice.workspace.company.brand_colour),
        "supplier_brn": formatted(invoice.supplier_brn),
        "recipient_brn": formatted(invoice.recipient_brn),
        "item": invoice.items[0].get("name", "") if invoice.items else "",
        "other_items": max(len(invoice.items) - 1, 0),
        "link": url,
        "expires_on": clock.months_later(clock.today(), links.LIFETIME_MONTHS),
    }


@transaction.atomic
def resend_letter(*, invoice: TaxInvoice, actor: Actor, email: str = "") -> AccessLink:
    """Mail again, to a new address when one is given; the earlier link closes (contract h.8).

    Raises NotRequested for a reverse invoice that no longer waits, InvalidDocument without any
    address.
    """
    purpose, template = _purpose_of(TaxInvoice.objects.select_for_update().get(pk=invoice.pk))
    recipient = email or _last_address(invoice, purpose) or address_of(invoice)
    if not recipient:
        raise InvalidDocument("보내지 않았습니다. 받는 이메일 주소가 없습니다.")
    link = links.create_link(
        workspace=invoice.workspace,
        purpose=purpose,
        target=Target(OBJECT_TYPE, invoice.public_id, recipient),
    )
    prepare_many(workspace=invoice.workspace, letters=[_letter(invoice, link, template)])
    record(
        "taxinvoice.mailed",
        workspace=invoice.workspace,
        object_type=OBJECT_TYPE,
        object_id=invoice.public_id,
        actor=actor,
        changes={"recipient": recipient},
    )
    return link


def _purpose_of(invoice: TaxInvoice) -> tuple[str, str]:
    if invoice.status == "REQUESTED":
        return APPROVAL, "invoices/mail/request"
    if invoice.status in ISSUED_STATES and not invoice.is_reverse:
        return VIEW, "invoices/mail/issued"
    raise NotRequested("보내지 않았습니다. 상대방의 처리를 기다리는 문서가 아닙니다.")


def _last_address(invoice: TaxInvoice, purpose: str) -> str:
    link = live_link(invoice.workspace, invoice.public_id, purpose)
    return link.recipient if link else ""


def live_link(workspace: Workspace, public_id: str, purpose: str = APPROVAL) -> AccessLink | None:
    return links.live_link(
        workspace=workspace, purpose=purpose, object_type=OBJECT_TYPE, object_id=public_id
    )


def letters_of(invoice: TaxInvoice) -> list[Message]:
    """What was mailed about a document, newest first."""
    return list(
        Message.objects.filter(
            workspace=invoice.workspace, object_type=OBJECT_TYPE, object_id=invoice.public_id
        ).order_by("-pk")
    )
