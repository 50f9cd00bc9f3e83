"""Terms change over time: the row is today's state, versions are its history and its future."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.companies.models import Workspace, WorkspaceRow


class VersionedRow(WorkspaceRow):
    """A partner, contract or policy as it is now. `applied_at`: since when."""

    name = models.CharField("이름", max_length=200)
    memo = models.CharField("메모", max_length=256, blank=True)
    is_archived = models.BooleanField("보관", default=False)
    applied_at = models.DateTimeField("적용 시각")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(WorkspaceRow.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.name


class Version(models.Model):
    """One state of a versioned row from `applied_at` on (contract.md e.2, g).

    APPLIED versions hold the whole wire-shaped snapshot in `content`; a SCHEDULED one holds the
    update it will make in `update`, and the snapshot it would give today in `content`.
    """

    class Status(models.TextChoices):
        APPLIED = "APPLIED", "적용됨"
        SCHEDULED = "SCHEDULED", "예약"
        CANCELLED = "CANCELLED", "예약 취소"

    workspace = models.ForeignKey(
        Workspace, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    number = models.PositiveIntegerField(
        help_text="1부터; 예약은 적용될 때 번호를 받는다", default=0
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.APPLIED)
    applied_at = models.DateTimeField()
    content = models.JSONField()
    update = models.JSONField(default=dict)
    actor_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(status="SCHEDULED"),
                name="%(class)s_one_scheduled",
            ),
            models.UniqueConstraint(
                fields=["subject", "number"],
                condition=Q(status="APPLIED"),
                name="%(class)s_number",
            ),
            models.UniqueConstraint(fields=["workspace", "id"], name="%(class)s_in_workspace"),
        ]
        indexes = [
            models.Index(
                fields=["applied_at"], condition=Q(status="SCHEDULED"), name="%(class)s_due"
            )
        ]
