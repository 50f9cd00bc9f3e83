"""Statements (정산내역서): what the partner is shown, as bytes that never change (h.7)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from core.companies.models import WorkspaceRow
from core.events.transitions import Face, Transitions
from core.jobs.models import Job
from core.notifications.models import Message
from payouts.models.payout import Payout


class StatementTemplate(WorkspaceRow):
    """A layout people choose when they send. What it says stands in its versions."""

    name = models.CharField("이름", max_length=100)
    is_default = models.BooleanField("기본 템플릿", default=False)
    is_archived = models.BooleanField("보관", default=False)
    revision = models.PositiveIntegerField("버전", default=1)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["workspace"],
                condition=Q(is_default=True),
                name="statement_template_one_default",
            ),
            models.CheckConstraint(
                condition=~Q(is_default=True, is_archived=True),
                name="statement_template_default_in_use",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def current(self) -> StatementTemplateVersion:
        return self.versions.get(revision=self.revision)


class StatementTemplateVersion(models.Model):
    """What a template said from one edit to the next. Append-only, by a trigger."""

    template = models.ForeignKey(
        StatementTemplate, on_delete=models.PROTECT, related_name="versions"
    )
    revision = models.PositiveIntegerField()
    title = models.CharField("제목", max_length=40)
    shown_items = ArrayField(models.CharField(max_length=20), verbose_name="표시 항목")
    notice = models.TextField("안내문", max_length=1000, blank=True)
    created_by = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "revision"], name="statement_version_once")
        ]


def statement_path(document: StatementDocument, filename: str) -> str:
    return f"statements/{document.statement.public_id}/{document.version_id}/{filename}"


class Statement(WorkspaceRow):
    """Where the telling of one payout is. Sending again moves it back to 발송 대기."""

    class Failure(models.TextChoices):
        NO_ADDRESS = "NO_ADDRESS", "파트너의 담당자 이메일이 없습니다"
        REFUSED = "REFUSED", "메일 서버가 받지 않았습니다"
        UNKNOWN = "UNKNOWN", "메일이 나갔는지 확인하지 못했습니다"
        STOPPED = "STOPPED", "발송을 중단했습니다"

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
    status = models.CharField(max_length=14, default="SEND_PREPARED")
    status_updated_at = models.DateTimeField(auto_now_add=True)
    failure = models.CharField(max_length=10, choices=Failure, blank=True)
    error = models.TextField(blank=True)
    job = models.ForeignKey(
        Job, on_delete=models.PROTECT, null=True, related_name="+", help_text="마지막 발송"
    )
    document = models.ForeignKey(
        "StatementDocument", on_delete=models.PROTECT, null=True, related_name="+"
    )
    message = models.ForeignKey(
        Message,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="마지막 발송의 메일",
    )
    issued_at = models.DateTimeField(null=True, blank=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status="SEND_FAILED") | Q(failure="", error=""),
                name="statement_failure_when_failed",
            ),
            models.CheckConstraint(
                condition=Q(message=None) | Q(document__isnull=False),
                name="statement_mail_has_document",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "status"], name="statement_status"),
            models.Index(
                fields=["job", "id"],
                condition=Q(status="SEND_PREPARED", message=None),
                name="statement_to_write",
            ),
        ]

    @property
    def waits_for_job(self) -> bool:
        """A failed job leaves what it has not written to whoever sends it again."""
        is_left = self.message_id is None and self.job is not None and self.job.status == "FAILED"
        return self.status == "SEND_PREPARED" and not is_left


class StatementDocument(WorkspaceRow):
    """The paper itself, once per statement and template version. Append-only, by a trigger."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="documents")
    version = models.ForeignKey(
        StatementTemplateVersion, on_delete=models.PROTECT, related_name="documents"
    )
    content = models.JSONField(help_text="문서에 적힌 내용 그대로")
    file = models.FileField(upload_to=statement_path)
    sha256 = models.CharField(max_length=64)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["statement", "version"], name="statement_document_once"
            ),
        ]
