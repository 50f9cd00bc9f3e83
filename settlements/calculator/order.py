"""What is calculated: an order as given, and the inputs derived from it (contract.md d.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, NoReturn

from django.utils.translation import gettext as _

from core.errors import InvalidRequest
from core.money import MAX_WON
from settlements.calculator.calculation import Calculation
from settlements.calculator.formulas import Decimal
from settlements.calculator.terms import AdditionalFeeTerms, DiscountShareTerms, Snapshot
from settlements.errors import ProductIdDuplicated, SettlementAmountExceeded

NO_PARAMETERS: Mapping[str, Decimal] = MappingProxyType({})


class Discount(NamedTuple):
    terms: DiscountShareTerms
    amount: int
    tax_free_amount: int = 0

    @classmethod
    def from_snapshot(cls, wire: Snapshot) -> Discount:
        terms = DiscountShareTerms.from_snapshot(wire["sharePolicy"])
        return cls(terms, wire["amount"], wire["taxFreeAmount"])


class Line(NamedTuple):
    """`unit_price` and `unit_tax_free_amount` are of one piece."""

    product_id: str
    unit_price: int
    quantity: int
    unit_tax_free_amount: int = 0
    discounts: tuple[Discount, ...] = ()
    additional_fees: tuple[AdditionalFeeTerms, ...] = ()

    @classmethod
    def from_snapshot(cls, wire: Snapshot) -> Line:
        return cls(
            product_id=wire["product"]["id"],
            unit_price=wire["product"]["amount"],
            quantity=wire["quantity"],
            unit_tax_free_amount=wire["product"]["taxFreeAmount"],
            discounts=tuple(map(Discount.from_snapshot, wire["discounts"])),
            additional_fees=_fees(wire),
        )


class Order(NamedTuple):
    """Either an amount or lines. `tax_free_amount` overrides the tax-free part of the lines."""

    amount: int | None = None
    lines: tuple[Line, ...] = ()
    tax_free_amount: int | None = None
    discounts: tuple[Discount, ...] = ()
    additional_fees: tuple[AdditionalFeeTerms, ...] = ()
    parameters: Mapping[str, Decimal] = NO_PARAMETERS

    @classmethod
    def from_snapshot(cls, wire: Snapshot) -> Order:
        """From a transfer in the response shape of c.5."""
        lines = tuple(map(Line.from_snapshot, wire["orderLines"]))
        return cls(
            amount=None if lines else wire["amount"]["order"],
            lines=lines,
            tax_free_amount=wire["amount"]["orderTaxFree"],
            discounts=tuple(map(Discount.from_snapshot, wire["discounts"])),
            additional_fees=_fees(wire),
            parameters={
                key: Decimal(value["decimal"], value.get("decimalScale", 0))
                for key, value in wire["parameters"].items()
            },
        )

    def total(self) -> int:
        if self.amount is not None:
            return self.amount
        return sum([line.unit_price * line.quantity for line in self.lines])

    def total_tax_free(self) -> int:
        if self.tax_free_amount is not None:
            return self.tax_free_amount
        return sum([line.unit_tax_free_amount * line.quantity for line in self.lines])


def _fees(wire: Snapshot) -> tuple[AdditionalFeeTerms, ...]:
    return tuple(AdditionalFeeTerms.from_snapshot(fee["policy"]) for fee in wire["additionalFees"])


class Base(NamedTuple):
    """The derived inputs of one level: a line, or the whole order above its calculated lines.

    Discounts are totals of the level and of the lines below it.
    """

    amount: int
    tax_free: int
    discount: int
    discount_tax_free: int
    discounts: tuple[Discount, ...] = ()
    additional_fees: tuple[AdditionalFeeTerms, ...] = ()
    lines: tuple[Calculation, ...] = ()
    product_id: str = ""
    quantity: int = 0


def base_of_line(line: Line) -> Base:
    discount, discount_tax_free = _totals(line.discounts)
    return Base(
        line.unit_price * line.quantity,
        line.unit_tax_free_amount * line.quantity,
        discount,
        discount_tax_free,
        line.discounts,
        line.additional_fees,
        (),
        line.product_id,
        line.quantity,
    )


def base_of_order(order: Order, lines: tuple[Calculation, ...] = ()) -> Base:
    discount, discount_tax_free = _totals(order.discounts)
    for line in order.lines:
        if line.discounts:
            of_line, of_line_tax_free = _totals(line.discounts)
            discount += of_line
            discount_tax_free += of_line_tax_free
    return Base(
        order.total(),
        order.total_tax_free(),
        discount,
        discount_tax_free,
        order.discounts,
        order.additional_fees,
        lines,
    )


def _totals(discounts: Sequence[Discount]) -> tuple[int, int]:
    amount = tax_free = 0
    for discount in discounts:
        amount += discount.amount
        tax_free += discount.tax_free_amount
    return amount, tax_free


def check_order(order: Order) -> None:
    """Refuse what no order may be. Errors: InvalidRequest, ProductIdDuplicated,
    SettlementAmountExceeded (for one discount)."""
    if (order.amount is None) == (not order.lines):
        raise InvalidRequest("주문 금액과 주문 항목 중 하나만 입력해 주세요.")
    if order.lines:
        _check_lines(order.lines)
    elif not 0 <= (order.amount or 0) <= MAX_WON:
        _refuse_amount()
    if (order.tax_free_amount or 0) < 0:
        _refuse_amount()
    if order.discounts:
        _check_discounts(order.discounts, "")


def check_base(base: Base) -> None:
    """Discounts and tax-free parts within the order (contract.md d.1). Errors:
    SettlementAmountExceeded with the reason, the two amounts, and the product of a line."""
    payment = base.amount - base.discount
    payment_tax_free = base.tax_free - base.discount_tax_free
    if base.discount > base.amount:
        _exceeded("DISCOUNT_THAN_ORDER", base.discount, base.amount, base.product_id)
    if base.discount_tax_free > base.discount:
        reason = "DISCOUNT_TAX_FREE_THAN_DISCOUNT"
        _exceeded(reason, base.discount_tax_free, base.discount, base.product_id)
    if base.discount_tax_free > base.tax_free:
        reason = "DISCOUNT_TAX_FREE_THAN_ORDER_TAX_FREE"
        _exceeded(reason, base.discount_tax_free, base.tax_free, base.product_id)
    if payment_tax_free > payment:
        _exceeded("PAYMENT_TAX_FREE_THAN_PAYMENT", payment_tax_free, payment, base.product_id)
    if base.amount > MAX_WON:
        _refuse_amount()


def _check_lines(lines: Sequence[Line]) -> None:
    seen: set[str] = set()
    for line in lines:
        if line.product_id in seen:
            raise ProductIdDuplicated(id=line.product_id)
        seen.add(line.product_id)
        if line.quantity < 1:
            raise InvalidRequest("상품 수량은 1개 이상이어야 합니다.")
        if line.unit_price < 0 or line.unit_tax_free_amount < 0:
            _refuse_amount()
        if line.discounts:
            _check_discounts(line.discounts, line.product_id)


def _check_discounts(discounts: Sequence[Discount], product_id: str) -> None:
    for _terms, amount, tax_free in discounts:
        if amount < 0 or tax_free < 0:
            _refuse_amount()
        if tax_free > amount:
            _exceeded("DISCOUNT_TAX_FREE_THAN_DISCOUNT", tax_free, amount, product_id)


EXCEEDED = {
    "DISCOUNT_THAN_ORDER": "등록하지 않았습니다. 할인 금액이 주문 금액보다 큽니다.",
    "DISCOUNT_TAX_FREE_THAN_DISCOUNT": (
        "등록하지 않았습니다. 면세 할인 금액이 할인 금액보다 큽니다."
    ),
    "DISCOUNT_TAX_FREE_THAN_ORDER_TAX_FREE": (
        "등록하지 않았습니다. 면세 할인 금액이 주문 면세 금액보다 큽니다."
    ),
    "PAYMENT_TAX_FREE_THAN_PAYMENT": (
        "등록하지 않았습니다. 결제 면세 금액이 결제 금액보다 큽니다."
    ),
}


def _exceeded(reason: str, requested: int, allowed: int, product_id: str) -> NoReturn:
    product = {"productId": product_id} if product_id else {}
    raise SettlementAmountExceeded(
        EXCEEDED[reason],
        amountExceededType=reason,
        requestedAmount=requested,
        allowedAmount=allowed,
        **product,
    )


def _refuse_amount() -> NoReturn:
    message = _("금액은 0 이상 %(maximum)s 이하로 입력해 주세요.")
    raise InvalidRequest(message % {"maximum": f"{MAX_WON:,}"})
