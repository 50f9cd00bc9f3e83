"""Random orders, terms and cancels that a marketplace could have."""

from __future__ import annotations

from hypothesis import strategies as st

from core.money import RATE_ONE, Rounding
from settlements.calculator import (
    DEFAULT_CALCULATOR,
    AdditionalFeeTerms,
    CancelledLine,
    CancelRequest,
    ContractTerms,
    Discount,
    DiscountShareTerms,
    Fee,
    Formula,
    Formulas,
    Line,
    Order,
    ReturnedDiscount,
    UserFormula,
)
from tests.settlements.calculator.samples import contract

rates = st.integers(0, RATE_ONE)
won = st.integers(0, 100_000)
roundings = st.sampled_from(Rounding)


@st.composite
def fees(draw) -> Fee:
    if draw(st.booleans()):
        return Fee(rate=draw(rates))
    return Fee(amount=draw(won), is_fixed_amount=True)


@st.composite
def contracts(draw) -> ContractTerms:
    fee = draw(fees())
    return contract(
        rate=None if fee.is_fixed_amount else fee.rate,
        amount=fee.amount,
        vat_payer=draw(st.sampled_from(["PARTNER", "MERCHANT"])),
        subtracts_payment_vat=draw(st.booleans()),
    )


@st.composite
def discounts(draw, amount: int, tax_free: int) -> tuple[Discount, ...]:
    """Up to three, policies possibly twice, within the amount and its tax-free part."""
    found = []
    for _ in range(draw(st.integers(0, 3))):
        rest = draw(st.integers(0, amount // 2))
        rest_tax_free = draw(st.integers(max(0, rest - (amount - tax_free)), min(rest, tax_free)))
        rate = draw(st.sampled_from([0, 33_333, 50_000, RATE_ONE]))
        found.append(Discount(DiscountShareTerms(f"p{rate}", rate), rest, rest_tax_free))
        amount -= rest
        tax_free -= rest_tax_free
    return tuple(found)


additional_fees = st.lists(
    st.builds(AdditionalFeeTerms, st.sampled_from(["f", "g"]), fees(), st.booleans()), max_size=2
).map(tuple)


@st.composite
def lines(draw, product_id: str) -> Line:
    price = draw(won)
    tax_free = draw(st.integers(0, price))
    quantity = draw(st.integers(1, 5))
    own = draw(discounts(price * quantity, tax_free * quantity))
    return Line(product_id, price, quantity, tax_free, own, draw(additional_fees))


@st.composite
def orders(draw) -> Order:
    if draw(st.booleans()):
        amount = draw(st.integers(0, 10_000_000))
        tax_free = draw(st.integers(0, amount))
        own = draw(discounts(amount, tax_free))
        return Order(amount, (), tax_free, own, draw(additional_fees))
    found = tuple(draw(lines(product)) for product in "ABC"[: draw(st.integers(1, 3))])
    discounted = [discount for line in found for discount in line.discounts]
    order = Order(lines=found, additional_fees=draw(additional_fees))
    left = order.total() - sum(discount.amount for discount in discounted)
    left_free = order.total_tax_free() - sum(each.tax_free_amount for each in discounted)
    return order._replace(discounts=draw(discounts(left, left_free)))


@st.composite
def formula_sets(draw) -> Formulas:
    """The defaults under any rounding, with constants and products a user may add."""
    plain = DEFAULT_CALCULATOR
    return Formulas(
        Formula(plain.discount_share.text, draw(roundings)),
        Formula("ROUND(ORDER_AMOUNT * FIXED_RATE * 0.5) + FIXED_AMOUNT + 7", draw(roundings)),
        Formula(plain.additional_fee.text, draw(roundings)),
        Formula(plain.settlement.text + " - PROMOTION", draw(roundings)),
        Formula(plain.settlement_tax_free.text, draw(roundings)),
        user_defined=(
            UserFormula(
                "PROMOTION", "판촉비", Formula("PAYMENT_AMOUNT * 0.0123 + 100", draw(roundings))
            ),
        ),
        order_keys=("PROMOTION", "discountShare", "platformFee", "additionalFee"),
        vat_rounding=draw(roundings),
    )


@st.composite
def cancel_requests(draw, order: Order) -> CancelRequest:
    """A partial cancel; it may ask for more than is left."""
    own = draw(returned(order.discounts))
    if not order.lines:
        amount = draw(st.integers(0, order.amount or 0))
        tax_free = draw(st.none() | st.integers(0, min(amount, order.total_tax_free())))
        return CancelRequest(amount=amount, discounts=own, tax_free_amount=tax_free)
    chosen = draw(st.lists(st.sampled_from(order.lines), min_size=1, unique=True))
    taken = tuple(
        CancelledLine(
            line.product_id,
            draw(st.integers(1, line.quantity)),
            draw(returned(line.discounts)),
        )
        for line in chosen
    )
    return CancelRequest(lines=taken, discounts=own)


@st.composite
def returned(draw, given: tuple[Discount, ...]) -> tuple[ReturnedDiscount, ...]:
    by_policy = {discount.terms.id: discount for discount in given}
    return tuple(
        ReturnedDiscount(
            policy,
            draw(st.integers(0, discount.amount)),
            draw(st.integers(0, discount.tax_free_amount)),
        )
        for policy, discount in by_policy.items()
        if draw(st.booleans())
    )
