"""Text of one cell of orders → value; numbers and dates as in every table (core.tables)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from core.companies.identifiers import PUBLIC_ID
from core.money import WON
from core.tables.dates import day, moment
from core.tables.errors import shown
from core.tables.numbers import CURRENCIES, SCIENTIFIC, money, whole_number, written
from settlements.upload.errors import BadCell

__all__ = [
    "Parser",
    "amount",
    "currency",
    "day",
    "decimal",
    "moment",
    "name_up_to",
    "payment_id",
    "payment_method",
    "public_id",
    "public_ids",
    "quantity",
    "signed_amount",
    "text_up_to",
    "transfer_type",
]

Parser = Callable[[str], Any]

MAX_QUANTITY = 1_000_000
MAX_PARAMETER_SCALE = 5

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
DECIMAL = re.compile(r"^-?(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,12})(?:\.\d+)?$", re.ASCII)
SPREADSHEET_GUARD = re.compile(r"^'(?=[=+\-@\t\r\n])")
"""The apostrophe of our own files that keeps a spreadsheet from running the text behind it."""
IN_NAMES = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000\u200d]")
"""Spaces of web pages and of Korean type, and what joins an emoji: printable to people."""


def signed_amount(text: str, currency: str = WON) -> int:
    """Either sign (수기), in the smallest unit of the currency it names, else of this one."""
    if currency == WON and text.isascii() and text.isdigit() and len(text) < 16:
        return int(text)
    return money(text).units(currency)


def amount(text: str, currency: str = WON) -> int:
    """Not negative, else as `signed_amount`."""
    units = signed_amount(text, currency)
    if units < 0:
        raise BadCell("NEGATIVE", f"음수는 쓸 수 없습니다: {shown(text)}")
    return units


def quantity(text: str) -> int:
    number = whole_number(text)
    if not 1 <= number <= MAX_QUANTITY:
        raise BadCell("QUANTITY", f"1부터 {MAX_QUANTITY:,}까지의 수량이어야 합니다: {shown(text)}")
    return number


def decimal(text: str) -> tuple[int, int]:
    """A settlement parameter: (value, scale), value × 10^-scale (contract.md a.7)."""
    said = written(text)
    if said is None or said.currency or not DECIMAL.match(said.number):
        raise BadCell("NOT_A_NUMBER", f"숫자가 아닙니다: {shown(text)}")
    whole, _, fraction = said.number.replace(",", "").partition(".")
    fraction = fraction.rstrip("0")
    if len(fraction) > MAX_PARAMETER_SCALE:
        raise BadCell("SCALE", f"소수는 {MAX_PARAMETER_SCALE}자리까지입니다: {shown(text)}")
    return int(whole + fraction), len(fraction)


def _our_word(text: str) -> str:
    """Without spaces, and composed: a Mac may write 주문 as six letters."""
    return unicodedata.normalize("NFC", "".join(text.split()))


def transfer_type(text: str) -> str:
    word = TYPES.get(_our_word(text), text.upper())
    if word not in TYPES.values():
        raise BadCell("TYPE", f"주문 · 주문취소 · 수기 가운데 하나여야 합니다: {shown(text)}")
    return word


def payment_method(text: str) -> str:
    word = METHODS.get(_our_word(text), text.upper())
    if word not in METHODS.values():
        words = " · ".join(dict.fromkeys(METHODS))
        raise BadCell("METHOD", f"{words} 가운데 하나여야 합니다: {shown(text)}")
    return word


def currency(text: str) -> str:
    code = text.upper()
    if code not in CURRENCIES:
        raise BadCell("CURRENCY", f"정산할 수 없는 통화입니다: {shown(text)}")
    return code


def text_up_to(limit: int, *, is_id: bool = True) -> Parser:
    """Free text without control characters; of an id without anything that nobody sees. What a
    spreadsheet would run stays the text it is; our own files guard it
    (core.console.grid.files.harmless)."""

    def parse(text: str) -> str:
        if text[0] == "'":
            text = SPREADSHEET_GUARD.sub("", text)
        if not text.isprintable() and (is_id or not IN_NAMES.sub("", text).isprintable()):
            raise BadCell("CONTROL", f"보이지 않는 제어 문자가 들어 있습니다: {shown(text)}")
        if len(text) > limit:
            raise BadCell("TOO_LONG", f"{limit:,}자까지 쓸 수 있습니다 (지금 {len(text):,}자).")
        return text

    return parse


def name_up_to(limit: int) -> Parser:
    """What people call things, as they write it."""
    return text_up_to(limit, is_id=False)


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
