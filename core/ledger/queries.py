"""Balances are sums over lines, never counters."""

from __future__ import annotations

from django.db.models import Sum

from core.companies.models import Workspace
from core.ledger.models import NET, Line


def balance(workspace: Workspace, code: str, subject: str | None = None) -> int:
    """Debit minus credit, in won, over one account code (of one subject when given)."""
    lines = Line.objects.filter(account__workspace=workspace, account__code=code)
    if subject is not None:
        lines = lines.filter(account__subject=subject)
    total: int | None = lines.aggregate(total=Sum(NET))["total"]
    return total or 0


def balances_by_subject(workspace: Workspace, code: str) -> dict[str, int]:
    """Balance of every subject under one code, zero ones included."""
    rows = (
        Line.objects.filter(account__workspace=workspace, account__code=code)
        .values_list("account__subject")
        .annotate(total=Sum(NET))
    )
    return dict(rows)


def trial_balance(workspace: Workspace) -> dict[str, int]:
    """Balance per code; Σ is zero or the books are broken."""
    rows = (
        Line.objects.filter(account__workspace=workspace)
        .values_list("account__code")
        .annotate(total=Sum(NET))
        .order_by("account__code")
    )
    return dict(rows)
