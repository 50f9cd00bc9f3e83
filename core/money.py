"""Won are ints. Rates are ints in 10⁻⁵ (10_000 = 10 %). Every rounding has a name.

Amounts in another currency are ints too, in its smallest unit (contract.md a.7): 1,234 of USD are
12.34 dollars. People read and write them with the point; `decimals` says where it stands.
"""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import NewType

Won = NewType("Won", int)

RATE_ONE = 100_000
"""100 % in the unit of contract.md a.7."""

MAX_WON = 9_007_199_254_740_991
"""Largest amount accepted anywhere: exact in JSON readers that use doubles, far below bigint."""

WON = "KRW"
WITHOUT_DECIMALS = frozenset({"", WON, "JPY"})


def decimals(currency: str) -> int:
    """Digits behind the point of an amount: the smallest unit by ISO 4217. Sums that name no
    currency have none."""
    return 0 if currency in WITHOUT_DECIMALS else 2


def in_whole_units(amount: int, currency: str) -> Decimal:
    """1,234 of USD → 12.34, of KRW → 1234."""
    return Decimal(amount).scaleb(-decimals(currency))


def in_smallest_units(amount: Decimal, currency: str) -> int:
    """12.34 of USD → 1,234. Raises ValueError for a fraction of the smallest unit."""
    units = amount.scaleb(decimals(currency))
    if units != units.to_integral_value():
        raise ValueError(f"{currency} has no such fraction")
    return int(units)


class Rounding(StrEnum):
    """Names as the contract has them (contract.md d.1): OFF is half up, away from zero."""

    DOWN = "DOWN"
    UP = "UP"
    HALF_UP = "OFF"


def divide(numerator: int, denominator: int, rounding: Rounding) -> int:
    """numerator ÷ denominator in whole won; negative amounts mirror positive ones."""
    if denominator <= 0:
        raise ValueError("the denominator must be positive")
    magnitude, rest = divmod(abs(numerator), denominator)
    rounds_up = rounding is Rounding.UP and rest > 0
    rounds_half = rounding is Rounding.HALF_UP and rest * 2 >= denominator
    if rounds_up or rounds_half:
        magnitude += 1
    return magnitude if numerator >= 0 else -magnitude


def apply_rate(amount: int, rate: int, rounding: Rounding = Rounding.DOWN) -> int:
    """amount × rate, rate in 10⁻⁵ (contract.md a.7)."""
    return divide(amount * rate, RATE_ONE, rounding)


def included_vat(total: int, rounding: Rounding = Rounding.DOWN) -> int:
    """The VAT inside a VAT-inclusive total: 1/11 (korea-rules 2.1, contract.md d.1)."""
    return divide(total, 11, rounding)


def added_vat(supply: int, rounding: Rounding = Rounding.DOWN) -> int:
    """The VAT on top of a supply amount: 10 % (korea-rules 2.1)."""
    return divide(supply, 10, rounding)


def truncate_to_ten(amount: int) -> int:
    """Drop the last digit, as tax authorities do (korea-rules 4.2)."""
    return divide(amount, 10, Rounding.DOWN) * 10


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Split a total by weights: floor each share, then a won to each largest remainder.

    Σ shares = total exactly. A negative total mirrors the positive split.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must not be negative and must sum to more than zero")
    sign, magnitude = (1, total) if total >= 0 else (-1, -total)
    shares, rests = zip(*(divmod(magnitude * weight, whole) for weight in weights), strict=True)
    result = list(shares)
    by_rest = sorted(range(len(weights)), key=lambda index: (-rests[index], index))
    for index in by_rest[: magnitude - sum(shares)]:
        result[index] += 1
    return [sign * share for share in result]


DIGIT_WORDS = ("", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구")
PLACE_WORDS = ("", "십", "백", "천")
GROUP_WORDS = ("", "만", "억", "조", "경")


def in_words(amount: int) -> str:
    """An amount as it is written out on Korean papers: 1_210_500 → 일백이십일만 오백."""
    if amount == 0:
        return "영"
    rest, groups = abs(amount), []
    for name in GROUP_WORDS:
        rest, group = divmod(rest, 10_000)
        if group:
            groups.append(_group_in_words(group) + name)
    return ("마이너스 " if amount < 0 else "") + " ".join(reversed(groups))


def _group_in_words(group: int) -> str:
    digits = f"{group:04d}"
    return "".join(
        DIGIT_WORDS[int(digit)] + PLACE_WORDS[3 - place]
        for place, digit in enumerate(digits)
        if digit != "0"
    )
