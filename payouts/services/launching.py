"""Start, schedule, recall and stop an approved bulk payout (contract.md h.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from core import clock
from core.companies.models import Workspace
from core.errors import Conflict, LostRace
from core.events.actors import Actor
from core.events.services import record
from core.events.transitions import transition, transition_all
from core.sweeping import going_on
from payouts.models import (
    AccountTransfer,
    AccountTransferStatus,
    BulkPayout,
    BulkPayoutStatus,
    Payout,
    PayoutStatus,
)
from payouts.queries.content import content_hash
from payouts.queries.funds import available_balance
from payouts.queries.selecting import locked_bulk_payout
from payouts.services.attempts import create_attempts
from payouts.services.claims import named, settlement_ids_of
from payouts.services.progress import roll_up
from settlements.models import SettlementStatus
from settlements.services import follow_payout

SYSTEM = Actor.system("지급")


@transaction.atomic
def start_bulk_payout(*, bulk_payout: BulkPayout, actor: Actor) -> BulkPayout:
    """Hand an approved bulk payout to the engine; payouts of 0 won succeed here.

    Callers have checked the approval. Raises LostRace when another worker started it.
    """
    bulk_payout = locked_bulk_payout(bulk_payout)
    if bulk_payout.status != BulkPayoutStatus.PREPARED:
        raise LostRace()
    waiting = payouts_in(bulk_payout, PayoutStatus.CONFIRMED, PayoutStatus.SCHEDULED)
    ids = list(waiting.values_list("pk", flat=True))
    transition(bulk_payout, BulkPayoutStatus.ONGOING, actor=actor, scheduled_at=None)
    _prepare_attempts(bulk_payout, ids, actor)
    _move(bulk_payout, Payout.objects.filter(pk__in=ids), PayoutStatus.PREPARED, actor)
    _follow(bulk_payout, ids, SettlementStatus.IN_PAYOUT, actor)
    _finish_empty(bulk_payout, ids, actor)
    roll_up(bulk_payout=bulk_payout, actor=actor)
    return bulk_payout


def payouts_in(bulk_payout: BulkPayout, *statuses: str) -> QuerySet[Payout]:
    return Payout.objects.filter(bulk_payout=bulk_payout, status__in=statuses)


def _prepare_attempts(bulk_payout: BulkPayout, payout_ids: list[int], actor: Actor) -> None:
    assert bulk_payout.funding_account is not None
    scheduled = AccountTransfer.objects.filter(
        payout__in=payout_ids, status=AccountTransferStatus.SCHEDULED
    )
    if scheduled.exists():
        _move(bulk_payout, scheduled, AccountTransferStatus.PREPARED, actor)
    else:
        create_attempts(payout_ids, bulk_payout.funding_account)


def _finish_empty(bulk_payout: BulkPayout, payout_ids: list[int], actor: Actor) -> None:
    """Nothing to send is nothing to fail: a payout of 0 won is done (contract.md d.4)."""
    empty = Payout.objects.filter(pk__in=payout_ids, amount=0)
    ids = list(empty.values_list("pk", flat=True))
    if ids:
        details = named(empty)
        moment = clock.now()
        _move(bulk_payout, empty, PayoutStatus.SUCCEEDED, actor, details=details, paid_at=moment)
        _follow(bulk_payout, ids, SettlementStatus.PAID_OUT, actor)


@transaction.atomic
def schedule_bulk_payout(*, bulk_payout: BulkPayout, moment: datetime, actor: Actor) -> None:
    """Let an approved bulk payout start by itself at a moment; until then it can be recalled."""
    bulk_payout = locked_bulk_payout(bulk_payout)
    assert bulk_payout.funding_account is not None
    ids = list(payouts_in(bulk_payout, PayoutStatus.CONFIRMED).values_list("pk", flat=True))
    create_attempts(
        ids,
        bulk_payout.funding_account,
        status=AccountTransferStatus.SCHEDULED,
        scheduled_at=moment,
    )
    chosen = Payout.objects.filter(pk__in=ids)
    _move(bulk_payout, chosen, PayoutStatus.SCHEDULED, actor, scheduled_at=moment)
    _follow(bulk_payout, ids, SettlementStatus.PAYOUT_SCHEDULED, actor)
    _set_schedule(bulk_payout, moment, actor)


@transaction.atomic
def unschedule_bulk_payout(*, bulk_payout: BulkPayout, actor: Actor, reason: str = "") -> None:
    """예약 취소, and the 30-second recall: back to 확정, to be approved anew.

    Raises Conflict once it has started.
    """
    bulk_payout = locked_bulk_payout(bulk_payout)
    if bulk_payout.status != BulkPayoutStatus.PREPARED or bulk_payout.scheduled_at is None:
        raise Conflict("취소하지 못했습니다. 예약된 상태가 아니거나 이미 이체가 시작되었습니다.")
    ids = list(payouts_in(bulk_payout, PayoutStatus.SCHEDULED).values_list("pk", flat=True))
    attempts = AccountTransfer.objects.filter(
        payout__in=ids, status=AccountTransferStatus.SCHEDULED
    )
    _move(bulk_payout, attempts, AccountTransferStatus.CANCELLED, actor, reason=reason)
    chosen = Payout.objects.filter(pk__in=ids)
    _move(bulk_payout, chosen, PayoutStatus.CONFIRMED, actor, reason=reason, scheduled_at=None)
    _follow(bulk_payout, ids, SettlementStatus.CONFIRMED, actor)
    _set_schedule(bulk_payout, None, actor)


@transaction.atomic
def move_schedule(*, bulk_payout: BulkPayout, moment: datetime, actor: Actor) -> None:
    """Another start for a scheduled bulk payout. Raises Conflict once it has started."""
    bulk_payout = locked_bulk_payout(bulk_payout)
    if bulk_payout.status != BulkPayoutStatus.PREPARED or bulk_payout.scheduled_at is None:
        raise Conflict("예약을 바꾸지 못했습니다. 예약된 상태가 아니거나 이미 시작되었습니다.")
    payouts = payouts_in(bulk_payout, PayoutStatus.SCHEDULED)
    AccountTransfer.objects.filter(
        payout__in=payouts, status=AccountTransferStatus.SCHEDULED
    ).update(scheduled_at=moment)
    payouts.update(scheduled_at=moment)
    _set_schedule(bulk_payout, moment, actor)


def _set_schedule(bulk_payout: BulkPayout, moment: datetime | None, actor: Actor) -> None:
    bulk_payout.scheduled_at = moment
    bulk_payout.save(update_fields=["scheduled_at", "updated_at"])
    record(
        "bulkpayout.scheduled" if moment else "bulkpayout.unscheduled",
        workspace=bulk_payout.workspace,
        object_type="bulkpayout",
        object_id=bulk_payout.public_id,
        actor=actor,
        changes={"scheduled_at": moment.isoformat() if moment else None},
    )


def start_due(now: datetime, *, workspace: Workspace | None = None) -> int:
    """Start every scheduled bulk payout whose time has come. Returns how many."""
    due = BulkPayout.objects.filter(status=BulkPayoutStatus.PREPARED, scheduled_at__lte=now)
    if workspace:
        due = due.filter(workspace=workspace)
    started = 0
    for bulk_payout in due.order_by("scheduled_at"):
        with going_on("starting", bulk_payout.public_id):
            started += _start_scheduled(bulk_payout)
    return started


def _start_scheduled(bulk_payout: BulkPayout) -> int:
    """1 when started here; 0 when another worker did or the money is not there."""
    try:
        reason = _reason_not_to_start(bulk_payout)
        if reason:
            unschedule_bulk_payout(bulk_payout=bulk_payout, actor=SYSTEM, reason=reason)
            return 0
        start_bulk_payout(bulk_payout=bulk_payout, actor=SYSTEM)
    except Conflict:
        return 0
    return 1


def _reason_not_to_start(bulk_payout: BulkPayout) -> str:
    """Between approval and start money may leave, and rows may be tampered with."""
    approved = bulk_payout.approvals.filter(status="APPROVED").order_by("-decided_at").first()
    if approved is None or approved.totals_hash != content_hash(bulk_payout):
        return "시작하지 않음: 승인한 내용과 다름"
    return "시작하지 않음: 지급 계좌 잔액 부족" if missing_balance(bulk_payout) else ""


def missing_balance(bulk_payout: BulkPayout) -> int:
    """Won that the funding account lacks for what is still to be sent; 0 when covered."""
    assert bulk_payout.funding_account is not None
    unsent = payouts_in(bulk_payout, PayoutStatus.CONFIRMED, PayoutStatus.SCHEDULED)
    needed = sum(unsent.values_list("amount", flat=True))
    return max(needed - available_balance(bulk_payout.funding_account), 0)


@transaction.atomic
def stop_bulk_payout(*, bulk_payout: BulkPayout, actor: Actor, reason: str = "") -> int:
    """중단: everything not yet sent stays unsent; what is at the bank finishes. Returns how many.

    A scheduled one is unscheduled instead (contract.md h.4 stop).
    """
    bulk_payout = locked_bulk_payout(bulk_payout)
    if bulk_payout.status != BulkPayoutStatus.ONGOING:
        raise Conflict("중단하지 못했습니다. 이체가 진행 중이 아닙니다.")
    BulkPayout.objects.filter(pk=bulk_payout.pk).update(stop_requested_at=clock.now())
    stopped = stop_unsent(bulk_payout=bulk_payout, actor=actor, reason=reason)
    roll_up(bulk_payout=bulk_payout, actor=actor)
    return stopped


def stop_unsent(
    *, bulk_payout: BulkPayout, actor: Actor, reason: str, except_for: Sequence[int] = ()
) -> int:
    """Callers hold the bulk payout: nobody else sends, stops or cancels these meanwhile."""
    unsent = AccountTransfer.objects.filter(
        payout__bulk_payout=bulk_payout, status=AccountTransferStatus.PREPARED
    ).exclude(pk__in=except_for)
    attempt_ids, payout_ids = _unzip(list(unsent.values_list("pk", "payout_id")))
    attempts = AccountTransfer.objects.filter(pk__in=attempt_ids)
    _move(bulk_payout, attempts, AccountTransferStatus.STOPPED, actor, reason=reason)
    payouts = Payout.objects.filter(pk__in=payout_ids)
    stopped = _move(
        bulk_payout,
        payouts,
        PayoutStatus.STOPPED,
        actor,
        reason=reason,
        details=named(payouts),
        fail_reason=reason[:300],
    )
    _follow(bulk_payout, payout_ids, SettlementStatus.CONFIRMED, actor)
    return stopped


def _unzip(pairs: list[tuple[int, int | None]]) -> tuple[list[int], list[int]]:
    return [first for first, _ in pairs], [second for _, second in pairs if second is not None]


def _move(
    bulk_payout: BulkPayout,
    rows: QuerySet[Payout] | QuerySet[AccountTransfer],
    to: str,
    actor: Actor,
    **fields: Any,
) -> int:
    return transition_all(
        rows,
        to,
        workspace=bulk_payout.workspace,
        actor=actor,
        object_id=bulk_payout.public_id,
        **fields,
    )


def _follow(
    bulk_payout: BulkPayout, payout_ids: list[int], to: SettlementStatus, actor: Actor
) -> None:
    settlement_ids = settlement_ids_of(Payout.objects.filter(pk__in=payout_ids))
    if settlement_ids:
        follow_payout(
            workspace=bulk_payout.workspace,
            settlement_ids=settlement_ids,
            to=to,
            actor=actor,
            object_id=bulk_payout.public_id,
        )
