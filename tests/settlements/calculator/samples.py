"""Terms in the shape versions hold them, and small orders: only what matters is given."""

from __future__ import annotations

from typing import Any

from settlements.calculator import (
    DEFAULT_CALCULATOR,
    AdditionalFeeTerms,
    Calculation,
    ContractTerms,
    Discount,
    DiscountShareTerms,
    Fee,
    Order,
    compile_calculator,
)

MONTH_END = {"type": "MONTHLY", "daysOfMonth": [31]}


def cycle_snapshot(
    method: dict[str, Any] = MONTH_END, lag_days: int = 2, date_policy: str = "HOLIDAY_BEFORE"
) -> dict[str, Any]:
    return {"lagDays": lag_days, "datePolicy": date_policy, "method": method}


def contract(
    rate: int | None = 10_000,
    amount: int = 0,
    vat_payer: str = "PARTNER",
    subtracts_payment_vat: bool = False,
) -> ContractTerms:
    fee = {"type": "FIXED_AMOUNT", "amount": amount}
    if rate is not None:
        fee = {"type": "FIXED_RATE", "rate": rate}
    return ContractTerms.from_snapshot(
        {
            "platformFee": fee,
            "platformFeeVatPayer": vat_payer,
            "subtractPaymentVatAmount": subtracts_payment_vat,
            "settlementCycle": cycle_snapshot(),
        }
    )


def discount(amount: int, rate: int = 50_000, tax_free: int = 0, policy: str = "half") -> Discount:
    return Discount(DiscountShareTerms(policy, rate), amount, tax_free)


def extra_fee(rate: int = 5_000, amount: int = 0, partner_pays_vat: bool = True, policy: str = "f"):
    fee = Fee(amount=amount, is_fixed_amount=True) if amount else Fee(rate=rate)
    return AdditionalFeeTerms(policy, fee, partner_pays_vat)


DEFAULT = compile_calculator(DEFAULT_CALCULATOR)


def calculate(order: Order, terms: ContractTerms | None = None) -> Calculation:
    return DEFAULT.order(order, terms or contract())


def shown(calculation: Calculation) -> dict[str, int]:
    """The amounts that are not zero, by their wire names."""
    return {name: won for name, won in calculation.amounts.to_wire().items() if won}
