"""What rows and orders have in common with others of their file, so that it is worked out once.

A file says few things many times: the same goods at the same price, paid the same way. Whose it
is and when differs each time, but no amount depends on that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from msgspec import UnsetType

from settlements.detail import named_policies
from settlements.drafts import Columns, OrderTerms, calculated_columns
from settlements.inputs import (
    AdditionalFee,
    Discount,
    OrderDetail,
    OrderInput,
    ParameterValue,
    PaymentMethod,
)

REMEMBERED_BASKETS = 4_096


@dataclass(frozen=True, eq=False, slots=True)
class Goods:
    """What a row says besides whose it is and when; rows that say the same share one."""

    values: dict[str, Any]


@dataclass(eq=False, slots=True)
class Basket:
    """What an order says besides whose it is and when; orders that say the same share one."""

    order_detail: OrderDetail
    tax_free_amount: int | UnsetType
    settlement_date: date | UnsetType
    discounts: list[Discount]
    additional_fees: list[AdditionalFee]
    currency: str
    method: PaymentMethod | UnsetType
    parameters: dict[str, ParameterValue]
    _policies: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    _columns: dict[OrderTerms, Columns] = field(default_factory=dict)

    def policies(self, order: OrderInput) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """`named_policies` of an order of this basket."""
        if self._policies is None:
            self._policies = named_policies(order)
        return self._policies

    def columns(self, order: OrderInput, terms: OrderTerms) -> Columns:
        """`calculated_columns` of an order of this basket, with its errors."""
        known = self._columns.get(terms)
        if known is None:
            known = self._columns[terms] = calculated_columns(order, terms)
        return known


class Baskets(dict[tuple[Goods, ...], Basket]):
    """By the goods of their rows, and not more than memory has room for."""

    def remember(self, goods: tuple[Goods, ...], basket: Basket) -> Basket:
        if len(self) >= REMEMBERED_BASKETS:
            self.clear()
        self[goods] = basket
        return basket
