"""미확정: ask the bank about transfers whose result we do not know. Never send them again."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from core import clock
from core.companies.models import Permission, Workspace
from core.errors import Conflict
from core.events.actors import Actor
from core.events.services import record_each
from core.events.transitions import transition
from core.failpoints import failpoint
from core.sweeping import going_on
from payouts.models import AccountTransfer, AccountTransferStatus, BulkPayout
from payouts.rails import get_rail
from payouts.rails.base import Failed, NeverSeen, Outcome, Paid, Pending, Rail
from payouts.services.execution.recording import Result, record_results
from payouts.services.progress import AWAITING, roll_up

log = logging.getLogger(__name__)

DELAYS = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
)
"""Growing waits between inquiries; the last one repeats (korea-rules 8.6)."""

BATCH = 200
RESOLVER = Actor.system("은행 조회")
NEVER_SENT = Failed("NOT_SENT", "보내지 않음: 은행에 접수된 기록이 없습니다")


def resolve_unknown(*, now: datetime | None = None, workspace: Workspace | None = None) -> int:
    """Ask about everything due for an inquiry; returns how many got a definite result.

    `now` is the moment to judge by: a bank's silence about a key is a fact only after the
    rail's `never_seen_after`.
    """
    now = now or clock.now()
    declare_silent(now=now, workspace=workspace)
    resolved = 0
    while due := _lease(now, workspace):
        for bulk_payout, some in _by_bulk_payout(due).items():
            with going_on("asking the bank about", bulk_payout.public_id):
                resolved += _ask(bulk_payout, some, now, RESOLVER)
    _roll_up_all(workspace)
    return resolved


def declare_silent(*, now: datetime, workspace: Workspace | None = None) -> int:
    """PROCESSING transfers whose worker died are unknown: it may have sent them or not."""
    silent = _in(workspace).filter(
        status=AccountTransferStatus.PROCESSING, next_inquiry_at__lte=now
    )
    count = 0
    with transaction.atomic():
        held = silent.select_for_update(of=("self",), skip_locked=True).order_by("pk")
        for transfer in held.select_related("workspace"):
            transition(
                transfer,
                AccountTransferStatus.UNKNOWN,
                actor=RESOLVER,
                reason="보내던 작업자가 멈춤",
                fail_reason="보내던 작업자가 멈춤",
                next_inquiry_at=now,
                claim="",
            )
            count += 1
    return count


def _lease(now: datetime, workspace: Workspace | None) -> list[AccountTransfer]:
    """Take due transfers by putting their next inquiry off; two resolvers share the work."""
    with transaction.atomic(durable=True):
        due = _in(workspace).filter(status=AccountTransferStatus.UNKNOWN, next_inquiry_at__lte=now)
        held = due.select_for_update(of=("self",), skip_locked=True).order_by("next_inquiry_at")
        transfers = list(held.select_related("funding_account", "payout__bulk_payout")[:BATCH])
        for transfer in transfers:
            transfer.next_inquiry_at = now + DELAYS[min(transfer.inquiry_count, len(DELAYS) - 1)]
            transfer.inquiry_count += 1
        AccountTransfer.objects.bulk_update(transfers, ["next_inquiry_at", "inquiry_count"])
    return transfers


def _by_bulk_payout(
    transfers: Iterable[AccountTransfer],
) -> dict[BulkPayout, list[AccountTransfer]]:
    found: dict[BulkPayout, list[AccountTransfer]] = defaultdict(list)
    for transfer in transfers:
        if transfer.payout is not None:
            found[transfer.payout.bulk_payout].append(transfer)
    return found


def inquire_now(*, transfer: AccountTransfer, actor: Actor, now: datetime | None = None) -> bool:
    """Ask the bank about one unknown transfer before its turn; True when it gave a result.

    Only asks, under the key it was sent with. Raises Conflict when there is nothing to ask.
    """
    actor.require(Permission.PAYOUT_WRITE)
    now = now or clock.now()
    with transaction.atomic(durable=True):
        held = AccountTransfer.objects.select_for_update(of=("self",)).filter(
            pk=transfer.pk, status=AccountTransferStatus.UNKNOWN
        )
        found = held.select_related("funding_account", "payout__bulk_payout__workspace").first()
        if found is None:
            raise Conflict("은행에 묻지 않았습니다. 미확정 이체가 아닙니다.")
        found.inquiry_count += 1
        found.save(update_fields=["inquiry_count"])
    assert found.payout is not None  # only what we send is ever unknown
    return _ask(found.payout.bulk_payout, [found], now, actor) == 1


def _ask(
    bulk_payout: BulkPayout, transfers: list[AccountTransfer], now: datetime, actor: Actor
) -> int:
    """Inquire with no transaction open and record; returns how many got a definite result."""
    rail = get_rail(transfers[0].funding_account.rail)
    failpoint("inquire.before_call")
    with ThreadPoolExecutor(rail.concurrency) as pool:
        outcomes = list(pool.map(lambda transfer: _inquire(rail, transfer), transfers))
    failpoint("inquire.after_call")
    asked = list(zip(transfers, outcomes, strict=True))
    results = [
        Result(transfer.pk, answer)
        for transfer, outcome in asked
        if (answer := _definite(rail, transfer, outcome, now))
    ]
    known = {result.transfer_id for result in results}
    _note_silence(bulk_payout, [pair for pair in asked if pair[0].pk not in known], actor)
    if not results:
        return 0
    return record_results(bulk_payout=bulk_payout, results=results, actor=actor)


def _note_silence(
    bulk_payout: BulkPayout, asked: list[tuple[AccountTransfer, Outcome]], actor: Actor
) -> None:
    """Each question without a result stays in the transfer's history: what was asked, when."""
    if asked:
        record_each(
            "accounttransfer.inquired",
            workspace=bulk_payout.workspace,
            object_type="accounttransfer",
            changes={
                transfer.public_id: {
                    "answer": "접수 기록 없음" if isinstance(outcome, NeverSeen) else "처리 중",
                    "inquiry_count": transfer.inquiry_count,
                }
                for transfer, outcome in asked
            },
            actor=actor,
        )


def _inquire(rail: Rail, transfer: AccountTransfer) -> Outcome:
    assert transfer.request_key is not None
    try:
        return rail.inquire(transfer.request_key)
    except Exception:
        log.exception("inquiry failed for %s", transfer.request_key)
        return Pending()


def _definite(
    rail: Rail, transfer: AccountTransfer, outcome: Outcome, now: datetime
) -> Paid | Failed | None:
    match outcome:
        case Paid() | Failed():
            return outcome
        case NeverSeen() if transfer.sent_at and now - transfer.sent_at >= rail.never_seen_after:
            return NEVER_SENT
        case _:
            return None


def _roll_up_all(workspace: Workspace | None) -> None:
    waiting = BulkPayout.objects.filter(status__in=AWAITING).select_related("workspace")
    if workspace:
        waiting = waiting.filter(workspace=workspace)
    for bulk_payout in waiting:
        with going_on("rolling up", bulk_payout.public_id):
            roll_up(bulk_payout=bulk_payout, actor=RESOLVER)


def _in(workspace: Workspace | None) -> QuerySet[AccountTransfer]:
    everything = AccountTransfer.objects.all()
    return everything.filter(workspace=workspace) if workspace else everything
