"""Is the other side in business? Asked before a document leaves; never with a transaction open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.companies.access import rows
from core.companies.models import Workspace
from core.events.actors import Actor
from core.events.services import record
from core.words import said
from invoices.errors import (
    BusinessInactive,
    ExternalService,
    VerificationBrnMismatch,
    VerificationInvalid,
    VerificationNotFound,
    VerificationTypeMismatch,
)
from invoices.models import Counterparty, TaxInvoice
from invoices.services.counterparties import (
    CounterpartyFacts,
    create_counterparty,
    update_counterparty,
)
from partners.errors import ExternalApiFailed, ExternalApiTemporarilyFailed
from partners.models import AccountVerification, CompanyVerification, Partner
from partners.providers import business_registry
from partners.providers.base import BusinessQuery, LookUpFailed
from partners.services import look_up_companies, refresh_business_status

INACTIVE = {"CLOSED": "폐업", "SUSPENDED": "휴업", "NOT_FOUND": "미등록"}
FRESH_FOR = timedelta(hours=24)
"""The tax office refreshes its data daily."""

Status = Counterparty.BusinessStatus


def check_active(invoice: TaxInvoice, actor: Actor, *, accepts_inactive: bool) -> None:
    """Refuse a closed, suspended or unregistered other side unless a person accepted it.

    Silence of the registry does not block: only what it said does. Raises BusinessInactive.
    """
    status = _asked_status(invoice, actor)
    if status in INACTIVE and not accepts_inactive:
        told = _("발행되지 않았습니다. 상대방이 %(status)s 상태입니다. 확인해 주세요.")
        raise BusinessInactive(told % {"status": said(INACTIVE[status])})


def _asked_status(invoice: TaxInvoice, actor: Actor) -> str:
    counterparty = invoice.counterparty
    if counterparty is None:
        number = other_number(invoice)
        return _registry_statuses(invoice.workspace, [number]).get(number, Status.UNKNOWN)
    if counterparty.partner is not None:
        refresh_business_status(partners=[counterparty.partner], actor=actor)
        return counterparty.partner.business_status
    refresh_counterparties([counterparty], actor)
    return counterparty.business_status


def ask_about(invoices: Sequence[TaxInvoice], actor: Actor) -> dict[str, str]:
    """Ask about the other sides of many documents at once, those whose status is old.

    Returns the status by number of those that are no counterparty: nothing remembers theirs.
    """
    sides = [side for invoice in invoices if (side := invoice.counterparty)]
    partners: dict[int, Partner] = {side.partner.pk: side.partner for side in sides if side.partner}
    refresh_business_status(partners=list(partners.values()), actor=actor)
    refresh_counterparties(list({side.pk: side for side in sides}.values()), actor)
    strangers = {other_number(invoice) for invoice in invoices if invoice.counterparty is None}
    if not strangers - {""}:
        return {}
    return _registry_statuses(invoices[0].workspace, sorted(strangers - {""}))


def other_number(invoice: TaxInvoice) -> str:
    """Registration number of the side that is not us."""
    return invoice.supplier_brn if invoice.is_reverse else invoice.recipient_brn


def known_status(invoice: TaxInvoice, asked: Mapping[str, str] = MappingProxyType({})) -> str:
    """What we last heard about the other side; `asked` knows those that are no counterparty."""
    counterparty = invoice.counterparty
    if counterparty is None:
        return asked.get(other_number(invoice), Status.UNKNOWN)
    if counterparty.partner is not None:
        return counterparty.partner.business_status
    return counterparty.business_status


def refresh_counterparties(
    counterparties: Sequence[Counterparty], actor: Actor, max_age: timedelta = FRESH_FOR
) -> int:
    """Ask again about our own counterparties whose status is older; returns how many changed."""
    since = clock.now() - max_age
    stale = [row for row in counterparties if _is_stale(row, since) and row.partner is None]
    if not stale:
        return 0
    numbers = [row.business_registration_number for row in stale]
    found = _registry_statuses(stale[0].workspace, numbers)
    with transaction.atomic():
        return sum(
            _write(row, found.get(row.business_registration_number, ""), actor) for row in stale
        )


def _is_stale(row: Counterparty, since: datetime) -> bool:
    return row.business_status_checked_at is None or row.business_status_checked_at < since


def _write(row: Counterparty, status: str, actor: Actor) -> bool:
    """A failed look-up never takes a known status away."""
    before = row.business_status
    if status not in Status.values:
        status = Status.CHECK_FAILED if before in {Status.UNKNOWN, Status.CHECK_PENDING} else before
    row.business_status, row.business_status_checked_at = status, clock.now()
    row.save(update_fields=["business_status", "business_status_checked_at", "updated_at"])
    if before == status:
        return False
    record(
        "counterparty.checked",
        workspace=row.workspace,
        object_type="counterparty",
        object_id=row.public_id,
        actor=actor,
        changes={"business_status": [before, status]},
    )
    return True


def _registry_statuses(workspace: Workspace, numbers: Sequence[str]) -> dict[str, str]:
    """Status by number; empty when the registry does not answer."""
    registry = business_registry(workspace)
    found: dict[str, str] = {}
    for start in range(0, len(numbers), registry.batch_size):
        some = [BusinessQuery(number) for number in numbers[start : start + registry.batch_size]]
        try:
            facts = registry.statuses(some)
        except LookUpFailed:
            continue
        found |= {number: fact.status for number, fact in facts.items()}
    return found


# --- what writing a counterparty may ask for (contract.md c.9) ---------------------------------


@dataclass(frozen=True)
class LookUp:
    asks_info: bool = False
    asks_status: bool = False
    info_verification_id: str = ""
    status_verification_id: str = ""


def with_business_info(
    workspace: Workspace, facts: CounterpartyFacts, look_up: LookUp
) -> CounterpartyFacts:
    """What the writer left out, from the directory of businesses; what was given stays.

    Raises ExternalService, VerificationNotFound or VerificationTypeMismatch.
    """
    if look_up.info_verification_id:
        _refuse_verification(workspace, look_up.info_verification_id)
    if not look_up.asks_info or not facts.brn:
        return facts
    try:
        [answer] = look_up_companies(workspace=workspace, numbers=[facts.brn])
    except (ExternalApiFailed, ExternalApiTemporarilyFailed) as error:
        raise ExternalService(
            "저장되지 않았습니다. 사업자 정보를 조회하지 못했습니다. 잠시 뒤 다시 시도해 주세요."
        ) from error
    info = answer.info
    if info is None:
        return facts
    known: dict[str, Any] = {
        "name": info.name,
        "representative_name": info.representative_name,
        "address": info.address,
        "business_type": info.business_type,
        "business_class": info.business_class,
    }
    return replace(facts, **{k: v for k, v in known.items() if v and not getattr(facts, k)})


def create_checked_counterparty(
    *,
    workspace: Workspace,
    actor: Actor,
    facts: CounterpartyFacts,
    look_up: LookUp,
    public_id: str = "",
) -> Counterparty:
    """`create_counterparty` with what the look-ups know; nothing is written when one refuses."""
    facts = with_business_info(workspace, facts, look_up)
    with transaction.atomic():
        row = create_counterparty(
            workspace=workspace, actor=actor, facts=facts, public_id=public_id
        )
        _claim_proof(row, look_up, actor)
    _ask_status(row, look_up, actor)
    return row


def update_checked_counterparty(
    *, counterparty: Counterparty, actor: Actor, facts: CounterpartyFacts, look_up: LookUp
) -> Counterparty:
    facts = with_business_info(counterparty.workspace, facts, look_up)
    with transaction.atomic():
        row = update_counterparty(counterparty=counterparty, actor=actor, facts=facts)
        _claim_proof(row, look_up, actor)
    _ask_status(row, look_up, actor)
    return row


def _claim_proof(row: Counterparty, look_up: LookUp, actor: Actor) -> None:
    if look_up.status_verification_id:
        _write(row, _spent(row, look_up.status_verification_id), actor)


def _ask_status(row: Counterparty, look_up: LookUp, actor: Actor) -> None:
    if look_up.asks_status and not look_up.status_verification_id:
        refresh_counterparties([row], actor, max_age=timedelta())


def _spent(row: Counterparty, public_id: str) -> str:
    """The status a verification proves; it can be used once."""
    proofs = rows(CompanyVerification, row.workspace).select_for_update()
    proof = proofs.filter(public_id=public_id).first()
    if proof is None:
        _refuse_verification(row.workspace, public_id)
    assert proof is not None
    if proof.used_at is not None:
        raise VerificationInvalid()
    if proof.business_registration_number != row.business_registration_number:
        raise VerificationBrnMismatch()
    CompanyVerification.objects.filter(pk=proof.pk).update(used_at=clock.now())
    return proof.business_status


def _refuse_verification(workspace: Workspace, public_id: str) -> None:
    for kind in (CompanyVerification, AccountVerification):
        if rows(kind, workspace).filter(public_id=public_id).exists():
            raise VerificationTypeMismatch()
    raise VerificationNotFound()
