"""Notice: what happened without anybody there, until somebody has seen to it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.companies.models import Workspace


class Notice(models.Model):
    """All that went wrong the same way on one day: thousands of rows are one notice.

    The sentence and who hears it belong to the kind (core.console.notices).
    """

    workspace = models.ForeignKey(
        Workspace, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=80, help_text="종류, 이벤트와 같은 이름")
    day = models.DateField()
    object_id = models.CharField(max_length=100, help_text="처음 일어난 대상")
    name = models.CharField(max_length=300, blank=True, help_text="사람이 부르는 이름")
    count = models.PositiveIntegerField()
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "kind", "day"],
                condition=Q(closed_at=None),
                name="notice_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"
