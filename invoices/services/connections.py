"""Partners join the provider: a partner and its counterparty move together (contract.md c.1)."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from core import clock
from core.companies.identifiers import new_id
from core.companies.models import Workspace
from core.errors import DomainError
from core.events.actors import Actor
from core.jobs.models import Job, JobFailure
from core.jobs.services import Run, job_kind, start_job
from core.sweeping import going_on
from invoices.errors import (
    ArchivedPartnerNotAllowed,
    CounterpartyConnectionFailed,
    PartnerHasOngoingInvoice,
    PartnerIsSimple,
    PartnerNotBusiness,
    PartnerNotConnectable,
    PartnerNotConnected,
    PartnerScheduleExists,
)
from invoices.models import Counterparty
from invoices.queries.counterparties import has_ongoing_invoice
from invoices.services.counterparties import finish_connecting, unfinished_connections
from invoices.services.parties import party_of_partner
from partners.errors import CounterpartyOngoingTaxInvoiceExists
from partners.models import ConnectionStatus, Partner, PartnerType
from partners.services import set_connection_status

log = logging.getLogger(__name__)

CONNECTABLE = (ConnectionStatus.NOT_CONNECTED, ConnectionStatus.CONNECT_FAILED)
CONNECT, DISCONNECT = "invoices.connect_partners", "invoices.disconnect_partners"


def connect_partner(*, partner: Partner, actor: Actor) -> Partner:
    """Register a business partner with the provider.

    Raises the PLATFORM_* refusals of contract.md c.1. A refusal by the provider leaves
    CONNECT_FAILED with its reason, no answer leaves CONNECT_PENDING; neither raises.
    """
    check_connectable(partner)
    with transaction.atomic(durable=True):
        set_connection_status(partner=partner, to=ConnectionStatus.CONNECT_PENDING, actor=actor)
        counterparty = _counterparty_of(partner)
    _finish(counterparty, actor)
    partner.refresh_from_db()
    return partner


def check_connectable(partner: Partner) -> None:
    if partner.type != PartnerType.BUSINESS:
        raise PartnerNotBusiness()
    if partner.taxation_type == "SIMPLE":
        raise PartnerIsSimple()
    if partner.is_archived:
        raise ArchivedPartnerNotAllowed()
    if partner.versions.filter(status="SCHEDULED").exists():
        raise PartnerScheduleExists()
    if partner.connection_status not in CONNECTABLE:
        raise PartnerNotConnectable()


def _counterparty_of(partner: Partner) -> Counterparty:
    """The partner's counterparty: made at the first connection, revived at the next."""
    party = party_of_partner(partner)
    contact = party.contact
    facts: dict[str, Any] = {
        "business_registration_number": party.brn,
        "company_name": party.name,
        "representative_name": party.representative_name,
        "address": party.address,
        "business_type": party.business_type,
        "business_class": party.business_class,
        "contact": {"name": contact.name, "email": contact.email} if contact else {},
        "business_status": _known_status(partner),
        "business_status_checked_at": partner.business_status_checked_at,
        "connection": Counterparty.Connection.PENDING_CONNECT,
        "connection_failed_reason": "",
        "is_deleted": False,
    }
    row, _ = Counterparty.objects.update_or_create(
        workspace=partner.workspace,
        partner=partner,
        defaults=facts,
        create_defaults={"public_id": new_id("cp"), **facts},
    )
    return row


def _known_status(partner: Partner) -> str:
    names = Counterparty.BusinessStatus
    return partner.business_status if partner.business_status in names else names.UNKNOWN


def _finish(counterparty: Counterparty, actor: Actor) -> None:
    """Ask the provider and carry its answer to the partner."""
    try:
        finish_connecting(counterparty, actor)
    except CounterpartyConnectionFailed:
        to, reason = ConnectionStatus.CONNECT_FAILED, counterparty.connection_failed_reason
    except Exception:
        log.exception("connecting %s: no answer; the sweeper asks again", counterparty.public_id)
        return
    else:
        to, reason = ConnectionStatus.CONNECTED, ""
    if counterparty.partner is not None:
        set_connection_status(partner=counterparty.partner, to=to, actor=actor, reason=reason)


