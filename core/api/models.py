from __future__ import annotations

from django.db import models

from core.companies.models import Workspace


class IdempotencyRecord(models.Model):
    """One keyed write (contract.md a.5): its request's hash while it runs, its answer after."""

    class State(models.TextChoices):
        RUNNING = "RUNNING"
        DONE = "DONE"

    workspace = models.ForeignKey(
        Workspace, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    key = models.CharField(max_length=256, db_collation="C")
    method = models.CharField(max_length=6)
    path = models.CharField(max_length=500, db_collation="C")
    body_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=7, choices=State, default=State.RUNNING)
    claimed_at = models.DateTimeField()
    response_status = models.PositiveSmallIntegerField(null=True)
    response_body = models.BinaryField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "key", "method", "path"], name="idempotency_key_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="RUNNING")
                | models.Q(response_status__isnull=False, response_body__isnull=False),
                name="idempotency_done_has_answer",
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]
