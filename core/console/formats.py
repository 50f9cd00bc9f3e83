"""Words and numbers as people read them; one place for console, mails and documents."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.clock import KST
from core.events.transitions import Face
from core.money import RATE_ONE, WON, decimals, in_whole_units
from core.words import said

MINUS = "−"
NOTHING = mark_safe('<span class="nothing">–</span>')


def won(amount: int) -> str:
    """`1,284,000`, minus as `−`, zero as `0`."""
    return f"{MINUS if amount < 0 else ''}{abs(int(amount)):,}"


def figure(amount: int, currency: str = WON) -> str:
    """`1,284,000` won, `12,840.00` of what is kept in hundredths."""
    if not decimals(currency):
        return won(amount)
    return f"{MINUS if amount < 0 else ''}{in_whole_units(abs(amount), currency):,f}"


def unit_of(currency: str) -> str:
    """원 for won, the code for anything else."""
    return str(said("원")) if currency == WON else currency


def sum_in(amount: int, currency: str = WON) -> str:
    """`1,284,000원`, `12,840.00 USD`"""
    return f"{figure(amount, currency)}{apart(unit_of(currency))}"


def money(amount: int, minus: str = "", unit: str = "", currency: str = WON) -> SafeString:
    """`figure` as HTML: a negative amount gets a colour and, if given, a word after the unit."""
    shown, unit = figure(amount, currency), apart(unit)
    if amount >= 0:
        return format_html("{}{}", shown, unit)
    word = format_html(' <small class="minus-word">{}</small>', minus) if minus else ""
    return format_html('<span class="minus">{}{}{}</span>', shown, unit, word)


def apart(unit: str) -> str:
    """A unit as it follows a number: `원` at once, `USD` after a space."""
    return f" {unit}" if unit.isascii() and unit.isalpha() else unit


def percent(rate: int) -> str:
    """A rate in 10⁻⁵: 3300 → `3.3%`."""
    whole, rest = divmod(abs(rate) * 100, RATE_ONE)
    decimals = f".{rest:05d}".rstrip("0").rstrip(".")
    return f"{MINUS if rate < 0 else ''}{whole}{decimals}%"


def day(value: date) -> str:
    return f"{value:%Y-%m-%d}"


def moment(value: datetime) -> str:
    """Korean time to the minute."""
    return f"{value.astimezone(KST):%Y-%m-%d %H:%M}"


def duration(value: timedelta) -> str:
    """`2시간 5분`, `1분 20초`, `8초`: the two largest units."""
    seconds = int(value.total_seconds())
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    parts = [
        _("%(hours)s시간") % {"hours": hours} if hours else "",
        _("%(minutes)s분") % {"minutes": minutes} if minutes else "",
        _("%(seconds)s초") % {"seconds": rest} if rest or not seconds else "",
    ]
    return " ".join([part for part in parts if part][:2])


def badge(face: Face) -> SafeString:
    """A state: word, tone, and who acts next on hover."""
    hint = _("다음: %(actor)s") % {"actor": said(face.next_actor)} if face.next_actor else ""
    label = said(face.label)
    return format_html('<span class="badge tone-{}" title="{}">{}</span>', face.tone, hint, label)


def registration_number(digits: str) -> str:
    """1234567890 → 123-45-67890."""
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}" if len(digits) == 10 else digits
