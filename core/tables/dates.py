"""Text of one cell → day or instant. Refusals are BadCell.

Two-digit years and days before months are refused: nobody can tell which is which.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from unicodedata import normalize

from django.utils.translation import gettext as _

from core.clock import KST
from core.money import Rounding, divide
from core.tables.errors import BadCell, shown

FIRST_YEAR, LAST_YEAR = 2000, 2099
EXCEL_DAY_ZERO = date(1899, 12, 30)
"""Serial dates count from here (after Excel's 29 February 1900 that never was)."""
SERIAL_DATE = re.compile(r"^(\d{5})(?:\.(\d{1,12}))?$", re.ASCII)
KOREAN_DATE = re.compile(
    r"^(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*[.일]?"
    r"(?:[\sT]+(오전|오후)?\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.0+)?)?)?$",
    re.ASCII,
)
COMPACT_MOMENT = re.compile(r"^(\d{8})\s?(\d{6})$", re.ASCII)
"""20240131140500, as payment companies write it."""


@lru_cache(maxsize=4096)
def day(text: str) -> date:
    """A Korean calendar day, in any of the ways people and spreadsheets write it."""
    return moment(text).astimezone(KST).date()


@lru_cache(maxsize=4096)
def moment(text: str) -> datetime:
    """An instant; without an offset it is Korean time."""
    plain = text if text.isascii() else normalize("NFKC", text)
    instant = _serial_moment(plain) or _written_moment(plain)
    if instant is None:
        problem = _("날짜가 아닙니다: %(text)s (예: 2024-01-31 14:05:00)")
        raise BadCell("NOT_A_DATE", problem % {"text": shown(text)})
    instant = instant.replace(tzinfo=KST) if instant.tzinfo is None else instant
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        facts = {"first": FIRST_YEAR, "last": LAST_YEAR, "text": shown(text)}
        raise BadCell("DATE_RANGE", _("%(first)s–%(last)s년의 날짜가 아닙니다: %(text)s") % facts)
    return instant.astimezone(UTC)


def _serial_moment(text: str) -> datetime | None:
    serial = SERIAL_DATE.match(text)
    if not serial:
        return None
    whole, fraction = serial.groups(default="0")
    seconds = divide(int(fraction) * 86_400, 10 ** len(fraction), Rounding.HALF_UP)
    return datetime.combine(EXCEL_DAY_ZERO, time()) + timedelta(days=int(whole), seconds=seconds)


def _written_moment(text: str) -> datetime | None:
    plain = COMPACT_MOMENT.sub(r"\1T\2", text) if text[:8].isdigit() else text
    try:
        return datetime.fromisoformat(plain)
    except ValueError:
        return _korean_moment(text)


def _korean_moment(text: str) -> datetime | None:
    written = KOREAN_DATE.match(text)
    if not written:
        return None
    year, month, day_of_month, half, hour, minute, second = written.groups()
    hours = int(hour or 0)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half == "오후" else 0)
    try:
        return datetime(  # noqa: DTZ001  # the caller adds the zone
            int(year), int(month), int(day_of_month), hours, int(minute or 0), int(second or 0)
        )
    except ValueError:
        return None
