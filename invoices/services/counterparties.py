"""Counterparties (거래처): write them, connect them to the provider (contract.md c.9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import clock
from core.business_number import is_valid
from core.companies.access import rows
from core.companies.identifiers import new_id
from core.companies.models import Workspace
from core.errors import LostRace
from core.events.actors import Actor
from core.events.services import record
from core.words import said
from invoices.documents import Party
from invoices.errors import (
    CounterpartyBrnFixed,
    CounterpartyBrnInvalid,
    CounterpartyConnectionFailed,
    CounterpartyFieldsMissing,
    CounterpartyHasOngoingInvoice,
    CounterpartyIdExists,
    CounterpartyIdExistsByPartner,
    CounterpartyIsOurselves,
    CounterpartyOfPartnerNotConnectable,
    CounterpartyOfPartnerNotDeletable,
    CounterpartyOfPartnerNotUpdatable,
    CounterpartyTooManyContacts,
)
from invoices.models import Counterparty
from invoices.providers import provider_for
from invoices.providers.base import MemberFacts, Rejected
from invoices.queries.counterparties import has_ongoing_invoice
from invoices.rules import MAX_CONTACTS
from invoices.services.parties import party_of_counterparty

Connection = Counterparty.Connection
CONNECTABLE = (Connection.NOT_CONNECTED, Connection.ERROR)
CALL_TAKES = timedelta(minutes=1)


@dataclass(frozen=True)
class CounterpartyFacts:
    """None: leave as it is. Contacts are {name, email, phoneNumber?, memo?}."""

    brn: str | None = None
    name: str | None = None
    representative_name: str | None = None
    address: str | None = None
    business_type: str | None = None
    business_class: str | None = None
    contact: Mapping[str, str] | None = None
    additional_contacts: Sequence[Mapping[str, str]] | None = None
    memo: str | None = None

    def columns(self) -> dict[str, Any]:
        pairs = {
            "business_registration_number": self.brn,
            "company_name": self.name,
            "representative_name": self.representative_name,
            "address": self.address,
            "business_type": self.business_type,
            "business_class": self.business_class,
            "contact": self.contact,
            "additional_contacts": self.additional_contacts,
            "memo": self.memo,
        }
        return {name: value for name, value in pairs.items() if value is not None}


@transaction.atomic
def create_counterparty(
    *, workspace: Workspace, actor: Actor, facts: CounterpartyFacts, public_id: str = ""
) -> Counterparty:
    """A counterparty of our own. Raises the B2B_COUNTERPARTY_* errors of contract.md c.9."""
    brn = facts.brn or ""
    if not is_valid(brn):
        raise CounterpartyBrnInvalid()
    if brn == workspace.company.business_registration_number:
        raise CounterpartyIsOurselves()
    row = Counterparty(workspace=workspace, public_id=public_id or new_id("cp"), **facts.columns())
    _check_fields(row)
    _check_id_is_free(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise CounterpartyIdExists() from error
    _record(row, "counterparty.created", actor)
    return row


def _check_id_is_free(row: Counterparty) -> None:
    """Deleted ids stay taken: old documents still name them."""
    known = rows(Counterparty, row.workspace).filter(public_id=row.public_id).first()
    if known is not None:
        raise CounterpartyIdExistsByPartner() if known.partner_id else CounterpartyIdExists()


def _check_fields(row: Counterparty) -> None:
    contact = row.contact
    if not (row.representative_name and contact.get("name") and contact.get("email")):
        raise CounterpartyFieldsMissing()
    if len(row.additional_contacts) > MAX_CONTACTS:
        raise CounterpartyTooManyContacts()


@transaction.atomic
def update_counterparty(
    *, counterparty: Counterparty, actor: Actor, facts: CounterpartyFacts
) -> Counterparty:
    """Change the given facts; past documents keep what they say."""
    row = Counterparty.objects.select_for_update().get(pk=counterparty.pk)
    if row.partner_id:
        raise CounterpartyOfPartnerNotUpdatable()
    if facts.brn is not None and facts.brn != row.business_registration_number:
        raise CounterpartyBrnFixed()
    columns = facts.columns()
    before = {name: getattr(row, name) for name in columns}
    for name, value in columns.items():
        setattr(row, name, value)
    _check_fields(row)
    row.save()
    changes = {n: [before[n], v] for n, v in columns.items() if before[n] != v}
    _record(row, "counterparty.updated", actor, changes)
    return row


@transaction.atomic
def delete_counterparty(*, counterparty: Counterparty, actor: Actor) -> None:
    """Hide it; its documents keep pointing to it. Refused while one of them is under way."""
    row = Counterparty.objects.select_for_update().get(pk=counterparty.pk)
    if row.partner_id:
        raise CounterpartyOfPartnerNotDeletable()
    if has_ongoing_invoice(row):
        raise CounterpartyHasOngoingInvoice()
    row.is_deleted = True
    row.save(update_fields=["is_deleted", "updated_at"])
    _record(row, "counterparty.deleted", actor)


def counterparty_for_recipient(
    workspace: Workspace, actor: Actor, recipient: Party
) -> Counterparty:
    """The known counterparty of a recipient, or a new one from what the document says."""
    known = rows(Counterparty, workspace).filter(
        business_registration_number=recipient.brn, is_deleted=False
    )
    first = known.order_by("pk").first()
    if first is not None:
        return first
    contact = recipient.contact
    facts = CounterpartyFacts(
        brn=recipient.brn,
        name=recipient.name,
        representative_name=recipient.representative_name,
        address=recipient.address,
        business_type=recipient.business_type,
        business_class=recipient.business_class,
        contact={"name": (contact and contact.name) or "담당자", "email": contact.email}
        if contact
        else {},
    )
    return create_counterparty(workspace=workspace, actor=actor, facts=facts)


# --- connection to the provider ---------------------------------------------------------------


def connect_counterparty(*, counterparty: Counterparty, actor: Actor) -> Counterparty:
    """Register a counterparty of our own with the provider (국세청 연동).

    Raises CounterpartyOfPartnerNotConnectable, CounterpartyConnectionFailed. Without an answer
    it stays PENDING_CONNECT and `finish_connections` asks again: registering twice is harmless.
    """
    if counterparty.partner_id:
        raise CounterpartyOfPartnerNotConnectable()
    start_connecting(counterparty, actor)
    return finish_connecting(counterparty, actor)


def start_connecting(counterparty: Counterparty, actor: Actor) -> None:
    with transaction.atomic(durable=True):
        move_connection(counterparty, CONNECTABLE, Connection.PENDING_CONNECT, actor)


def finish_connecting(counterparty: Counterparty, actor: Actor) -> Counterparty:
    """Call the provider and record; safe to repeat."""
    provider = provider_for(counterparty.workspace)
    party = party_of_counterparty(counterparty)
    contact = party.contact
    member = MemberFacts(party, contact.name if contact else "", contact.email if contact else "")
    try:
        provider.register(member)
    except Rejected as rejection:
        with transaction.atomic():
            move_connection(
                counterparty,
                (Connection.PENDING_CONNECT,),
                Connection.ERROR,
                actor,
                connection_failed_reason=rejection.text[:300],
            )
        told = _("연동되지 않았습니다. %(answer)s") % {"answer": said(rejection.text)}
        raise CounterpartyConnectionFailed(told) from rejection
    with transaction.atomic():
        move_connection(
            counterparty,
            (Connection.PENDING_CONNECT,),
            Connection.CONNECTED,
            actor,
            connected_at=clock.now(),
            connection_failed_reason="",
        )
    return counterparty


@transaction.atomic
def disconnect_counterparty(*, counterparty: Counterparty, actor: Actor) -> Counterparty:
    if has_ongoing_invoice(counterparty):
        raise CounterpartyHasOngoingInvoice()
    move_connection(
        counterparty, (Connection.CONNECTED,), Connection.NOT_CONNECTED, actor, connected_at=None
    )
    return counterparty


def move_connection(
    row: Counterparty, came_from: Sequence[str], to: str, actor: Actor, **fields: Any
) -> None:
    """Change the connection if it still is where we think; raises LostRace."""
    before = row.connection
    moved = Counterparty.objects.filter(pk=row.pk, connection__in=came_from).update(
        connection=to, updated_at=clock.now(), **fields
    )
    if not moved:
        raise LostRace("연동 상태가 그사이 바뀌었습니다. 새로 고친 뒤 확인해 주세요.")
    row.refresh_from_db()
    _record(row, f"counterparty.{to.lower()}", actor, {"connection": [before, to]})


def unfinished_connections() -> list[Counterparty]:
    """Those whose provider call may have died."""
    return list(
        Counterparty.objects.select_related("workspace__company", "partner").filter(
            connection=Connection.PENDING_CONNECT, updated_at__lt=clock.now() - CALL_TAKES
        )[:100]
    )


def _record(
    row: Counterparty, kind: str, actor: Actor, changes: dict[str, Any] | None = None
) -> None:
    record(
        kind,
        workspace=row.workspace,
        object_type="counterparty",
        object_id=row.public_id,
        actor=actor,
        changes=changes or {},
    )
