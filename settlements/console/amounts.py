"""Amount columns of settlements and transfers; cancels show what they take away."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet

from core.console.grid import Money
from settlements.models import AMOUNT_COLUMNS, OrderAmounts
from settlements.queries import signed

Row = TypeVar("Row", bound=Model)

ORDER = (
    "order_amount",
    "order_tax_free_amount",
    "discount_amount",
    "discount_tax_free_amount",
    "payment_amount",
    "payment_supply_amount",
    "payment_vat_amount",
    "payment_tax_free_amount",
    "payment_vat_burden_amount",
    "platform_fee_amount",
    "platform_fee_vat_amount",
    "additional_fee_amount",
    "additional_fee_vat_amount",
    "discount_share_amount",
    "discount_share_tax_free_amount",
    "settlement_amount",
    "settlement_tax_free_amount",
)
"""As the calculation goes: what was sold, what was paid, what is taken, what is left."""

CURRENCY = "settlement_currency"
SIGNED = {column: f"signed_{column}" for column in AMOUNT_COLUMNS}


def with_signed_amounts(queryset: QuerySet[Row]) -> QuerySet[Row]:
    found: QuerySet[Row] = queryset.annotate(
        **{name: signed(column) for column, name in SIGNED.items()}
    )
    return found


def amount_columns(*shown: str) -> list[Money]:
    return [
        Money(SIGNED[column], label(column), minus="차감", shown=column in shown, currency=CURRENCY)
        for column in ORDER
    ]


def label(column: str) -> str:
    return str(getattr(OrderAmounts, column).field.verbose_name)
