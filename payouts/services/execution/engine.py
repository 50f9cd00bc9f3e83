"""Drive the three phases until there is nothing left to send."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from core import clock
from core.companies.models import Workspace
from core.failpoints import failpoint
from payouts.models import (
    AccountTransfer,
    AccountTransferStatus,
    BulkPayout,
    BulkPayoutStatus,
)
from payouts.services.execution.recording import Result, record_results
from payouts.services.execution.reserving import ENGINE, reserve
from payouts.services.execution.sending import send

FLUSH_ROWS = 50
FLUSH_SECONDS = 0.5


@dataclass(frozen=True)
class Drained:
    """What a drain left behind."""

    sent_count: int
    unknown_count: int


def execute(*, bulk_payout: BulkPayout) -> int:
    """Send what a bulk payout still has to send; returns how many transfers were handed over.

    Safe to run in any number of workers, and again after any of them died.
    """
    claim = uuid.uuid4().hex
    sent = 0
    while batch := reserve(claim=claim, bulk_payout=bulk_payout):
        _record_as_they_come(bulk_payout, send(batch))
        sent += len(batch.orders)
    return sent


def _record_as_they_come(bulk_payout: BulkPayout, results: Iterable[Result]) -> None:
    """Small transactions: little is in doubt when the process dies, and commits stay few."""
    waiting: list[Result] = []
    since = monotonic()
    for result in results:
        waiting.append(result)
        if len(waiting) >= FLUSH_ROWS or monotonic() - since > FLUSH_SECONDS:
            _flush(bulk_payout, waiting)
            waiting, since = [], monotonic()
    _flush(bulk_payout, waiting)


def _flush(bulk_payout: BulkPayout, results: list[Result]) -> None:
    if results:
        failpoint("record.before")
        record_results(bulk_payout=bulk_payout, results=results, actor=ENGINE)


def next_bulk_payouts(workspace: Workspace | None = None) -> Iterable[BulkPayout]:
    """Those with something to send: one per workspace at a time, the oldest (contract.md h.4)."""
    ongoing = (
        BulkPayout.objects.filter(
            status=BulkPayoutStatus.ONGOING,
            payouts__attempts__status=AccountTransferStatus.PREPARED,
        )
        .select_related("workspace__company")
        .order_by("workspace", "status_updated_at", "pk")
        .distinct("workspace")
    )
    return ongoing.filter(workspace=workspace) if workspace else ongoing


def drain(*, workspace: Workspace, now: datetime | None = None) -> Drained:
    """Run everything that is due in a workspace to its end, in this process.

    Starts what is scheduled until `now`, sends, and asks the bank about what is unknown.
    """
    from payouts.services.inquiries import resolve_unknown
    from payouts.services.launching import start_due

    start_due(now or clock.now(), workspace=workspace)
    sent = 0
    while waiting := list(next_bulk_payouts(workspace)):
        sent += sum(execute(bulk_payout=bulk_payout) for bulk_payout in waiting)
    resolve_unknown(now=now or clock.now(), workspace=workspace)
    unknown = AccountTransfer.objects.filter(
        workspace=workspace, status=AccountTransferStatus.UNKNOWN
    )
    return Drained(sent, unknown.count())
