"""Statements (정산내역서): what the partner is shown, as bytes that never change (h.7)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from core.companies.models import WorkspaceRow
from core.events.transitions import Face, Transitions
from core.notifications.models import Message
from payouts.models.payout import Payout


class StatementTemplate(WorkspaceRow):
    """Which items a statement shows; the paid amount always."""

    name = models.CharField("이름", max_length=100)
    shown_items = models.JSONField("표시 항목", default=list)
    is_default = models.BooleanField(default=False)
    is_archived = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["workspace"],
                condition=models.Q(is_default=True),
                name="statement_template_one_default",
            ),
        ]


def statement_path(statement: Statement, filename: str) -> str:
    return f"statements/{statement.public_id}/{filename}"


class Statement(WorkspaceRow):
    TRANSITIONS: ClassVar[Transitions] = {
        "SEND_PREPARED": frozenset({"SENT", "SEND_FAILED"}),
        "SEND_FAILED": frozenset({"SEND_PREPARED", "SENT"}),
        "SENT": frozenset({"SEND_PREPARED"}),
    }
    FACES: ClassVar[dict[str, Face]] = {
        "UNSENT": Face("미발송", "neutral", "재무"),
        "SEND_PREPARED": Face("발송 대기", "running", "시스템"),
        "SENT": Face("발송 완료", "arrived"),
        "SEND_FAILED": Face("발송 실패", "wrong", "재무"),
    }

    payout = models.OneToOneField(Payout, on_delete=models.PROTECT, related_name="statement")
    template = models.ForeignKey(StatementTemplate, on_delete=models.PROTECT, related_name="+")
    template_revision = models.PositiveIntegerField()
    status = models.CharField(max_length=14, default="SEND_PREPARED")
    status_updated_at = models.DateTimeField(auto_now_add=True)
    content = models.JSONField(help_text="문서에 적힌 내용 그대로")
    file = models.FileField(upload_to=statement_path, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(null=True, blank=True)
