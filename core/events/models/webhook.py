"""Webhooks out: who listens, what is on its way, and what each try came to (contract.md f)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from core import crypto
from core.companies.models import WorkspaceRow
from core.events.models.event import Event


class WebhookEndpoint(WorkspaceRow):
    """An address of the customer's. During a secret rotation both secrets sign."""

    url = models.URLField("주소", max_length=500)
    event_types = ArrayField(
        models.CharField(max_length=80), default=list, help_text="비어 있으면 모든 이벤트"
    )
    secret_encrypted = models.TextField()
    previous_secret_encrypted = models.TextField(blank=True)
    previous_secret_until = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)

    @property
    def secret(self) -> str:
        return crypto.decrypt(self.secret_encrypted)


class WebhookDelivery(WorkspaceRow):
    """One message to one endpoint; `public_id` is its webhook-id on every try."""

    class Status(models.TextChoices):
        WAITING = "WAITING", "대기"
        DELIVERED = "DELIVERED", "전달됨"
        FAILED = "FAILED", "실패"

    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.PROTECT, related_name="deliveries"
    )
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="+")
    type = models.CharField(max_length=80)
    payload = models.TextField(help_text="보내는 바이트 그대로")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    attempt_count = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(auto_now_add=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta(WorkspaceRow.Meta):
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=Q(status="WAITING"), name="webhook_due"
            ),
            models.Index(fields=["endpoint", "-id"], name="webhook_log"),
        ]


class DeliveryAttempt(models.Model):
    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    attempted_at = models.DateTimeField(auto_now_add=True)
    response_status = models.PositiveSmallIntegerField(null=True)
    duration_ms = models.PositiveIntegerField()
    error = models.CharField(max_length=300, blank=True)
