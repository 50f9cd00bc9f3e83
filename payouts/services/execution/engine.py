"""Drive the three phases until there is nothing left to send."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from core.companies.models import Workspace
from core.failpoints import failpoint
from payouts.models import AccountTransferStatus, BulkPayout, BulkPayoutStatus
from payouts.rails import get_rail
from payouts.services.execution.recording import record_results
from payouts.services.execution.reserving import BATCH, ENGINE, Batch, reserve
from payouts.services.execution.sending import Sender

FLUSH_ROWS = 50
FLUSH_SECONDS = 0.5
"""Small transactions: little is in doubt when the process dies, and commits stay few."""


def execute(*, bulk_payout: BulkPayout, batch_size: int = BATCH) -> int:
    """Send what a bulk payout still has to send; returns how many transfers were handed over.

    Safe to run in any number of workers, and again after any of them died.
    """
    claim = uuid.uuid4().hex
    batch = reserve(claim=claim, bulk_payout=bulk_payout, limit=batch_size)
    if batch is None:
        return 0
    sent = 0
    with Sender(get_rail(batch.rail)) as sender:
        while batch or sender.open_count:
            sent += _hand_over(batch, sender)
            _record_some(bulk_payout, sender)
            batch = None
            if sender.is_hungry:
                batch = reserve(claim=claim, bulk_payout=bulk_payout, limit=batch_size)
    return sent


def _hand_over(batch: Batch | None, sender: Sender) -> int:
    if batch is None:
        return 0
    sender.send(batch)
    return len(batch.orders)


def _record_some(bulk_payout: BulkPayout, sender: Sender) -> None:
    results = sender.results(limit=FLUSH_ROWS, seconds=FLUSH_SECONDS)
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
