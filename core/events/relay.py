"""Deliver events to their handlers, and seal the trail."""

from __future__ import annotations

import hashlib
import json
import logging
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Q

from core import clock
from core.companies.models import Workspace
from core.events.models import Event, EventSeal, Reaction
from core.events.services import HANDLERS

log = logging.getLogger(__name__)

MAX_BACKOFF = timedelta(hours=1)
GENESIS = "0" * 64
SEAL_BATCH = 2000
SETTLED_AFTER = timedelta(seconds=5)
"""Ids are handed out before commit: a younger event may still appear below one we can see."""


def react(limit: int = 200) -> int:
    """Run waiting reactions, each in its own transaction. Returns how many were done."""
    done = 0
    waiting = Reaction.objects.filter(done_at=None, next_attempt_at__lte=clock.now())
    for reaction_id in waiting.order_by("pk").values_list("pk", flat=True)[:limit]:
        done += _react_once(reaction_id)
    return done


def _react_once(reaction_id: int) -> int:
    """1 when done here, 0 when taken by another worker or failed (and put off)."""
    try:
        with transaction.atomic():
            reaction = (
                Reaction.objects.select_for_update(skip_locked=True)
                .filter(pk=reaction_id, done_at=None)
                .first()
            )
            if reaction is None:
                return 0
            event = Event.objects.select_related("workspace__company").get(pk=reaction.event_id)
            HANDLERS[event.kind][reaction.handler](event)
            Reaction.objects.filter(pk=reaction_id).update(done_at=clock.now(), error="")
    except Exception as error:
        log.exception("reaction %s failed", reaction_id)
        _put_off(reaction_id, error)
        return 0
    return 1


def _put_off(reaction_id: int, error: Exception) -> None:
    reaction = Reaction.objects.get(pk=reaction_id)
    doublings = min(reaction.attempts, 10)  # beyond the longest wait; more would leave the calendar
    delay = min(timedelta(seconds=10) * 2**doublings, MAX_BACKOFF)
    Reaction.objects.filter(pk=reaction_id).update(
        attempts=min(reaction.attempts + 1, 100),
        next_attempt_at=clock.now() + delay,
        error=f"{type(error).__name__}: {error}"[:1000],
    )


def canonical(event: Event) -> bytes:
    """The bytes a seal covers: every stored fact of the event, in one fixed form."""
    facts = {
        "id": event.pk,
        "workspace": event.workspace_id,
        "kind": event.kind,
        "object": [event.object_type, event.object_id],
        "actor": [event.actor_kind, event.actor_id, event.actor_name],
        "reason": event.reason,
        "changes": event.changes,
        "at": event.occurred_at.isoformat(),
    }
    return json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def chain(previous: str, event: Event) -> str:
    return hashlib.sha256(previous.encode() + canonical(event)).hexdigest()


def seal(workspace: Workspace) -> int:
    """Extend the workspace's hash chain over events committed since. Returns how many."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtext('event_seal'), %s)", [workspace.pk]
            )
        last = EventSeal.objects.filter(workspace=workspace).order_by("-sequence").first()
        sequence, previous = (last.sequence, last.hash) if last else (0, GENESIS)
        unsealed = Event.objects.filter(
            Q(seal=None), workspace=workspace, occurred_at__lt=clock.now() - SETTLED_AFTER
        ).order_by("pk")[:SEAL_BATCH]
        seals = []
        for event in unsealed:
            sequence, previous = sequence + 1, chain(previous, event)
            seals.append(
                EventSeal(workspace=workspace, sequence=sequence, event=event, hash=previous)
            )
        EventSeal.objects.bulk_create(seals)
    return len(seals)


def broken_seal(workspace: Workspace) -> int | None:
    """The sequence number of the first seal that does not fit its event, or None."""
    previous = GENESIS
    seals = EventSeal.objects.filter(workspace=workspace).select_related("event")
    for expected, row in enumerate(seals.order_by("sequence").iterator(), start=1):
        previous = chain(previous, row.event)
        if row.sequence != expected or row.hash != previous:
            return expected
    return None
