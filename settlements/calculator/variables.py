"""The names formulas may use, what they hold, and where each is known (contract.md d.2)."""

from __future__ import annotations

from collections.abc import Iterator

from settlements.calculator.formulas import (
    ADDITIONAL_FEE,
    DISCOUNT_SHARE,
    FINAL,
    PLATFORM_FEE,
    SETTLEMENT,
    Formulas,
)
from settlements.calculator.language.compiling import BASE, Kind

PARAMETER_SCALE = 5
"""Parameters come with up to five decimals; all are kept with five."""

RATE_SCALE = 5

LABELS = {
    "ORDER_AMOUNT": "주문 금액",
    "ORDER_TAX_FREE_AMOUNT": "주문 면세 금액",
    "ORDER_TAX_FREE_RATIO": "주문 면세 비율",
    "DISCOUNT_AMOUNT": "할인 금액",
    "DISCOUNT_TAX_FREE_AMOUNT": "할인 면세 금액",
    "PAYMENT_AMOUNT": "결제 금액",
    "PAYMENT_TAX_FREE_AMOUNT": "결제 면세 금액",
    "PAYMENT_SUPPLY_AMOUNT": "결제 공급가액",
    "PAYMENT_VAT_AMOUNT": "결제 부가세",
    "PAYMENT_VAT_BURDEN_AMOUNT": "결제 부가세 부담금",
    "FIXED_RATE": "정률",
    "FIXED_AMOUNT": "정액",
    "DISCOUNT_SHARE_AMOUNT": "할인 분담금",
    "DISCOUNT_SHARE_TAX_FREE_AMOUNT": "할인 분담 면세 금액",
    "PLATFORM_FEE_AMOUNT": "중개 수수료",
    "PLATFORM_FEE_VAT": "중개 수수료 부가세",
    "ADDITIONAL_FEE": "추가 수수료",
    "ADDITIONAL_FEE_VAT": "추가 수수료 부가세",
    "SETTLEMENT_AMOUNT": "정산 금액",
}
"""Every variable, with its name for people."""

RESULTS = {
    DISCOUNT_SHARE: ("DISCOUNT_SHARE_AMOUNT", "DISCOUNT_SHARE_TAX_FREE_AMOUNT"),
    PLATFORM_FEE: ("PLATFORM_FEE_AMOUNT", "PLATFORM_FEE_VAT"),
    ADDITIONAL_FEE: ("ADDITIONAL_FEE", "ADDITIONAL_FEE_VAT"),
    SETTLEMENT: ("SETTLEMENT_AMOUNT",),
}
"""Known only after the formula has been calculated."""

FIXED = ("FIXED_RATE", "FIXED_AMOUNT")
"""The fee of the contract; inside the additional-fee formula, that policy's own."""

OF_ONE_DISCOUNT = frozenset({"DISCOUNT_AMOUNT", "DISCOUNT_TAX_FREE_AMOUNT", "FIXED_RATE"})
"""In the discount-share formula these are the one discount's and its policy's."""

KINDS = {name: Kind() for name in LABELS} | {
    "FIXED_RATE": Kind(scale=RATE_SCALE),
    "ORDER_TAX_FREE_RATIO": Kind(power=1, key="ORDER_TAX_FREE_AMOUNT"),
}
PARAMETER_KIND = Kind(scale=PARAMETER_SCALE, bits=Kind().bits + 17)

BASE_NAMES = frozenset(LABELS) - frozenset(name for names in RESULTS.values() for name in names)

__all__ = ["BASE", "KINDS", "LABELS", "PARAMETER_KIND", "known_names", "usable_names"]


def known_names(formulas: Formulas) -> frozenset[str]:
    """Everything that has a meaning somewhere in this set of formulas."""
    users = {user.key for user in formulas.user_defined}
    return frozenset(LABELS) | users | {parameter.key for parameter in formulas.parameters}


def usable_names(formulas: Formulas) -> Iterator[tuple[str, frozenset[str]]]:
    """For each formula in order of calculation, the names it may use."""
    usable = BASE_NAMES | {parameter.key for parameter in formulas.parameters}
    for key in (*formulas.order_keys, *FINAL):
        if key == DISCOUNT_SHARE:
            yield key, usable - BASE_NAMES | OF_ONE_DISCOUNT
        elif key in FINAL:
            yield key, usable - frozenset(FIXED)
        else:
            yield key, usable
        usable |= frozenset(RESULTS.get(key, (key,)))
