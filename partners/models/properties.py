from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models

from core.companies.models import Workspace


class PropertyDefinition(models.Model):
    """A user-defined property of partners or transfers (contract.md h.2)."""

    class ObjectType(models.TextChoices):
        PARTNER = "PARTNER", "파트너"
        TRANSFER = "TRANSFER", "정산건"

    LIMIT_PER_TYPE = 10

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    object_type = models.CharField(max_length=8, choices=ObjectType)
    key = models.CharField(
        "키", max_length=60, validators=[RegexValidator(r"^[A-Za-z0-9_]+$")], db_collation="C"
    )
    name = models.CharField("이름", max_length=100)
    is_secret = models.BooleanField("소유자·관리자만 보기", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "object_type", "key"], name="property_key_once"
            )
        ]
