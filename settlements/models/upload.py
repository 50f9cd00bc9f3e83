"""A file of orders on its way in: checked first, then registered, never twice."""

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


def upload_path(upload: OrderUpload, filename: str) -> str:
    return f"uploads/{upload.public_id}/{filename}"


class OrderUpload(WorkspaceRow):
    """`job` is the one at work or the last one: first it checks, then it registers."""

    TRANSITIONS: ClassVar[Transitions] = {
        "CHECKING": frozenset({"READY", "REFUSED", "DISCARDED"}),
        "READY": frozenset({"REGISTERING", "DISCARDED"}),
        "REGISTERING": frozenset({"REGISTERED", "REFUSED", "READY"}),
        "REGISTERED": frozenset(),
        "REFUSED": frozenset(),
        "DISCARDED": frozenset(),
    }
    FACES: ClassVar[dict[str, Face]] = {
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
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="order_upload")
    row_count = models.BigIntegerField(default=0)
    rejected_row_count = models.BigIntegerField(default=0)
    transfer_count = models.BigIntegerField(default=0)
    summary = models.JSONField(default=dict, help_text="미리보기 합계")

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["workspace", "file_sha256"],
                condition=Q(status__in=["CHECKING", "READY", "REGISTERING", "REGISTERED"]),
                name="upload_file_once",
            ),
        ]
