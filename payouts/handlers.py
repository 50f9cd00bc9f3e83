"""What payouts do when something happened."""

from __future__ import annotations

from celery import signature

from core.bell import ring
from core.companies.access import find
from core.events.actors import Actor
from core.events.models import Event
from core.events.services import on
from payouts.models import BulkPayout
from payouts.services.statements import follow_messages, release_cancelled


def ring_engine(event: Event) -> None:
    """A bulk payout started or goes on: a worker may send it. The sweeper would find it too."""
    bulk_payout = find(BulkPayout, event.workspace, event.object_id)
    ring(signature("payouts.execute"), bulk_payout.pk)


def follow_letters(event: Event) -> None:
    """Mails left, or did not: their statements say so."""
    follow_messages(event.workspace, Actor.system("발송"))


def register() -> None:
    for outcome in ("sent", "failed", "unknown"):
        on(f"message.{outcome}", "payouts.follow_letters", follow_letters)
    on("job.cancelled", "payouts.release_statements", release_cancelled)
    on("bulkpayout.ongoing", "payouts.ring_engine", ring_engine)
