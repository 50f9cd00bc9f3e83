"""The URL is the state of a list: what its query string says, and links that change it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.http import QueryDict

from core import clock

NUMBER = re.compile(r"[0-9]{1,9}")
PRESETS = {
    "today": "오늘",
    "yesterday": "어제",
    "7": "7일",
    "30": "30일",
    "90": "90일",
    "all": "전체",
}
PLACE = ("page", "after", "before")
"""Parameters that name a place in the list; every other change starts at the top again."""

GET_ONCE = (*PLACE, "export", "part", "of")


@dataclass(frozen=True)
class Period:
    """Days in Korea, both ends included; None is open."""

    preset: str
    start: date | None
    end: date | None


def period_of(params: QueryDict, default: str) -> Period:
    start, end = _day(params.get("from")), _day(params.get("to"))
    if start or end:
        return Period("custom", start, end)
    preset = params.get("period", default)
    return preset_period(preset if preset in PRESETS else default)


def preset_period(preset: str) -> Period:
    today = clock.today()
    if preset == "today":
        return Period(preset, today, today)
    if preset == "yesterday":
        yesterday = today - timedelta(days=1)
        return Period(preset, yesterday, yesterday)
    if preset.isdigit():
        return Period(preset, today - timedelta(days=int(preset) - 1), today)
    return Period("all", None, None)


def moments(path: str, period: Period) -> Q:
    """Whole days in Korea for a moment field: midnight to the next midnight."""
    condition = Q()
    if period.start:
        condition &= Q(**{f"{path}__gte": clock.kst_midnight(period.start)})
    if period.end and period.end < date.max:  # after which there is no day
        after = period.end + timedelta(days=1)
        condition &= Q(**{f"{path}__lt": clock.kst_midnight(after)})
    return condition


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def changed(params: QueryDict, values: Mapping[str, object], *, drop: Iterable[str] = ()) -> str:
    """The query string with some parameters replaced, back at the first page."""
    copy = params.copy()
    for name in (*GET_ONCE, *drop):
        copy.pop(name, None)
    for name, value in values.items():
        copy.pop(name, None)
        if value not in (None, ""):
            copy[name] = str(value)
    return f"?{copy.urlencode()}"


def without(params: QueryDict, name: str, value: str) -> str:
    """The query string with one of several values taken off, back at the first page."""
    copy = params.copy()
    copy.setlist(name, [each for each in params.getlist(name) if each.strip() not in {value, ""}])
    return changed(copy, {})


def integer(text: str | None, default: int) -> int:
    return int(text) if text and NUMBER.fullmatch(text) else default
