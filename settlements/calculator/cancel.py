"""What a cancel takes back (contract.md d.3).

Every column is a cumulative difference: what is cancelled so far, calculated as one, less what
earlier cancels took. The last cancel takes what is left of the order's own results. So order −
Σ cancels is 0 in every column, and what is fixed comes back with the last.

When cancels were deleted, those that stay may have taken more than that: the last one, its order's
fixed fee. No cancel gives such a fee back (c.5: every amount is ≥ 0): it takes what its own part
comes to, and the last one less.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import NamedTuple, TypeVar

from settlements.calculator.calculation import (
    Amounts,
    Calculation,
    ChargedFee,
    SharedDiscount,
)
from settlements.calculator.cancel_request import CancelRequest, requested_portion
from settlements.calculator.engine import Calculator
from settlements.calculator.order import Line, Order, base_of_line, base_of_order, check_base
from settlements.calculator.portion import (
    gone,
    is_empty,
    left_after,
    nothing_of,
    nothing_of_line,
    portion_of,
)
from settlements.calculator.terms import ContractTerms
from settlements.errors import OrderTransferAlreadyCancelled, SettlementAmountExceeded


class Cancel(NamedTuple):
    """`calculation` is what this cancel takes back, all positive, with the lines it touches.

    `is_last`: nothing is left of the order.
    """

    calculation: Calculation
    is_last: bool


class CancelledOrder(NamedTuple):
    """An order and what became of it, all as frozen: its inputs, terms, results and cancels."""

    order: Order
    contract: ContractTerms
    result: Calculation
    cancels: Sequence[Calculation] = ()


def calculate_cancel(
    calculator: Calculator, cancelled: CancelledOrder, request: CancelRequest
) -> Cancel:
    """The amounts of one more cancel; the calculator is the one of the order's version.

    Errors: OrderTransferAlreadyCancelled, SettlementAmountExceeded, and those of
    `requested_portion`.
    """
    remaining = remaining_order(cancelled)
    if cancelled.cancels and is_empty(remaining):
        raise OrderTransferAlreadyCancelled
    left = left_after(remaining, requested_portion(remaining, request))
    _check_levels(gone(remaining, left))
    _check_left(left)
    if is_empty(left):
        return Cancel(outstanding(cancelled.result, cancelled.cancels), True)
    so_far = _between(calculator, cancelled, cancelled.order, left)
    took = outstanding(so_far, cancelled.cancels)
    if _is_negative(took):
        own = _between(calculator, cancelled, remaining, left, cancelled.cancels)
        took = took if _is_negative(own) else own
    return Cancel(took, False)


def remaining_order(cancelled: CancelledOrder) -> Order:
    """What its cancels left of an order: lines stay, with fewer or no pieces."""
    return reduce(left_after, map(portion_of, cancelled.cancels), cancelled.order)


def outstanding(target: Calculation, taken: Sequence[Calculation]) -> Calculation:
    """The target less what was taken: columns, formulas, each policy, each product."""
    lines = (
        outstanding(line, [other for each in taken for other in _lines_of(each, line.product_id)])
        for line in target.lines
    )
    return Calculation(
        amounts=Amounts(*_less(target.amounts, [each.amounts for each in taken])),
        formulas={
            key: value - sum(each.formulas.get(key, 0) for each in taken)
            for key, value in target.formulas.items()
        },
        discounts=tuple(
            discount
            for discount in _by_policy(SharedDiscount, target, taken, lambda each: each.discounts)
            if any(discount[1:])
        ),
        additional_fees=tuple(
            _by_policy(ChargedFee, target, taken, lambda each: each.additional_fees)
        ),
        lines=tuple(line for line in lines if line.quantity),
        product_id=target.product_id,
        quantity=target.quantity - sum(each.quantity for each in taken),
    )


def _between(
    calculator: Calculator,
    cancelled: CancelledOrder,
    whole: Order,
    left: Order,
    taken: Sequence[Calculation] = (),
) -> Calculation:
    """What `whole` less `left` comes to. A line that ends comes to its own results less what was
    `taken` of it before."""
    _, contract, result, _ = cancelled
    parameters = calculator.parameter_values(cancelled.order.parameters)
    results = {line.product_id: line for line in result.lines}

    def of_line(line: Line, rest: Line) -> Calculation:
        if not rest.quantity:
            before = [other for each in taken for other in _lines_of(each, line.product_id)]
            return outstanding(results[line.product_id], before)
        some, none = (
            calculator.level(base_of_line(each), contract, parameters)
            for each in (line, nothing_of_line(line))
        )
        return outstanding(some, [none])

    part = gone(whole, left)
    lines = tuple(map(of_line, part.lines, left.lines))
    some = calculator.level(base_of_order(part, lines), contract, parameters)
    none = calculator.level(base_of_order(nothing_of(whole)), contract, parameters)
    return outstanding(some, [none])


def _is_negative(took: Calculation) -> bool:
    """In any amount but the settlement, which may be (contract.md d.1)."""
    return any(
        min(level.amounts[2:]) < 0
        or any(min(each.share_amount, each.share_tax_free_amount) < 0 for each in level.discounts)
        or any(min(each.amount, each.vat) < 0 for each in level.additional_fees)
        for level in (took, *took.lines)
    )


def _check_levels(order: Order) -> None:
    for line in order.lines:
        check_base(base_of_line(line))
    check_base(base_of_order(order))


def _check_left(left: Order) -> None:
    """What is left must still be an order: its discounts within its amounts."""
    try:
        _check_levels(left)
    except SettlementAmountExceeded as error:
        message = (
            "등록하지 않았습니다. 취소하고 남는 주문보다 남는 할인이나 면세 금액이 큽니다. "
            "함께 돌려줄 할인 금액을 정해 주세요."
        )
        raise SettlementAmountExceeded(message, **error.extra) from error


Result = TypeVar("Result", SharedDiscount, ChargedFee)


def _by_policy(
    kind: type[Result],
    target: Calculation,
    taken: Sequence[Calculation],
    read: Callable[[Calculation], tuple[Result, ...]],
) -> list[Result]:
    totals: dict[str, list[int]] = {}
    for sign, calculations in ((1, [target]), (-1, taken)):
        for policy_id, *amounts in (item for each in calculations for item in read(each)):
            before = totals.get(policy_id, [0] * len(amounts))
            totals[policy_id] = [old + sign * new for old, new in zip(before, amounts, strict=True)]
    return [kind(policy_id, *amounts) for policy_id, amounts in totals.items()]


def _less(target: Sequence[int], taken: Sequence[Sequence[int]]) -> list[int]:
    return [won - sum(column) for won, *column in zip(target, *taken, strict=True)]


def _lines_of(calculation: Calculation, product_id: str) -> list[Calculation]:
    return [line for line in calculation.lines if line.product_id == product_id]
