"""Text of one cell → a whole number, or money and the currency it names. Refusals are BadCell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple
from unicodedata import normalize

from django.utils.translation import gettext as _

from core.money import MAX_WON, WON, in_smallest_units, in_whole_units
from core.tables.errors import BadCell, shown

CURRENCIES = frozenset({"KRW", "USD", "JPY", "EUR", "CNY", "TWD", "AUD", "THB", "HKD"})
"""Those a settlement may have (contract.md d.1)."""
CURRENCY_SIGNS = {"₩": WON, "원": WON, "\\": WON, "$": "USD", "€": "EUR"}
"""Korean fonts draw a backslash as ₩."""
NEGATIVE = frozenset("-−△▲(")
SIGNS = NEGATIVE | {"+"}
MAX_DIGITS = 20

CODES = "|".join(sorted(CURRENCIES))
BEFORE = re.compile(rf"\s*({CODES}|[₩원$€\\+\-−△▲(])\s*", re.IGNORECASE)
AFTER = re.compile(rf"\s*({CODES}|[₩원$€\\)])\s*", re.IGNORECASE)
FRAMED = re.compile(r"([^0-9]*)([0-9][0-9,.]*)([^0-9]*)")
PLAIN = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,10}0*)?", re.ASCII)
"""Few enough digits for exact Decimals."""
SCIENTIFIC = re.compile(r"^-?\d(?:\.\d+)?[eE]\+?\d+$", re.ASCII)
GUARDED = re.compile(r"^'(?=[+\-=@])")
"""The apostrophe of our own files in front of what a spreadsheet would run."""


class Money(NamedTuple):
    amount: Decimal
    """As it is written: 12.34 dollars."""
    currency: str
    """The one that the cell names, '' when it names none."""

    def units(self, currency: str = WON) -> int:
        """In the smallest unit of its own currency, else of this one. Raises BadCell for a
        fraction of it."""
        currency = self.currency or currency
        facts = {"text": shown(f"{self.amount:,f}"), "currency": currency}
        try:
            units = in_smallest_units(self.amount, currency)
        except ValueError:
            problem = _("%(currency)s 금액에 쓸 수 없는 소수입니다: %(text)s") % facts
            raise BadCell("NOT_A_NUMBER", problem) from None
        if abs(units) > MAX_WON:
            most = f"{in_whole_units(MAX_WON, currency):,f}"
            problem = _("너무 큰 금액입니다: %(text)s (최대 %(most)s)") % {**facts, "most": most}
            raise BadCell("TOO_LARGE", problem)
        return units


class Written(NamedTuple):
    """A number with what stood around it: a minus in front, if any, and a currency or ''."""

    number: str
    currency: str


def written(text: str) -> Written | None:
    """(1,234) · △1,234 · -₩1,234 · KRW 1,234 · 1,234원; None for what is no number."""
    framed = FRAMED.fullmatch(GUARDED.sub("", normalize("NFKC", text)))
    if framed is None:
        return None
    before, after = _marks(BEFORE, framed[1]), _marks(AFTER, framed[3])
    if before is None or after is None:
        return None
    sign, currencies = _sign(before, after), _currencies(before + after)
    if sign is None or len(currencies) > 1:
        return None
    return Written(sign + framed[2], "".join(currencies))


def _marks(pattern: re.Pattern[str], text: str) -> list[str] | None:
    """None when anything else stands there."""
    return None if pattern.sub("", text).strip() else pattern.findall(text)


def _sign(before: list[str], after: list[str]) -> str | None:
    """One sign at most; a parenthesis that opens is one, and closes."""
    signs = [mark for mark in before if mark in SIGNS]
    if len(signs) > 1 or signs.count("(") != after.count(")"):
        return None
    return "-" if NEGATIVE.intersection(signs) else ""


def _currencies(marks: list[str]) -> set[str]:
    named = [mark for mark in marks if mark not in SIGNS and mark != ")"]
    return {CURRENCY_SIGNS.get(mark, mark.upper()) for mark in named}


def money(text: str) -> Money:
    """An amount of either sign, as people and spreadsheets write it."""
    said = Written(text, "") if PLAIN.fullmatch(text) else written(text)
    if said is None or not PLAIN.fullmatch(said.number):
        raise _no_number(text)
    digits = said.number.replace(",", "")
    if len(digits.partition(".")[0]) > MAX_DIGITS:
        raise BadCell("TOO_LARGE", _("너무 큰 숫자입니다: %(text)s") % {"text": shown(text)})
    return Money(Decimal(digits), said.currency)


def won(text: str) -> int:
    """Money that is won."""
    said = money(text)
    if said.currency not in ("", WON):
        raise BadCell("CURRENCY", _("원 금액이 아닙니다: %(text)s") % {"text": shown(text)})
    return said.units()


def whole_number(text: str) -> int:
    """A number that is no money."""
    said = money(text)
    if said.currency:
        raise _no_number(text)
    return said.units()


def named_currency(text: str) -> str:
    """The currency that a cell of money names, or ''."""
    said = None if PLAIN.fullmatch(text) else written(text)
    return said.currency if said else ""


def one_currency(named: Iterable[str]) -> str:
    """Of a transfer whose cells name these; '' when none does."""
    currencies = sorted(set(named) - {""})
    if len(currencies) > 1:
        facts = {"currencies": " · ".join(currencies)}
        raise BadCell("CURRENCY", _("한 정산건에 통화가 둘 이상입니다: %(currencies)s") % facts)
    return "".join(currencies)


def _no_number(text: str) -> BadCell:
    if SCIENTIFIC.match(normalize("NFKC", text).strip("".join(CURRENCY_SIGNS) + " ")):
        problem = _(
            "지수로 적힌 숫자 %(text)s는 끝자리를 알 수 없습니다."
            " 셀 서식을 '숫자'로 바꿔 다시 저장해 주세요."
        )
        return BadCell("SCIENTIFIC", problem % {"text": shown(text)})
    return BadCell("NOT_A_NUMBER", _("숫자가 아닙니다: %(text)s") % {"text": shown(text)})
