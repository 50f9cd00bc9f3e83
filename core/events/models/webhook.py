"""Webhooks out: who listens, what is on its way, and what each try came to (contract.md f)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from core import clock, crypto
from core.companies.models import WorkspaceRow
from core.events.models.event import Event
from core.events.transitions import Face


class WebhookEndpoint(WorkspaceRow):
    """An address of the customer's. During a secret rotation both secrets sign.

    A deleted one keeps its log and hears nothing more.
    """

    url = models.URLField("주소", max_length=500)
    event_types = ArrayField(
        models.CharField(max_length=80), default=list, help_text="비어 있으면 모든 이벤트"
    )
    secret_encrypted = models.TextField()
    previous_secret_encrypted = models.TextField(blank=True)
    previous_secret_until = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(deleted_at=None) | Q(is_active=False),
                name="webhook_endpoint_deleted_is_silent",
            ),
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def secret(self) -> str:
        return crypto.decrypt(self.secret_encrypted)

    @property
    def signs_twice(self) -> bool:
        """Whether a replaced secret still signs beside the new one."""
        return bool(self.previous_secret_until and self.previous_secret_until > clock.now())


class WebhookDelivery(WorkspaceRow):
    """One message to one endpoint; `public_id` is its webhook-id on every try.

    `attempt_count` counts every try ever made; a replay starts a new set of tries after the
    `tries_before_replay` made until then.
    """

    class Status(models.TextChoices):
        WAITING = "WAITING", "대기"
        DELIVERED = "DELIVERED", "전달됨"
        FAILED = "FAILED", "실패"

    FACES: ClassVar[dict[str, Face]] = {
        "WAITING": Face("대기", "running", "시스템"),
        "DELIVERED": Face("전달됨", "arrived"),
        "FAILED": Face("실패", "wrong", "담당자"),
    }

    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.PROTECT, related_name="deliveries"
    )
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="+")
    type = models.CharField(max_length=80)
    payload = models.TextField(help_text="보내는 바이트 그대로")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    attempt_count = models.PositiveSmallIntegerField(default=0)
    tries_before_replay = models.PositiveSmallIntegerField(default=0)
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

    def __str__(self) -> str:
        return self.public_id


class DeliveryAttempt(models.Model):
    """One try, written before it is made: one whose courier died stays without an outcome."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    attempted_at = models.DateTimeField(auto_now_add=True)
    response_status = models.PositiveSmallIntegerField(null=True)
    response_body = models.TextField(blank=True, help_text="응답 본문의 앞부분")
    duration_ms = models.PositiveIntegerField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "number"], name="webhook_attempt_once")
        ]
