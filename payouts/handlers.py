"""What payouts do when something happened."""

from __future__ import annotations

from celery import signature

from core.bell import ring
from core.companies.access import find
from core.events.models import Event
from core.events.services import on
from payouts.models import BulkPayout


def ring_engine(event: Event) -> None:
    """A bulk payout started or goes on: a worker may send it. The sweeper would find it too."""
    bulk_payout = find(BulkPayout, event.workspace, event.object_id)
    ring(signature("payouts.execute"), bulk_payout.pk)


def register() -> None:
    on("bulkpayout.ongoing", "payouts.ring_engine", ring_engine)
