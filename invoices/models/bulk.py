"""Bulk tax invoice (일괄 세금계산서): many documents requested in one go (contract.md c.10)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from core.companies.models import WorkspaceRow
from core.events.transitions import Face, Transitions
from core.jobs.models import Job


class BulkStatus(models.TextChoices):
    DRAFT_PENDING = "DRAFT_PENDING", "임시저장 대기"
    DRAFTED = "DRAFTED", "임시저장 완료"
    REQUEST_PENDING = "REQUEST_PENDING", "요청 대기"
    ISSUE_PENDING = "ISSUE_PENDING", "발행 대기"
    IN_PROGRESS = "IN_PROGRESS", "진행 중"
    COMPLETED = "COMPLETED", "처리 완료"
    FAILED = "FAILED", "실패"
    CANCELLED = "CANCELLED", "취소"


class BulkTaxInvoice(WorkspaceRow):
    """Counts per status are derived from the documents (`invoices.queries`), never stored."""

    class Source(models.TextChoices):
        SHEET = "SHEET", "파일"
        PLATFORM = "PLATFORM", "지급 내역"

    Status = BulkStatus
    TRANSITIONS: ClassVar[Transitions] = {
        "DRAFT_PENDING": frozenset({"DRAFTED", "FAILED", "CANCELLED"}),
        "DRAFTED": frozenset({"REQUEST_PENDING", "ISSUE_PENDING", "CANCELLED"}),
        "REQUEST_PENDING": frozenset({"IN_PROGRESS", "CANCELLED"}),
        "ISSUE_PENDING": frozenset({"IN_PROGRESS", "CANCELLED"}),
        "IN_PROGRESS": frozenset({"COMPLETED", "FAILED", "CANCELLED"}),
        "COMPLETED": frozenset({"IN_PROGRESS"}),
        "FAILED": frozenset({"IN_PROGRESS"}),
        "CANCELLED": frozenset({"IN_PROGRESS"}),
    }
    FACES: ClassVar[dict[str, Face]] = {
        "DRAFT_PENDING": Face("임시저장 대기", "running", "시스템"),
        "DRAFTED": Face("임시저장 완료", "neutral", "재무"),
        "REQUEST_PENDING": Face("요청 대기", "running", "시스템"),
        "ISSUE_PENDING": Face("발행 대기", "running", "시스템"),
        "IN_PROGRESS": Face("진행 중", "running", "시스템"),
        "COMPLETED": Face("처리 완료", "arrived"),
        "FAILED": Face("실패", "wrong", "재무"),
        "CANCELLED": Face("취소", "neutral"),
    }

    name = models.CharField(max_length=200, blank=True)
    purpose_key = models.CharField(
        max_length=160, null=True, help_text="같은 일로 두 묶음을 만들지 않게 하는 키"
    )
    source = models.CharField(max_length=8, choices=Source)
    issuance_type = models.CharField(max_length=7)
    status = models.CharField(max_length=16, choices=BulkStatus, default="DRAFT_PENDING")
    status_updated_at = models.DateTimeField(auto_now_add=True)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField(null=True, blank=True)
    scheduled_at = models.DateTimeField(null=True, blank=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["workspace", "purpose_key"], name="bulk_tax_invoice_purpose_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.public_id
