"""What a cancel asks for, and every reason to refuse it (contract.md d.3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from core.companies.identifiers import graphql_id
from core.errors import InvalidRequest
from settlements.calculator.order import Discount, Line, Order
from settlements.calculator.portion import ORDER_LEVEL, Portion, Returned, returnable
from settlements.errors import (
    CancellableAmountExceeded,
    CancellableDiscountAmountExceeded,
    CancellableDiscountTaxFreeAmountExceeded,
    CancellableProductQuantityExceeded,
    DiscountSharePolicyIdDuplicated,
    OrderDetailMismatched,
    ProductIdDuplicated,
    ProductIdNotFound,
    TransferDiscountSharePolicyNotFound,
)

DISCOUNT_SHARE_NODE = 2
"""Of discount-share policies in a graphqlId (contract.md a.7)."""


class ReturnedDiscount(NamedTuple):
    policy_id: str
    amount: int
    tax_free_amount: int = 0


class CancelledLine(NamedTuple):
    product_id: str
    quantity: int
    discounts: tuple[ReturnedDiscount, ...] = ()


class CancelRequest(NamedTuple):
    """An amount, or lines, or neither for all that is left.

    `discounts` are the order's own that come back; all do with the last cancel.
    """

    amount: int | None = None
    lines: tuple[CancelledLine, ...] | None = None
    discounts: tuple[ReturnedDiscount, ...] = ()
    tax_free_amount: int | None = None


def requested_portion(remaining: Order, request: CancelRequest) -> Portion:
    """The part of the remaining order that the request takes.

    Errors: InvalidRequest, OrderDetailMismatched, ProductIdNotFound, ProductIdDuplicated,
    CancellableProductQuantityExceeded, CancellableAmountExceeded, DiscountSharePolicyIdDuplicated,
    TransferDiscountSharePolicyNotFound, CancellableDiscountAmountExceeded,
    CancellableDiscountTaxFreeAmountExceeded.
    """
    _check_detail(remaining, request)
    lines = _lines(remaining, request)
    quantities = {line.product_id: line.quantity for line in lines}
    taken = [line._replace(quantity=quantities.get(line.product_id, 0)) for line in remaining.lines]
    amount = _amount(remaining, request, taken)
    takes_all = amount == remaining.total() and all(
        line.quantity == left.quantity for line, left in zip(taken, remaining.lines, strict=True)
    )
    if amount == 0 and not takes_all and not quantities:
        raise InvalidRequest("등록하지 않았습니다. 취소할 금액이 없습니다.")
    tax_free = _tax_free(remaining, request, taken, takes_all)
    _check_amount(remaining, amount, tax_free)
    discounts = {ORDER_LEVEL: _returned(remaining.discounts, request.discounts, takes_all)}
    left_by_product = {line.product_id: line for line in remaining.lines}
    for line in lines:
        left = left_by_product[line.product_id]
        discounts[line.product_id] = _returned(
            left.discounts, line.discounts, line.quantity == left.quantity, line.product_id
        )
    return Portion(amount, tax_free, quantities, discounts)


def _check_detail(remaining: Order, request: CancelRequest) -> None:
    if request.amount is not None and request.lines is not None:
        raise InvalidRequest("취소 금액과 취소 항목 중 하나만 입력해 주세요.")
    if request.amount is not None and remaining.lines:
        raise OrderDetailMismatched("등록하지 않았습니다. 상품별 주문은 상품 수량으로 취소합니다.")
    if request.lines is not None and not remaining.lines:
        raise OrderDetailMismatched("등록하지 않았습니다. 금액만 있는 주문은 금액으로 취소합니다.")
    amounts = [request.amount or 0, request.tax_free_amount or 0]
    for discounts in (request.discounts, *(line.discounts for line in request.lines or ())):
        amounts += [won for discount in discounts for won in discount[1:]]
    if min(amounts) < 0:
        raise InvalidRequest("금액은 0 이상으로 입력해 주세요.")


def _lines(remaining: Order, request: CancelRequest) -> Sequence[CancelledLine]:
    if request.lines is None:
        if request.amount is not None:
            return ()
        return [
            CancelledLine(line.product_id, line.quantity)
            for line in remaining.lines
            if line.quantity
        ]
    if not request.lines:
        raise InvalidRequest("등록하지 않았습니다. 취소할 상품이 없습니다.")
    quantities = {line.product_id: line.quantity for line in remaining.lines}
    seen: set[str] = set()
    for line in request.lines:
        _check_line(line, quantities, seen)
        seen.add(line.product_id)
    return request.lines


def _check_line(line: CancelledLine, quantities: dict[str, int], seen: set[str]) -> None:
    if line.product_id not in quantities:
        raise ProductIdNotFound(id=line.product_id)
    if line.product_id in seen:
        raise ProductIdDuplicated(id=line.product_id)
    if line.quantity < 1:
        raise InvalidRequest("취소 수량은 1개 이상이어야 합니다.")
    if line.quantity > quantities[line.product_id]:
        raise CancellableProductQuantityExceeded(
            productId=line.product_id, cancellableQuantity=quantities[line.product_id]
        )


def _amount(remaining: Order, request: CancelRequest, taken: Sequence[Line]) -> int:
    if request.amount is not None:
        return request.amount
    if remaining.amount is not None:
        return remaining.amount
    return sum(line.unit_price * line.quantity for line in taken)


def _tax_free(
    remaining: Order, request: CancelRequest, taken: Sequence[Line], takes_all: bool
) -> int:
    if request.tax_free_amount is not None:
        return request.tax_free_amount
    if takes_all:
        return remaining.total_tax_free()
    return sum(line.unit_tax_free_amount * line.quantity for line in taken)


def _check_amount(remaining: Order, amount: int, tax_free: int) -> None:
    left_tax_free = remaining.total_tax_free()
    left_taxable = remaining.total() - left_tax_free
    for kind, asked, left in (
        ("TAX_FREE", tax_free, left_tax_free),
        ("SUPPLY_WITH_VAT", amount - tax_free, left_taxable),
    ):
        if asked > left:
            raise CancellableAmountExceeded(
                cancellableAmount=left, requestAmount=asked, amountType=kind
            )


def _returned(
    discounts: Sequence[Discount],
    stated: Sequence[ReturnedDiscount],
    takes_all: bool,
    product_id: str = ORDER_LEVEL,
) -> Returned:
    """What is stated within what is left; everything when nothing else is left of the level."""
    left = returnable(discounts)
    returned: dict[str, tuple[int, int]] = {}
    for discount in stated:
        if discount.policy_id in returned:
            raise DiscountSharePolicyIdDuplicated(
                id=discount.policy_id, graphqlId=graphql_id(DISCOUNT_SHARE_NODE, discount.policy_id)
            )
        _check_returned(discount, left, product_id)
        returned[discount.policy_id] = discount.amount, discount.tax_free_amount
    return left if takes_all else returned


def _check_returned(discount: ReturnedDiscount, left: Returned, product_id: str) -> None:
    policy_id, asked, asked_tax_free = discount
    facts = {
        "discountSharePolicyId": policy_id,
        "discountSharePolicyGraphqlId": graphql_id(DISCOUNT_SHARE_NODE, policy_id),
    }
    if product_id:
        facts["productId"] = product_id
    if policy_id not in left:
        raise TransferDiscountSharePolicyNotFound(**facts)
    amount, tax_free = left[policy_id]
    if asked > amount:
        raise CancellableDiscountAmountExceeded(
            **facts, cancellableAmount=amount, requestAmount=asked
        )
    if asked_tax_free > tax_free:
        raise CancellableDiscountTaxFreeAmountExceeded(
            **facts, cancellableAmount=tax_free, requestAmount=asked_tax_free
        )
