"""Formulas and parameters of a workspace, by version (contract.md d.2)."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from core.companies.models import Workspace


class CalculatorVersion(models.Model):
    """A set of formulas in force from `applied_at`; the one at the settlement start date counts.

    A workspace without any version uses the default formulas (d.1).
    """

    class Status(models.TextChoices):
        APPLIED = "APPLIED", "적용됨"
        SCHEDULED = "SCHEDULED", "예약"
        CANCELLED = "CANCELLED", "예약 취소"

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.APPLIED)
    applied_at = models.DateTimeField()
    content = models.JSONField(help_text="수식, 순서, 반올림, 부가세 반올림")
    actor_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace"],
                condition=Q(status="SCHEDULED"),
                name="calculator_one_scheduled",
            ),
            models.UniqueConstraint(fields=["workspace", "id"], name="calculator_in_workspace"),
        ]


class SettlementParameter(models.Model):
    """A number an order may carry into the formulas; value × 10^-scale (contract.md a.7)."""

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(
        max_length=60, validators=[RegexValidator(r"^[A-Za-z_][A-Za-z0-9_]*$")], db_collation="C"
    )
    name = models.CharField(max_length=100)
    default_decimal = models.BigIntegerField(default=0)
    default_scale = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="parameter_key_once"),
            models.CheckConstraint(condition=Q(default_scale__lte=5), name="parameter_scale"),
        ]