def finish_connections(actor: Actor) -> int:
    """Repeat the calls nobody finished. Returns how many were tried."""
    waiting = unfinished_connections()
    for counterparty in waiting:
        with going_on("connecting", counterparty.public_id):
            _finish(counterparty, actor)
    return len(waiting)


@transaction.atomic
def disconnect_partner(*, partner: Partner, actor: Actor) -> Partner:
    """End the connection and hide the counterparty; issued documents stay."""
    if partner.type != PartnerType.BUSINESS:
        raise PartnerNotBusiness()
    if partner.is_archived:
        raise ArchivedPartnerNotAllowed()
    if partner.connection_status != ConnectionStatus.CONNECTED:
        raise PartnerNotConnected()
    counterparty = Counterparty.objects.select_for_update().get(partner=partner)
    if has_ongoing_invoice(counterparty):
        raise PartnerHasOngoingInvoice()
    for to in (ConnectionStatus.DISCONNECT_PENDING, ConnectionStatus.NOT_CONNECTED):
        set_connection_status(partner=partner, to=to, actor=actor)
    Counterparty.objects.filter(pk=counterparty.pk).update(
        connection=Counterparty.Connection.NOT_CONNECTED,
        connected_at=None,
        is_deleted=True,
        updated_at=clock.now(),
    )
    return partner


def forbid_archiving(partner: Partner) -> None:
    """A partner with documents under way is not put away (contract.md c.1)."""
    counterparty = Counterparty.objects.filter(partner=partner, is_deleted=False).first()
    if counterparty is not None and has_ongoing_invoice(counterparty):
        raise CounterpartyOngoingTaxInvoiceExists()


# --- many at once -----------------------------------------------------------------------------


def start_connecting_partners(
    *, workspace: Workspace, actor: Actor, partners: QuerySet[Partner], connects: bool = True
) -> Job:
    """A job over these partners; unsuitable ones become failed rows of it."""
    ids = list(partners.filter(workspace=workspace).order_by("pk").values_list("pk", flat=True))
    word = "연동" if connects else "연동 해제"
    return start_job(
        workspace=workspace,
        actor=actor,
        kind=CONNECT if connects else DISCONNECT,
        title=f"파트너 {len(ids):,}곳 국세청 {word}",
        params={"partners": ids},
    )


@job_kind(CONNECT)
def _connect_all(run: Run) -> dict[str, Any]:
    return _for_each(run, lambda partner: connect_partner(partner=partner, actor=run.actor))


@job_kind(DISCONNECT)
def _disconnect_all(run: Run) -> dict[str, Any]:
    return _for_each(run, lambda partner: disconnect_partner(partner=partner, actor=run.actor))


def _for_each(run: Run, act: Any) -> dict[str, Any]:
    ids: list[int] = run.params["partners"]
    start, failed = run.cursor.get("next", 0), run.cursor.get("failed", 0)
    for index, partner_id in enumerate(ids[start:], start=start):
        run.progress(
            done=index, failed=failed, total=len(ids), cursor={"next": index, "failed": failed}
        )
        partner = Partner.objects.select_related("workspace__company").get(pk=partner_id)
        try:
            act(partner)
        except DomainError as error:
            failed += 1
            run.reject([_failure(run, index, partner, error)])
    run.progress(done=len(ids), failed=failed, total=len(ids), stage="끝")
    return {"succeeded": len(ids) - failed, "failed": failed}


def _failure(run: Run, index: int, partner: Partner, error: DomainError) -> JobFailure:
    return JobFailure(
        job=run.job,
        row_number=index + 1,
        code=error.type,
        message=error.message,
        raw={"partner": partner.public_id},
    )
