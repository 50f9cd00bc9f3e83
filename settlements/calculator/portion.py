"""Parts of an order: what a cancel takes, what is left, what is gone so far (contract.md d.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from settlements.calculator.calculation import Calculation
from settlements.calculator.order import Discount, Line, Order

Returned = Mapping[str, tuple[int, int]]
"""By discount policy: amount and tax-free amount that come back."""

ORDER_LEVEL = ""
"""Stands where a product id stands for a line."""


class Portion(NamedTuple):
    amount: int
    tax_free_amount: int
    quantities: Mapping[str, int]
    discounts: Mapping[str, Returned]
    """By product, ORDER_LEVEL for those of the order itself."""


def portion_of(cancel: Calculation) -> Portion:
    """What a cancel took, read from its own result."""
    levels = [(ORDER_LEVEL, cancel), *((line.product_id, line) for line in cancel.lines)]
    return Portion(
        amount=cancel.amounts.order_amount,
        tax_free_amount=cancel.amounts.order_tax_free_amount,
        quantities={line.product_id: line.quantity for line in cancel.lines},
        discounts={
            level: summed(
                (discount.policy_id, discount.amount, discount.tax_free_amount)
                for discount in calculation.discounts
            )
            for level, calculation in levels
        },
    )


def returnable(discounts: Iterable[Discount]) -> Returned:
    """What is left of each policy's discounts."""
    return summed((terms.id, amount, tax_free) for terms, amount, tax_free in discounts)


def summed(discounts: Iterable[tuple[str, int, int]]) -> Returned:
    totals: dict[str, tuple[int, int]] = {}
    for policy_id, amount, tax_free in discounts:
        before, before_tax_free = totals.get(policy_id, (0, 0))
        totals[policy_id] = before + amount, before_tax_free + tax_free
    return totals


def left_after(order: Order, portion: Portion) -> Order:
    """The order without the portion; lines stay, with fewer or no pieces."""
    lines = tuple(
        line._replace(
            quantity=line.quantity - portion.quantities.get(line.product_id, 0),
            discounts=_without(line.discounts, portion.discounts.get(line.product_id, {})),
        )
        for line in order.lines
    )
    return order._replace(
        amount=None if order.amount is None else order.amount - portion.amount,
        lines=lines,
        tax_free_amount=order.total_tax_free() - portion.tax_free_amount,
        discounts=_without(order.discounts, portion.discounts.get(ORDER_LEVEL, {})),
    )


def gone(order: Order, left: Order) -> Order:
    """The cancelled part as an order of the same shape: `order` less `left`."""
    lines = tuple(
        line._replace(
            quantity=line.quantity - rest.quantity,
            discounts=_difference(line.discounts, rest.discounts),
        )
        for line, rest in zip(order.lines, left.lines, strict=True)
    )
    return order._replace(
        amount=None if order.amount is None else order.amount - (left.amount or 0),
        lines=lines,
        tax_free_amount=order.total_tax_free() - left.total_tax_free(),
        discounts=_difference(order.discounts, left.discounts),
    )


def nothing_of(order: Order) -> Order:
    return gone(order, order)


def is_empty(order: Order) -> bool:
    return not order.amount and not any(line.quantity for line in order.lines)


def nothing_of_line(line: Line) -> Line:
    return line._replace(quantity=0, discounts=_difference(line.discounts, line.discounts))


def _without(discounts: tuple[Discount, ...], returned: Returned) -> tuple[Discount, ...]:
    """A policy used twice gives back its first discount first."""
    if not returned:
        return discounts
    rest = dict(returned)
    kept: list[Discount] = []
    for discount in discounts:
        amount, tax_free = rest.get(discount.terms.id, (0, 0))
        taken, taken_tax_free = (
            min(amount, discount.amount),
            min(tax_free, discount.tax_free_amount),
        )
        rest[discount.terms.id] = amount - taken, tax_free - taken_tax_free
        kept.append(
            discount._replace(
                amount=discount.amount - taken,
                tax_free_amount=discount.tax_free_amount - taken_tax_free,
            )
        )
    return tuple(kept)


def _difference(
    discounts: tuple[Discount, ...], left: tuple[Discount, ...]
) -> tuple[Discount, ...]:
    return tuple(
        discount._replace(
            amount=discount.amount - rest.amount,
            tax_free_amount=discount.tax_free_amount - rest.tax_free_amount,
        )
        for discount, rest in zip(discounts, left, strict=True)
    )
