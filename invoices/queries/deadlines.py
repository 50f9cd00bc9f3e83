"""Documents that must be issued soon, and what it costs when they are not (korea-rules 2.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet, Sum

from core import clock
from core.clock import Calendar
from core.companies.access import calendar_of, rows
from core.companies.models import Workspace
from core.money import apply_rate
from invoices.models import TaxInvoice
from invoices.rules import (
    ORIGINAL_DATE_REASONS,
    PENALTY_RATES,
    Lateness,
    final_return_due,
    lateness,
)

WATCH_DAYS = 10
UNISSUED = ("DRAFTED", "REQUESTED", "REQUEST_FAILED", "ISSUE_FAILED", "REQUEST_REFUSED")
"""Statuses in which nothing exists in law yet, although the supply happened."""


@dataclass(frozen=True)
class Deadline:
    """Unissued documents of one due date; amounts in won."""

    due: date
    days_left: int
    waiting_count: int
    """Requested, and the partner has not answered."""
    unsent_count: int
    """Ours to send, correct or write anew."""
    supply: int
    penalty: int
    """What the supplier would owe if issued after the date (or is owed to be late today)."""

    @property
    def count(self) -> int:
        return self.waiting_count + self.unsent_count

    @property
    def late_days(self) -> int:
        return max(-self.days_left, 0)

    @property
    def is_late(self) -> bool:
        return self.days_left < 0


def unissued(workspace: Workspace) -> QuerySet[TaxInvoice]:
    """Live documents that still have to be issued; corrections of mistakes have no deadline."""
    live = rows(TaxInvoice, workspace).filter(deleted_at=None, status__in=UNISSUED)
    return live.exclude(modification_type__in=ORIGINAL_DATE_REASONS)


def due_soon(workspace: Workspace, days: int = WATCH_DAYS) -> QuerySet[TaxInvoice]:
    """Unissued and due within so many days, or overdue but still declarable."""
    until = clock.today() + timedelta(days=days)
    return unissued(workspace).filter(issuance_due_date__lte=until)


def deadlines(workspace: Workspace, days: int = WATCH_DAYS) -> list[Deadline]:
    """The watch: one line per due date, soonest first, at most a year back."""
    today, calendar = clock.today(), calendar_of(workspace.company)
    found = due_soon(workspace, days).filter(issuance_due_date__gte=clock.months_later(today, -12))
    return list(_lines(found, today, calendar))


def _lines(found: QuerySet[TaxInvoice], today: date, calendar: Calendar) -> Iterator[Deadline]:
    waiting = Q(status="REQUESTED")
    grouped = (
        found.values("issuance_due_date")
        .annotate(
            waiting=Count("pk", filter=waiting),
            unsent=Count("pk", filter=~waiting),
            supply=Sum("total_supply_amount"),
        )
        .order_by("issuance_due_date")
    )
    for row in grouped:
        due: date = row["issuance_due_date"]
        yield Deadline(
            due=due,
            days_left=(due - today).days,
            waiting_count=row["waiting"],
            unsent_count=row["unsent"],
            supply=row["supply"],
            penalty=_penalty(due, row["supply"], today, calendar),
        )


def _penalty(due: date, supply: int, today: date, calendar: Calendar) -> int:
    """At the rate of the day after the deadline, or of today when that has passed."""
    write_month = clock.months_later(due.replace(day=1), -1)
    late = lateness(write_month, max(today, due + timedelta(days=1)), calendar)
    late = Lateness.LATE if late is Lateness.ON_TIME else late
    return apply_rate(max(supply, 0), PENALTY_RATES[late][0])


def last_day(invoice: TaxInvoice) -> date:
    """After this day the recipient's input tax is lost."""
    return final_return_due(invoice.write_date, calendar_of(invoice.workspace.company))
