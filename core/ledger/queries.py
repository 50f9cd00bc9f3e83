"""Balances are sums over lines, never counters. Each is of one currency, in its smallest unit."""

from __future__ import annotations

from django.db.models import QuerySet, Sum

from core.companies.models import Workspace
from core.ledger.models import NET, Line
from core.money import WON


def balance(
    workspace: Workspace, code: str, subject: str | None = None, currency: str = WON
) -> int:
    """Debit minus credit over one account code (of one subject when given)."""
    lines = _lines(workspace, currency).filter(account__code=code)
    if subject is not None:
        lines = lines.filter(account__subject=subject)
    total: int | None = lines.aggregate(total=Sum(NET))["total"]
    return total or 0


def balances_by_subject(workspace: Workspace, code: str, currency: str = WON) -> dict[str, int]:
    """Balance of every subject under one code, zero ones included."""
    lines = _lines(workspace, currency).filter(account__code=code)
    return dict(lines.values_list("account__subject").annotate(total=Sum(NET)))


def trial_balance(workspace: Workspace, currency: str = WON) -> dict[str, int]:
    """Balance per code; Σ is zero or the books are broken."""
    sums = _lines(workspace, currency).values_list("account__code").annotate(total=Sum(NET))
    return dict(sums.order_by("account__code"))


def gaps(workspace: Workspace) -> dict[str, int]:
    """Σ of all balances in each currency where it is not zero: none, or the books are broken."""
    sums = Line.objects.filter(account__workspace=workspace).values_list("account__currency")
    return dict(sums.annotate(gap=Sum(NET)).exclude(gap=0).order_by("account__currency"))


def _lines(workspace: Workspace, currency: str) -> QuerySet[Line]:
    return Line.objects.filter(account__workspace=workspace, account__currency=currency)
