"""Drive the three phases until there is nothing left to send."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from core import clock
from core.companies.models import Workspace
from core.failpoints import failpoint
from core.sweeping import going_on
from payouts.models import AccountTransferStatus, BulkPayout, BulkPayoutStatus, PayoutStatus
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
    batch = _next_batch(bulk_payout, claim, batch_size)
    if batch is None:
        return 0
    sent = 0
    with Sender(get_rail(batch.rail)) as sender:
        while batch or sender.open_count:
            sent += _hand_over(batch, sender)
            _record_some(bulk_payout, sender)
            batch = None
            if sender.is_hungry:
                batch = _next_batch(bulk_payout, claim, batch_size)
    return sent


def _next_batch(bulk_payout: BulkPayout, claim: str, limit: int) -> Batch | None:
    """None when nothing is left to send, or while the bank is closed: the sweeper goes on later."""
    if not is_bank_open(bulk_payout):
        return None
    return reserve(claim=claim, bulk_payout=bulk_payout, limit=limit)


def is_bank_open(bulk_payout: BulkPayout) -> bool:
    account = bulk_payout.funding_account
    return account is not None and get_rail(account.rail).is_open(clock.now())


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
    """Those with something to send now: one per workspace, the oldest (contract.md h.4)."""
    ongoing = (
        BulkPayout.objects.filter(
            status=BulkPayoutStatus.ONGOING,
            payouts__status=PayoutStatus.PREPARED,
            payouts__attempts__status=AccountTransferStatus.PREPARED,
        )
        .select_related("workspace__company", "funding_account")
        .order_by("workspace", "status_updated_at", "pk")
        .distinct("workspace")
    )
    chosen = ongoing.filter(workspace=workspace) if workspace else ongoing
    return filter(_may_send, chosen)


def _may_send(bulk_payout: BulkPayout) -> bool:
    """One whose bank nobody knows any more keeps nobody else waiting."""
    with going_on("asking whether the bank is open for", bulk_payout.public_id):
        return is_bank_open(bulk_payout)
    return False
