"""Double entry. Lines never change; each entry sums to zero at commit (database triggers)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from core.companies.models import Workspace
from core.events.models import Event


class Account(models.Model):
    """What a balance is of: a code of the chart, and whose (`subject`, may be empty)."""

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40, db_collation="C")
    subject = models.CharField(max_length=100, blank=True, db_collation="C")
    currency = models.CharField(max_length=3, default="KRW")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "code", "subject", "currency"], name="ledger_account_once"
            ),
            models.UniqueConstraint(fields=["workspace", "id"], name="ledger_account_in_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.subject}".strip()


class Entry(models.Model):
    """One posting, named by a key that cannot be used twice."""

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=160, db_collation="C")
    kind = models.CharField(max_length=60)
    posted_on = models.DateField()
    memo = models.CharField(max_length=200, blank=True)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="+")
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="reversed_by"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="ledger_entry_key"),
            models.UniqueConstraint(fields=["workspace", "id"], name="ledger_entry_in_workspace"),
        ]


class Line(models.Model):
    """One side of an entry; exactly one of debit and credit is above zero."""

    workspace = models.ForeignKey(
        Workspace, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="lines")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="lines")
    debit = models.BigIntegerField(default=0)
    credit = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(debit__gt=0, credit=0) | Q(debit=0, credit__gt=0)),
                name="ledger_line_one_side",
            )
        ]

    @property
    def amount(self) -> int:
        """Debit positive, credit negative."""
        return self.debit - self.credit


NET = F("debit") - F("credit")
