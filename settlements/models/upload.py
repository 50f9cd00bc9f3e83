"""A file of orders on its way in: checked first, then registered, never twice. Its columns may be
read by a saved mapping."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.companies.models import WorkspaceRow
from core.events.transitions import Face, Transitions
from core.jobs.models import Job


class UploadMode(models.TextChoices):
    ALL_OR_NOTHING = "ALL_OR_NOTHING", "오류가 있으면 아무것도 등록하지 않음"
    VALID_ROWS_ONLY = "VALID_ROWS_ONLY", "정상 행만 등록"


LIVE_UPLOADS = ("MAPPING", "CHECKING", "READY", "REGISTERING", "REGISTERED")
"""What stands in the way of the same bytes, or of a second correction."""


def upload_path(upload: OrderUpload, filename: str) -> str:
    return f"uploads/{upload.public_id}/{filename}"


class OrderUpload(WorkspaceRow):
    """`job` is the one at work or the last one: first it checks, then it registers."""

    TRANSITIONS: ClassVar[Transitions] = {
        "MAPPING": frozenset({"CHECKING", "DISCARDED"}),
        "CHECKING": frozenset({"READY", "REFUSED", "DISCARDED"}),
        "READY": frozenset({"CHECKING", "REGISTERING", "DISCARDED"}),
        "REGISTERING": frozenset({"REGISTERED", "REFUSED", "READY"}),
        "REGISTERED": frozenset(),
        "REFUSED": frozenset({"CHECKING"}),
        "DISCARDED": frozenset(),
    }
    FACES: ClassVar[dict[str, Face]] = {
        "MAPPING": Face("열 지정 대기", "waiting", "담당자"),
        "CHECKING": Face("검사 중", "running", "시스템"),
        "READY": Face("등록 대기", "waiting", "담당자"),
        "REGISTERING": Face("등록 중", "running", "시스템"),
        "REGISTERED": Face("등록 완료", "arrived"),
        "REFUSED": Face("등록하지 않음", "wrong", "담당자"),
        "DISCARDED": Face("취소됨", "neutral"),
    }

    status = models.CharField(max_length=12, default="CHECKING")
    status_updated_at = models.DateTimeField(auto_now_add=True)
    file = models.FileField(upload_to=upload_path, default="")
    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64)
    mode = models.CharField(max_length=16, choices=UploadMode, default=UploadMode.VALID_ROWS_ONLY)
    received_by = models.CharField(max_length=200, default="")
    corrects = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="corrections",
        help_text="반려된 행을 고쳐 올린 파일이면 그 원래 업로드",
    )
    job = models.OneToOneField(
        Job, on_delete=models.PROTECT, null=True, related_name="order_upload"
    )
    row_count = models.BigIntegerField(default=0)
    rejected_row_count = models.BigIntegerField(default=0)
    transfer_count = models.BigIntegerField(default=0)
    settlement_amount = models.BigIntegerField(
        default=0, help_text="원화 정산 금액의 합, 취소는 뺀 값"
    )
    rejections_closed_at = models.DateTimeField(
        null=True, help_text="남은 반려 행을 고치지 않기로 한 일시"
    )
    summary = models.JSONField(default=dict, help_text="파일의 모양, 열 설정, 합계")
    preview = models.JSONField(default=dict, help_text="검사한 때의 열별·파트너별 합계와 예")

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["workspace", "file_sha256"],
                condition=Q(status__in=LIVE_UPLOADS),
                name="upload_file_once",
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                condition=Q(status__in=LIVE_UPLOADS),
                name="upload_corrected_once",
            ),
            models.CheckConstraint(
                condition=Q(job__isnull=False) | Q(status__in=["MAPPING", "DISCARDED"]),
                name="upload_has_its_job",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "-id"], name="upload_newest"),
        ]


class OrderColumnMapping(WorkspaceRow):
    """A layout someone described once; a file with the same headings is read by it."""

    name = models.CharField(max_length=60)
    header = models.JSONField(default=list, help_text="이 설정이 알아보는 머리글")
    header_sha256 = models.CharField(max_length=64)
    content = models.JSONField(help_text="settlements.upload.mapping.ColumnMapping")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(fields=["workspace", "name"], name="column_mapping_name"),
            models.UniqueConstraint(
                fields=["workspace", "header_sha256"], name="column_mapping_header"
            ),
        ]
