"""Text of one cell → value. Everything a spreadsheet may do to a number or a date is named."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from unicodedata import normalize

from core.clock import KST
from core.companies.identifiers import PUBLIC_ID
from core.money import MAX_WON, Rounding, divide
from settlements.upload.errors import BadCell

Parser = Callable[[str], Any]

MAX_QUANTITY = 1_000_000
MAX_PARAMETER_SCALE = 5
FIRST_YEAR, LAST_YEAR = 2000, 2099
EXCEL_DAY_ZERO = date(1899, 12, 30)
"""Serial dates count from here (after Excel's 29 February 1900 that never was)."""

TYPES = {"주문": "ORDER", "주문취소": "ORDER_CANCEL", "취소": "ORDER_CANCEL", "수기": "MANUAL"}
METHODS = {
    "카드": "CARD",
    "신용카드": "CARD",
    "계좌이체": "TRANSFER",
    "가상계좌": "VIRTUAL_ACCOUNT",
    "상품권": "GIFT_CERTIFICATE",
    "휴대폰": "MOBILE",
    "모바일": "MOBILE",
    "간편결제": "EASY_PAY",
}
CURRENCIES = frozenset({"KRW", "USD", "JPY", "EUR", "CNY", "TWD", "AUD", "THB", "HKD"})
"""Those a settlement may have (contract.md d.1)."""

WHOLE_NUMBER = re.compile(r"^-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.0+)?$", re.ASCII)
SCIENTIFIC = re.compile(r"^-?\d(?:\.\d+)?[eE]\+?\d+$", re.ASCII)
DECIMAL = re.compile(r"^-?\d{1,12}(?:\.\d+)?$", re.ASCII)
SERIAL_DATE = re.compile(r"^(\d{5})(?:\.(\d{1,12}))?$", re.ASCII)
KOREAN_DATE = re.compile(
    r"^(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*[.일]?"
    r"(?:[\sT]+(오전|오후)?\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.0+)?)?)?$",
    re.ASCII,
)
COMPACT_MOMENT = re.compile(r"^(\d{8})\s?(\d{6})$", re.ASCII)
"""20240131140500, as payment companies write it."""
SPREADSHEET_GUARD = re.compile(r"^'(?=[=+\-@\t\r\n])")
"""The apostrophe of our own files that keeps a spreadsheet from running the text behind it."""


def shown(text: str) -> str:
    """A cell inside a message: short, on one line, without the NUL that a database refuses."""
    flat = " ".join(text.replace("\0", "\ufffd").split())
    return f"「{flat[:30]}…」" if len(flat) > 30 else f"「{flat}」"


def whole_number(text: str) -> int:
    """1234 · 1,234 · ₩1,234 · 1,234원 · 1234.00 · １，２３４"""
    if text.isascii() and text.isdigit() and len(text) < 16:
        return int(text)
    plain = normalize("NFKC", text).replace("−", "-").replace("-₩", "-").strip("₩원 ")
    if SCIENTIFIC.match(plain):
        raise BadCell(
            "SCIENTIFIC",
            f"지수로 적힌 숫자 {shown(text)}는 끝자리를 알 수 없습니다."
            " 셀 서식을 '숫자'로 바꿔 다시 저장해 주세요.",
        )
    if not WHOLE_NUMBER.match(plain):
        raise BadCell("NOT_A_NUMBER", f"숫자가 아닙니다: {shown(text)}")
    digits = plain.split(".")[0].replace(",", "")
    if len(digits) > 20:
        raise BadCell("TOO_LARGE", f"너무 큰 숫자입니다: {shown(text)}")
    return int(digits)


def signed_amount(text: str) -> int:
    """Won, either sign (수기)."""
    amount = whole_number(text)
    if abs(amount) > MAX_WON:
        raise BadCell("TOO_LARGE", f"너무 큰 금액입니다: {shown(text)} (최대 {MAX_WON:,})")
    return amount


def amount(text: str) -> int:
    """Won, not negative."""
    won = signed_amount(text)
    if won < 0:
        raise BadCell("NEGATIVE", f"음수는 쓸 수 없습니다: {shown(text)}")
    return won


def quantity(text: str) -> int:
    number = whole_number(text)
    if not 1 <= number <= MAX_QUANTITY:
        raise BadCell("QUANTITY", f"1부터 {MAX_QUANTITY:,}까지의 수량이어야 합니다: {shown(text)}")
    return number


def decimal(text: str) -> tuple[int, int]:
    """A settlement parameter: (value, scale), value × 10^-scale (contract.md a.7)."""
    plain = normalize("NFKC", text).replace(",", "")
    if not DECIMAL.match(plain):
        raise BadCell("NOT_A_NUMBER", f"숫자가 아닙니다: {shown(text)}")
    whole, _, fraction = plain.partition(".")
    fraction = fraction.rstrip("0")
    if len(fraction) > MAX_PARAMETER_SCALE:
        raise BadCell("SCALE", f"소수는 {MAX_PARAMETER_SCALE}자리까지입니다: {shown(text)}")
    return int(whole + fraction), len(fraction)


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
        raise BadCell("NOT_A_DATE", f"날짜가 아닙니다: {shown(text)} (예: 2024-01-31 14:05:00)")
    instant = instant.replace(tzinfo=KST) if instant.tzinfo is None else instant
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise BadCell("DATE_RANGE", f"{FIRST_YEAR}–{LAST_YEAR}년의 날짜가 아닙니다: {shown(text)}")
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


def transfer_type(text: str) -> str:
    word = TYPES.get(text.replace(" ", ""), text.upper())
    if word not in TYPES.values():
        raise BadCell("TYPE", f"주문 · 주문취소 · 수기 가운데 하나여야 합니다: {shown(text)}")
    return word


def payment_method(text: str) -> str:
    word = METHODS.get(text.replace(" ", ""), text.upper())
    if word not in METHODS.values():
        words = " · ".join(dict.fromkeys(METHODS))
        raise BadCell("METHOD", f"{words} 가운데 하나여야 합니다: {shown(text)}")
    return word


def currency(text: str) -> str:
    code = text.upper()
    if code not in CURRENCIES:
        raise BadCell("CURRENCY", f"정산할 수 없는 통화입니다: {shown(text)}")
    return code


def text_up_to(limit: int) -> Parser:
    """Free text without control characters. What a spreadsheet would run stays the text it is;
    our own files guard it (core.console.grid.files.harmless)."""

    def parse(text: str) -> str:
        if text[0] == "'":
            text = SPREADSHEET_GUARD.sub("", text)
        if not text.isprintable():
            raise BadCell("CONTROL", f"보이지 않는 제어 문자가 들어 있습니다: {shown(text)}")
        if len(text) > limit:
            raise BadCell("TOO_LONG", f"{limit:,}자까지 쓸 수 있습니다 (지금 {len(text):,}자).")
        return text

    return parse


def _refuse_mangled(text: str) -> None:
    if SCIENTIFIC.match(text):
        raise BadCell(
            "SCIENTIFIC",
            f"엑셀이 아이디를 숫자로 바꿨습니다: {shown(text)}"
            " 셀 서식을 '텍스트'로 바꾸고 원래 아이디를 넣어 주세요.",
        )


_payment_text = text_up_to(200)


def payment_id(text: str) -> str:
    _refuse_mangled(text)
    return str(_payment_text(text))


def public_id(text: str) -> str:
    """An id of ours (contract.md a.2)."""
    if PUBLIC_ID.match(text) and not SCIENTIFIC.match(text):
        return text
    _refuse_mangled(text)
    raise BadCell("ID", f"아이디는 영문·숫자·_.:- 100자까지입니다: {shown(text)}")


def public_ids(text: str) -> tuple[str, ...]:
    ids = tuple(public_id(part.strip()) for part in text.split(";") if part.strip())
    if len(set(ids)) != len(ids):
        raise BadCell("REPEATED", f"같은 아이디가 두 번 있습니다: {shown(text)}")
    return ids
