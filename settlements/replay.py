"""An order and its cancels calculated again under other terms. Pure.

On its start day an order is calculated anew with the terms then in force; a simulation tries terms
that nobody has yet. Both go through here, so what is tried is what will be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from msgspec import UNSET

from settlements.calculator import Calculation, Cancel, calculate_cancel
from settlements.detail import Detail, order_again, parameters_of, request_again
from settlements.drafts import (
    FrozenOrder,
    OrderTerms,
    calculate_order,
    cancelled_order,
    check_currency,
    settled_on,
)
from settlements.models import Transfer
from settlements.queries.frozen import taken_by


@dataclass(frozen=True, slots=True)
class Replay:
    """`detail` is the order's, with what the new terms froze into it; `cancels` oldest first."""

    detail: Detail
    result: Calculation
    cancels: list[Cancel]


def replay(order: Transfer, cancels: Sequence[Transfer], terms: OrderTerms) -> Replay:
    """The order from its frozen inputs and parameters, then each cancel from what it asked for.

    Errors: those of `calculate_order` and `calculate_cancel`, and a currency that the terms'
    fixed fees do not fit.
    """
    check_currency(order.settlement_currency, terms)
    detail = order_again(order.detail)
    given = parameters_of(order.detail)
    result = calculate_order(detail, terms, order_amount=order.order_amount, given=given)
    frozen = FrozenOrder(
        terms=terms,
        detail=detail,
        amounts=result.amounts,
        settlement_currency=order.settlement_currency,
        order_name=order.order_name,
        payment_method=order.payment_method,
        cancels=(),
    )
    took: list[Cancel] = []
    for cancel in cancels:
        request = request_again(taken_by(cancel))
        took.append(calculate_cancel(terms.calculator, cancelled_order(frozen), request))
        frozen = replace(frozen, cancels=[each.calculation for each in took])
    return Replay(detail, result, took)


def settlement_date_again(transfer: Transfer, terms: OrderTerms) -> date:
    """Of an order or cancel under other terms: a date given by hand stays."""
    if transfer.detail.get("dateIsGiven"):
        return transfer.settlement_date
    assert transfer.settlement_start_date is not None, "orders and cancels have a start date"
    return settled_on(UNSET, transfer.settlement_start_date, terms)
