"""Drive the three phases until there is nothing left to send."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from time import monotonic

from core.companies.models import Workspace
from core.failpoints import failpoint
from payouts.models import (
    AccountTransferStatus,
    BulkPayout,
    BulkPayoutStatus,
)
from payouts.services.execution.recording import Result, record_results
from payouts.services.execution.reserving import BATCH, ENGINE, reserve
from payouts.services.execution.sending import send

FLUSH_ROWS = 50
FLUSH_SECONDS = 0.5


def execute(*, bulk_payout: BulkPayout, batch_size: int = BATCH) -> int:
    """Send what a bulk payout still has to send; returns how many transfers were handed over.

    Safe to run in any number of workers, and again after any of them died.
    """
    claim = uuid.uuid4().hex
    sent = 0
    while batch := reserve(claim=claim, bulk_payout=bulk_payout, limit=batch_size):
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
