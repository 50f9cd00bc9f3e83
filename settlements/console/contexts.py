"""What the detail pages show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.console.access import ConsoleRequest
from settlements.console.amounts import ORDER, label
from settlements.console.words import METHODS, property_rows, terms_in_words
from settlements.explaining import Level
from settlements.models import PartnerSettlement, Transfer
from settlements.queries import Explanation, explain_transfer
from settlements.queries.explain import Taken
from settlements.queries.frozen import taken_by

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


@dataclass(frozen=True)
class LineRow:
    """A line of an order, or the part of one that a cancel took."""

    product: dict[str, Any]
    quantity: int
    amounts: Any
    level: Level | None


def line_rows(transfer: Transfer, explanation: Explanation | None) -> list[LineRow]:
    """Products come from the order; what a cancel took of them from the cancel."""
    order = transfer.order_transfer or transfer
    products = {line["product"]["id"]: line["product"] for line in order.detail.get("lines", ())}
    if explanation is None:
        return []
    if transfer.order_transfer is None:
        return [
            LineRow(products[level.product_id], level.quantity, level.result.amounts, level)
            for level in explanation.levels[1:]
        ]
    return [
        LineRow(products[line.product_id], line.quantity, line.amounts, None)
        for line in taken_by(transfer).lines
    ]


@dataclass(frozen=True)
class TakenRow:
    label: str
    so_far: int
    before: int
    this: int


def taken_rows(taken: Iterable[Taken]) -> list[TakenRow]:
    """Only the columns a cancel touches, in the order of the calculation."""
    by_column = {each.column: each for each in taken}
    return [
        TakenRow(label(column), each.so_far, each.before, each.this)
        for column in ORDER
        if (each := by_column.get(column)) and (each.so_far or each.this)
    ]


def why(request: ConsoleRequest, transfer: Transfer) -> dict[str, Any]:
    """What a transfer's page tells of it, registered or still a draft: amounts, steps, terms."""
    explanation = explain_transfer(transfer)
    return {
        "transfer": transfer,
        "breakdown": breakdown(transfer),
        "explanation": explanation,
        "terms": terms_in_words(explanation.terms) if explanation else [],
        "lines": line_rows(transfer, explanation),
        "taken": taken_rows(explanation.taken) if explanation else [],
        "method": METHODS.get(transfer.payment_method, transfer.payment_method),
        "properties": property_rows(request, transfer.properties),
    }


@dataclass(frozen=True)
class LeftRow:
    """A column of an order around one more cancel of it, in won."""

    label: str
    ordered: int
    before: int
    this: int
    left: int


def left_rows(order: Transfer, explanation: Explanation) -> list[LeftRow]:
    """What a cancel takes of every column and what it leaves, in the order of the calculation."""
    by_column = {each.column: each for each in explanation.taken}
    return [
        LeftRow(label(column), ordered, each.before, each.this, ordered - each.so_far)
        for column in ORDER
        if (ordered := int(getattr(order, column))) or by_column[column].this
        for each in [by_column[column]]
    ]
