"""What the detail pages show."""

from __future__ import annotations

from dataclasses import dataclass

from settlements.console.amounts import label
from settlements.models import PartnerSettlement, Transfer

STEPS = (
    ("order_amount", 1, ("order_tax_free_amount",)),
    ("payment_vat_burden_amount", -1, ()),
    ("platform_fee_amount", -1, ()),
    ("platform_fee_vat_amount", -1, ()),
    ("additional_fee_amount", -1, ()),
    ("additional_fee_vat_amount", -1, ()),
    ("discount_share_amount", -1, ("discount_share_tax_free_amount",)),
)
"""Column, how it enters the settlement by the default formula, and what it contains."""

ASIDE = (
    "payment_amount",
    "payment_supply_amount",
    "payment_vat_amount",
    "payment_tax_free_amount",
    "discount_amount",
    "discount_tax_free_amount",
)
"""Amounts that explain others but are not taken from the settlement."""


@dataclass(frozen=True)
class Step:
    label: str
    amount: int
    parts: list[tuple[str, int]]


@dataclass(frozen=True)
class Breakdown:
    """From the order amount to what is owed, in won, cancels with a minus."""

    steps: list[Step]
    other: int
    """What a user's own settlement formula adds or takes beyond the steps."""
    settlement_amount: int
    settlement_tax_free_amount: int
    aside: list[tuple[str, int]]


def breakdown(row: Transfer | PartnerSettlement) -> Breakdown | None:
    """None for amounts by hand: nothing but themselves explains them."""
    if row.type == "MANUAL":
        return None
    sign = -1 if row.type == "ORDER_CANCEL" else 1

    def value(column: str) -> int:
        return sign * int(getattr(row, column))

    steps = [
        Step(label(column), side * value(column), [(label(p), value(p)) for p in parts])
        for column, side, parts in STEPS
    ]
    owed = value("settlement_amount")
    return Breakdown(
        steps=steps,
        other=owed - sum(step.amount for step in steps),
        settlement_amount=owed,
        settlement_tax_free_amount=value("settlement_tax_free_amount"),
        aside=[(label(column), value(column)) for column in ASIDE],
    )
