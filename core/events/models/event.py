"""Event: the append-only trail that audit, webhooks and reactions are all read from."""

from __future__ import annotations

from django.db import models

from core.companies.models import Workspace


class Event(models.Model):
    """One thing that happened. Never updated, never deleted (database trigger)."""

    class ActorKind(models.TextChoices):
        MEMBER = "MEMBER", "구성원"
        API_SECRET = "API_SECRET", "API 시크릿"
        COUNTERPARTY = "COUNTERPARTY", "링크로 들어온 상대방"
        SYSTEM = "SYSTEM", "시스템"

    workspace = models.ForeignKey(
        Workspace, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=80)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=100)
    actor_kind = models.CharField(max_length=20, choices=ActorKind)
    actor_id = models.CharField(max_length=100, blank=True)
    actor_name = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    changes = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)
    occurred_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["workspace", "object_type", "object_id", "id"], name="event_of_object"
            ),
            models.Index(fields=["workspace", "-id"], name="event_newest"),
        ]


class EventSeal(models.Model):
    """The hash chain over a workspace's events, written behind them so writers never queue.

    hash = SHA-256(previous hash ‖ canonical event); a changed or missing event breaks it.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    sequence = models.BigIntegerField()
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="seal")
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "sequence"], name="event_seal_sequence")
        ]


class Reaction(models.Model):
    """One handler's duty to react to one event; the row, not the queue, carries the fact."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="reactions")
    handler = models.CharField(max_length=120)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "handler"], name="reaction_once_per_handler")
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(done_at=None),
                name="reaction_waiting",
            )
        ]
