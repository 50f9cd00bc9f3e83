"""A bulk payout is as far as its payouts are (contract.md c.8)."""

from __future__ import annotations

from django.db.models import Count

from core.errors import LostRace
from core.events.actors import Actor
from core.events.transitions import transition
from payouts.models import BulkPayout, BulkPayoutStatus, PayoutStatus

AWAITING = (BulkPayoutStatus.ONGOING, BulkPayoutStatus.POST_PROCESS_PENDING)


def roll_up(*, bulk_payout: BulkPayout, actor: Actor) -> None:
    """Move the bulk payout on when its payouts allow; losing the race is fine."""
    bulk_payout.refresh_from_db(fields=["status"])
    if bulk_payout.status not in AWAITING:
        return
    reached = _reached(bulk_payout)
    if reached != bulk_payout.status:
        try:
            transition(bulk_payout, reached, actor=actor)
        except LostRace:
            return


def _reached(bulk_payout: BulkPayout) -> BulkPayoutStatus:
    counts = dict(bulk_payout.payouts.order_by().values_list("status").annotate(count=Count("pk")))
    if counts.get(PayoutStatus.PREPARED):
        return BulkPayoutStatus.ONGOING
    if counts.get(PayoutStatus.PROCESSING):
        return BulkPayoutStatus.POST_PROCESS_PENDING
    return BulkPayoutStatus.COMPLETED
