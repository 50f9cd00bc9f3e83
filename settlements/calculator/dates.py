"""Settlement dates (contract.md e.1, e.3)."""

from __future__ import annotations

import calendar as gregorian
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from core.clock import Calendar
from settlements.calculator.terms import Cycle, CycleMethod, DatePolicy
from settlements.errors import SettlementDateEarlierThanSettlementStartDate


@lru_cache(maxsize=65_536)
def settlement_date(
    start: date,
    cycle: Cycle,
    calendar: Calendar,
    adjust_after_holiday_if_earlier: bool = True,
) -> date:
    """The day a transfer starting on `start` is settled (contract.md e.1).

    Cached, because a bulk upload asks for few starts and few cycles a million times.
    """
    due = next_occurrence(start + timedelta(days=cycle.lag_days), cycle)
    if cycle.date_policy is DatePolicy.HOLIDAY_AFTER:
        return calendar.on_or_after(due)
    if cycle.date_policy is DatePolicy.CALENDAR_DAY:
        return due
    before = calendar.on_or_before(due)
    if before <= start and adjust_after_holiday_if_earlier:
        return calendar.after(due)
    return before


def requested_settlement_date(start: date, requested: date) -> date:
    """A settlement date given in the request: taken as it is, holidays or not (e.1, 2).

    Errors: SettlementDateEarlierThanSettlementStartDate.
    """
    if requested < start:
        raise SettlementDateEarlierThanSettlementStartDate(
            settlementStartDate=start.isoformat(), settlementDate=requested.isoformat()
        )
    return requested


def next_occurrence(earliest: date, cycle: Cycle) -> date:
    """The first day of the cycle on or after `earliest`, holidays not considered."""
    if cycle.method is CycleMethod.DAILY:
        return earliest
    if cycle.method is CycleMethod.WEEKLY:
        wait_days = min((weekday - earliest.weekday()) % 7 for weekday in cycle.days)
        return earliest + timedelta(days=wait_days)
    occurrences = monthly(earliest, cycle.days)
    if cycle.method is CycleMethod.MANUAL_DATES:
        occurrences = yearly(earliest.year, cycle.month_days)
    return next(day for day in occurrences if day >= earliest)


def monthly(earliest: date, days: tuple[int, ...]) -> Iterator[date]:
    """This month's and the next month's days; the 31st is the last day of a shorter month."""
    year, month = earliest.year, earliest.month
    next_year, next_month = (year, month + 1) if month < 12 else (year + 1, 1)
    for day in days:
        yield within_month(year, month, day)
    for day in days:
        yield within_month(next_year, next_month, day)


def yearly(year: int, month_days: tuple[tuple[int, int], ...]) -> Iterator[date]:
    for each_year in (year, year + 1):
        for month, day in month_days:
            yield within_month(each_year, month, day)


def within_month(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, gregorian.monthrange(year, month)[1]))
