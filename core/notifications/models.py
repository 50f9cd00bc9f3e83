"""Message: written before it is sent, so that nothing sent is unknown to us."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from core.companies.models import WorkspaceRow
from core.events.transitions import Face, Transitions


class Message(WorkspaceRow):
    class Channel(models.TextChoices):
        EMAIL = "EMAIL", "이메일"
        ALIMTALK = "ALIMTALK", "알림톡"

    class Status(models.TextChoices):
        PREPARED = "PREPARED", "발송 대기"
        SENDING = "SENDING", "발송 중"
        SENT = "SENT", "발송 완료"
        FAILED = "FAILED", "발송 실패"
        UNKNOWN = "UNKNOWN", "결과 미확인"

    TRANSITIONS: ClassVar[Transitions] = {
        "PREPARED": frozenset({"SENDING"}),
        "SENDING": frozenset({"SENT", "FAILED", "UNKNOWN", "PREPARED"}),
        "UNKNOWN": frozenset({"SENT", "FAILED"}),
        "FAILED": frozenset({"PREPARED"}),
        "SENT": frozenset(),
    }
    FACES: ClassVar[dict[str, Face]] = {
        "PREPARED": Face("발송 대기", "neutral", "시스템"),
        "SENDING": Face("발송 중", "running", "시스템"),
        "SENT": Face("발송 완료", "arrived"),
        "FAILED": Face("발송 실패", "wrong", "담당자"),
        "UNKNOWN": Face("결과 미확인", "waiting", "담당자"),
    }

    key = models.CharField(max_length=160, help_text="같은 일로 두 번 보내지 않게 하는 키")
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.EMAIL)
    template = models.CharField(max_length=80)
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=100, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.PREPARED)
    status_updated_at = models.DateTimeField(auto_now_add=True)
    error = models.TextField(blank=True)
    put_off_count = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["workspace", "key"], name="message_key_once"),
        ]
        indexes = [
            models.Index(
                fields=["status_updated_at"],
                condition=models.Q(status__in=["PREPARED", "SENDING"]),
                name="message_waiting",
            )
        ]


class Attachment(models.Model):
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    path = models.CharField(max_length=300, help_text="저장소 안의 경로")


class AccessLink(WorkspaceRow):
    """A mailed link to one document for someone without a login: /p/<token>/.

    Only the token's hash is kept. Sending again replaces the link; opening it changes nothing.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=60, help_text="등록된 페이지 종류")
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=100)
    recipient = models.CharField(max_length=254)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["workspace", "purpose", "object_type", "object_id"],
                condition=models.Q(replaced_at=None),
                name="access_link_one_live",
            ),
        ]
