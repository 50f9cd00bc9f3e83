"""직접 지급: the money was paid by hand; we write down that it was (contract.md c.6, h.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from core import clock
from core.companies.access import rows
from core.companies.identifiers import graphql_id
from core.companies.models import Workspace
from core.errors import Conflict, DomainError, InvalidRequest
from core.events.actors import Actor
from core.events.transitions import transition, transition_all
from core.ledger.services import post_many
from payouts.errors import (
    BulkPayoutIdAlreadyExists,
    DuplicatedPartnerSettlementIds,
    NegativePayoutAmountPartners,
    NonPayablePartnerSettlements,
    NoSelectedPartnerSettlements,
)
from payouts.models import BulkPayout, BulkPayoutStatus, Payout, PayoutMethod, PayoutStatus
from payouts.queries.plan import plan
from payouts.queries.selecting import currencies_of, locked_bulk_payouts
from payouts.services.books import direct_draft
from payouts.services.claims import failed_claims, locked_ids, named, settlement_ids_of
from payouts.services.generation import generate_payouts
from payouts.services.selection import open_bulk_payout, select_settlements
from settlements.models import PartnerSettlement, SettlementStatus
from settlements.queries import PAYABLE, SETTLEMENT_NODE, SettlementFilter, find_settlements
from settlements.services import follow_payout


@dataclass(frozen=True)
class Completed:
    bulk_payout: BulkPayout
    payout_count: int
    settlement_count: int


@transaction.atomic
def complete_payout(
    *,
    workspace: Workspace,
    settlement_ids: Sequence[str],
    bulk_payout_id: str,
    actor: Actor,
    name: str = "",
    completed_on: date | None = None,
) -> Completed:
    """Record that these settlements were paid by hand, one payout per partner and currency.

    Public ids; all or none. Refusals in this order (contract.md c.6): NoSelected…,
    Duplicated…Ids, PartnerSettlementsNotFound, BulkPayoutIdAlreadyExists, NonPayable…,
    NegativePayoutAmountPartners. A repeated call hears that its id is taken, not that its
    settlements are paid: by itself.
    """
    settlements = _named(workspace, settlement_ids)
    if rows(BulkPayout, workspace).filter(public_id=bulk_payout_id).exists():
        raise BulkPayoutIdAlreadyExists()
    _refuse_stuck(settlements)
    bulk_payout = open_bulk_payout(
        workspace=workspace,
        actor=actor,
        name=name or bulk_payout_id,
        method=PayoutMethod.DIRECT,
        currency=_common_currency(settlements),
        wanted=SettlementFilter(),
        public_id=bulk_payout_id,
    )
    selected = select_settlements(
        bulk_payout=bulk_payout, settlements=settlements, actor=actor, with_carried=False
    )
    if selected != len(settlement_ids):
        raise _non_payable(settlement_ids)
    if plan(bulk_payout).negative:
        raise NegativePayoutAmountPartners()
    generation = generate_payouts(bulk_payout=bulk_payout, actor=actor)
    mark_paid(payouts=bulk_payout.payouts.all(), actor=actor, paid_on=completed_on)
    bulk_payout.refresh_from_db()
    return Completed(bulk_payout, generation.payout_count, selected)


def _named(workspace: Workspace, settlement_ids: Sequence[str]) -> QuerySet[PartnerSettlement]:
    if not settlement_ids:
        raise NoSelectedPartnerSettlements()
    if len(set(settlement_ids)) != len(settlement_ids):
        raise DuplicatedPartnerSettlementIds()
    return find_settlements(workspace, settlement_ids)


def _common_currency(settlements: QuerySet[PartnerSettlement]) -> str:
    """Empty when there are several: the contract lets this one bulk payout mix them."""
    found = currencies_of(settlements)
    return found[0] if len(found) == 1 else ""


def _refuse_stuck(settlements: QuerySet[PartnerSettlement]) -> None:
    """They stay locked: nobody withholds one while its caller is told that it is paid.

    The failed payouts that are cancelled for them come first, as a retry of those takes them.
    """
    locked_ids(failed_claims(settlements), (PayoutStatus.FAILED,))
    held = settlements.select_for_update(of=("self",)).order_by("pk")
    stuck = [each.public_id for each in held if each.status not in PAYABLE]
    if stuck:
        raise _non_payable(stuck)


def _non_payable(ids: Sequence[str]) -> DomainError:
    return NonPayablePartnerSettlements(
        ids=list(ids), graphqlIds=[graphql_id(SETTLEMENT_NODE, each) for each in ids]
    )


@transaction.atomic
def mark_paid(*, payouts: QuerySet[Payout], actor: Actor, paid_on: date | None = None) -> int:
    """These direct payouts were paid (today without a date). All or none; returns how many.

    Raises InvalidRequest for a day to come: nothing would take the fact back.
    """
    day = paid_on or clock.today()
    if day > clock.today():
        raise InvalidRequest("기록하지 않았습니다. 앞으로 올 날은 고를 수 없습니다.")
    bulk_payout, ids = _marked(payouts)
    chosen = Payout.objects.filter(pk__in=ids)
    _move(bulk_payout, chosen, PayoutStatus.SUCCEEDED, actor, paid_at=clock.kst_midnight(day))
    _follow(bulk_payout, chosen, SettlementStatus.PAID_OUT, actor)
    drafts = [direct_draft(payout, day) for payout in chosen.select_related("partner")]
    post_many(workspace=bulk_payout.workspace, drafts=drafts)
    _complete(bulk_payout, actor)
    return len(ids)


@transaction.atomic
def mark_failed(*, payouts: QuerySet[Payout], actor: Actor, reason: str) -> int:
    """These direct payouts were not paid; their settlements become 지급 실패. All or none."""
    bulk_payout, ids = _marked(payouts)
    chosen = Payout.objects.filter(pk__in=ids)
    _follow(bulk_payout, chosen, SettlementStatus.IN_PAYOUT, actor)
    _move(bulk_payout, chosen, PayoutStatus.FAILED, actor, reason=reason, fail_reason=reason[:300])
    _follow(bulk_payout, chosen, SettlementStatus.PAYOUT_FAILED, actor)
    _complete(bulk_payout, actor)
    return len(ids)


def _marked(payouts: QuerySet[Payout]) -> tuple[BulkPayout, list[int]]:
    """The one direct bulk payout these belong to, and them, held."""
    bulk_payouts = locked_bulk_payouts(payouts)
    if len(bulk_payouts) != 1:
        raise Conflict("바꾸지 않았습니다. 한 일괄 지급 안에서 골라 주세요.")
    bulk_payout, wanted = bulk_payouts[0], payouts.count()
    ids = locked_ids(payouts, (PayoutStatus.CONFIRMED,))
    if bulk_payout.method != PayoutMethod.DIRECT or len(ids) != wanted:
        raise Conflict("바꾸지 않았습니다. 직접 지급의 확정 상태만 결과를 적을 수 있습니다.")
    return bulk_payout, ids


def _complete(bulk_payout: BulkPayout, actor: Actor) -> None:
    if not bulk_payout.payouts.filter(status=PayoutStatus.CONFIRMED).exists():
        transition(bulk_payout, BulkPayoutStatus.COMPLETED, actor=actor)


def _move(
    bulk_payout: BulkPayout,
    payouts: QuerySet[Payout],
    to: PayoutStatus,
    actor: Actor,
    **fields: Any,
) -> None:
    transition_all(
        payouts,
        to,
        workspace=bulk_payout.workspace,
        actor=actor,
        object_id=bulk_payout.public_id,
        details=named(payouts),
        **fields,
    )


def _follow(
    bulk_payout: BulkPayout, payouts: QuerySet[Payout], to: SettlementStatus, actor: Actor
) -> None:
    follow_payout(
        workspace=bulk_payout.workspace,
        settlement_ids=settlement_ids_of(payouts),
        to=to,
        actor=actor,
        object_id=bulk_payout.public_id,
    )
