"""Korean dates and business days."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from django.utils import timezone

KST = ZoneInfo("Asia/Seoul")
UTC = ZoneInfo("UTC")


def now() -> datetime:
    return timezone.now()


def today() -> date:
    """Today in Korea."""
    return kst_date(now())


@lru_cache(maxsize=1_024)
def kst_date(moment: datetime) -> date:
    return moment.astimezone(KST).date()


def kst_midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=KST)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=64)
def legal_holidays(year: int) -> frozenset[date]:
    """Public and bank holidays, substitute and temporary ones included (korea-rules 9)."""
    table = holidays.country_holidays("KR", years=year, categories=("public", "bank"))
    return frozenset(table)


@dataclass(frozen=True)
class Calendar:
    """Business days: Monday to Friday, less legal holidays, corrected by overrides."""

    added: frozenset[date] = frozenset()
    removed: frozenset[date] = frozenset()

    def is_holiday(self, day: date) -> bool:
        if day in self.added:
            return True
        return day in legal_holidays(day.year) and day not in self.removed

    def is_business_day(self, day: date) -> bool:
        return day.weekday() < 5 and not self.is_holiday(day)

    def on_or_before(self, day: date) -> date:
        while not self.is_business_day(day):
            day -= timedelta(days=1)
        return day

    def on_or_after(self, day: date) -> date:
        while not self.is_business_day(day):
            day += timedelta(days=1)
        return day

    def after(self, day: date) -> date:
        return self.on_or_after(day + timedelta(days=1))

    @classmethod
    def with_overrides(cls, added: Iterable[date], removed: Iterable[date]) -> Calendar:
        return cls(frozenset(added), frozenset(removed))
