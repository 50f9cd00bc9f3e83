"""Job: a row for every long piece of work. The row is the truth; the broker rings the bell."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from core.companies.models import WorkspaceRow
from core.events.transitions import Face, Transitions


def job_path(job: Job, filename: str) -> str:
    return f"jobs/{job.public_id}/{filename}"


class Job(WorkspaceRow):
    class Status(models.TextChoices):
        WAITING = "WAITING", "대기"
        RUNNING = "RUNNING", "진행 중"
        SUCCEEDED = "SUCCEEDED", "완료"
        FAILED = "FAILED", "실패"
        CANCELLED = "CANCELLED", "취소됨"

    TRANSITIONS: ClassVar[Transitions] = {
        "WAITING": frozenset({"RUNNING", "CANCELLED"}),
        "RUNNING": frozenset({"SUCCEEDED", "FAILED", "CANCELLED", "WAITING"}),
        "FAILED": frozenset({"WAITING"}),
        "SUCCEEDED": frozenset(),
        "CANCELLED": frozenset(),
    }
    FACES: ClassVar[dict[str, Face]] = {
        "WAITING": Face("대기", "neutral", "작업자"),
        "RUNNING": Face("진행 중", "running", "작업자"),
        "SUCCEEDED": Face("완료", "arrived"),
        "FAILED": Face("실패", "wrong", "담당자"),
        "CANCELLED": Face("취소됨", "neutral"),
    }

    kind = models.CharField(max_length=60, help_text="등록된 작업 종류")
    title = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    status_updated_at = models.DateTimeField(auto_now_add=True)
    params = models.JSONField(default=dict)
    stage = models.CharField(max_length=60, blank=True)
    total_count = models.BigIntegerField(default=0)
    done_count = models.BigIntegerField(default=0)
    failed_count = models.BigIntegerField(default=0)
    cursor = models.JSONField(default=dict, help_text="다시 시작할 때 이어 갈 자리")
    result = models.JSONField(default=dict)
    input_file = models.FileField(upload_to=job_path, blank=True)
    result_file = models.FileField(upload_to=job_path, blank=True)
    error = models.TextField(blank=True)
    cancel_requested_at = models.DateTimeField(null=True, blank=True)
    claim = models.CharField(max_length=40, blank=True, help_text="지금 잡고 있는 작업자")
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=100, blank=True)
    actor_name = models.CharField(max_length=200)

    class Meta(WorkspaceRow.Meta):
        indexes = [
            models.Index(
                fields=["status", "heartbeat_at"],
                condition=models.Q(status__in=["WAITING", "RUNNING"]),
                name="job_unfinished",
            )
        ]


class JobFailure(models.Model):
    """One row of the input that did not go through, and why."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="failures")
    row_number = models.BigIntegerField(default=0)
    column = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=120)
    message = models.TextField()
    raw = models.JSONField(default=dict)


class Heartbeat(models.Model):
    """Sign of life of a process kind; a silent one is said on the console's first page."""

    name = models.CharField(max_length=60, unique=True)
    seen_at = models.DateTimeField()
