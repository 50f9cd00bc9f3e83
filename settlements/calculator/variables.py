"""The names formulas may use, what they hold, and where each is known (contract.md d.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.money import MAX_WON
from settlements.calculator.formulas import (
    ADDITIONAL_FEE,
    DISCOUNT_SHARE,
    FINAL,
    PLATFORM_FEE,
    SETTLEMENT,
    Formulas,
)
from settlements.calculator.language import Kind

PARAMETER_SCALE = 5
"""Parameters come with up to five decimals; all are kept with five."""

PARAMETER_BITS = (MAX_WON * 10**PARAMETER_SCALE).bit_length()

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
"""The fee of the contract."""

KINDS = {name: Kind(name) for name in LABELS} | {
    "FIXED_RATE": Kind("FIXED_RATE", scale=RATE_SCALE),
    "ORDER_TAX_FREE_RATIO": Kind("ORDER_TAX_FREE_AMOUNT", power=1),
}

OF_ONE = {
    DISCOUNT_SHARE: {
        "DISCOUNT_AMOUNT": Kind("amount"),
        "DISCOUNT_TAX_FREE_AMOUNT": Kind("tax_free"),
        "FIXED_RATE": Kind("rate", scale=RATE_SCALE),
    },
    ADDITIONAL_FEE: {
        "FIXED_RATE": Kind("rate", scale=RATE_SCALE),
        "FIXED_AMOUNT": Kind("amount"),
    },
}
"""In these formulas some names mean the one discount or fee at hand and its policy."""

OF_TAX_FREE = {"TAX_FREE": Kind("tax_free"), "RATE": Kind("rate", scale=RATE_SCALE)}
"""For the partner's share in the tax-free part of a discount."""

BASE_NAMES = frozenset(LABELS) - frozenset(name for names in RESULTS.values() for name in names)


def known_names(formulas: Formulas) -> frozenset[str]:
    """Everything that has a meaning somewhere in this set of formulas."""
    users = {user.key for user in formulas.user_defined}
    return frozenset(LABELS) | users | {parameter.key for parameter in formulas.parameters}


def usable_names(formulas: Formulas) -> Iterator[tuple[str, frozenset[str]]]:
    """For each formula in order of calculation, the names it may use."""
    usable = BASE_NAMES | {parameter.key for parameter in formulas.parameters}
    for key in (*formulas.order_keys, *FINAL):
        if key == DISCOUNT_SHARE:
            yield key, usable - BASE_NAMES | OF_ONE[DISCOUNT_SHARE].keys()
        elif key in FINAL:
            yield key, usable - frozenset(FIXED)
        else:
            yield key, usable
        usable |= frozenset(RESULTS.get(key, (key,)))


def kinds_of(formulas: Formulas, key: str) -> Mapping[str, Kind]:
    """How the names of one formula are kept, for the compiler."""
    kinds = {**KINDS, **OF_ONE.get(key, {})}
    for user in formulas.user_defined:
        kinds[user.key] = Kind(user_variable(user.key))
    for parameter in formulas.parameters:
        name = parameter_variable(parameter.key)
        kinds[parameter.key] = Kind(name, PARAMETER_SCALE, bits=PARAMETER_BITS)
    return kinds


def user_variable(key: str) -> str:
    """A prefix keeps users' keys away from every other name."""
    return f"user_{key}"


def parameter_variable(key: str) -> str:
    return f"parameter_{key}"
