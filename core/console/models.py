"""What a person keeps in the console: chosen columns, saved views, pressed buttons."""

from __future__ import annotations

from django.db import models

from core.companies.models import Company, User


class SavedView(models.Model):
    """A list as someone wants to see it again.

    `query` and `columns` are independent: a view without one leaves that part as it is.
    The row with an empty name holds its owner's own columns for the list.
    """

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    grid = models.CharField(max_length=80)
    name = models.CharField(max_length=60, blank=True)
    is_shared = models.BooleanField(default=False)
    query = models.JSONField(null=True, blank=True)
    columns = models.JSONField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "owner", "grid", "name"], name="saved_view_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(name="") | models.Q(is_shared=False, query=None),
                name="saved_view_own_columns_stay_own",
            ),
        ]

    def __str__(self) -> str:
        return self.name or "내 표 설정"


class Submission(models.Model):
    """A confirmed button. Its token is unique, so a double click acts once."""

    token = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
