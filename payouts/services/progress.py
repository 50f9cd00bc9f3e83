"""A bulk payout is as far as its payouts are (contract.md c.8)."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count

from core.events.actors import Actor
from core.events.transitions import transition
from payouts.models import BulkPayout, BulkPayoutStatus, PayoutStatus

AWAITING = (BulkPayoutStatus.ONGOING, BulkPayoutStatus.POST_PROCESS_PENDING)


@transaction.atomic
def roll_up(*, bulk_payout: BulkPayout, actor: Actor) -> None:
    """Move the bulk payout on when its payouts allow, while nobody else moves them."""
    held = BulkPayout.objects.select_for_update()
    bulk_payout.refresh_from_db(fields=["status"], from_queryset=held)
    if bulk_payout.status not in AWAITING:
        return
    reached = _reached(bulk_payout)
    if reached != bulk_payout.status:
        transition(bulk_payout, reached, actor=actor)


def _reached(bulk_payout: BulkPayout) -> BulkPayoutStatus:
    counts = dict(bulk_payout.payouts.order_by().values_list("status").annotate(count=Count("pk")))
    if counts.get(PayoutStatus.PREPARED):
        return BulkPayoutStatus.ONGOING
    if counts.get(PayoutStatus.PROCESSING):
        return BulkPayoutStatus.POST_PROCESS_PENDING
    return BulkPayoutStatus.COMPLETED
