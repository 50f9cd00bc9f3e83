"""What holds for every order, every set of terms and every way of cancelling."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DomainError
from settlements.calculator import (
    DEFAULT_CALCULATOR,
    CancelledOrder,
    CancelRequest,
    calculate_cancel,
    compile_calculator,
)
from settlements.calculator.cancel import outstanding
from tests.settlements.calculator.strategies import (
    cancel_requests,
    contracts,
    formula_sets,
    orders,
)

sets = st.just(DEFAULT_CALCULATOR) | formula_sets()


@given(orders(), contracts(), sets)
def test_amounts_add_up_on_every_level(order, contract, formulas):
    whole = compile_calculator(formulas).order(order, contract)

    for level in (whole, *whole.lines):
        amounts = level.amounts
        assert amounts.payment_amount == amounts.order_amount - amounts.discount_amount
        assert amounts.payment_amount == (
            amounts.payment_supply_amount
            + amounts.payment_vat_amount
            + amounts.payment_tax_free_amount
        )
        assert amounts.order_amount == (
            amounts.settlement_amount
            + amounts.payment_vat_burden_amount
            + amounts.platform_fee_amount
            + amounts.platform_fee_vat_amount
            + amounts.additional_fee_amount
            + amounts.additional_fee_vat_amount
            + amounts.discount_share_amount
            + level.formulas.get("PROMOTION", 0)
        )
        assert 0 <= amounts.discount_share_amount <= amounts.discount_amount


@given(orders(), contracts(), sets)
def test_totals_are_the_sum_of_their_items(order, contract, formulas):
    whole = compile_calculator(formulas).order(order, contract)
    levels = (whole, *whole.lines)
    discounts = [discount for level in levels for discount in level.discounts]
    fees = [fee for level in levels for fee in level.additional_fees]

    amounts = whole.amounts
    assert amounts.discount_amount == sum(each.amount for each in discounts)
    assert amounts.discount_tax_free_amount == sum(each.tax_free_amount for each in discounts)
    assert amounts.discount_share_amount == sum(each.share_amount for each in discounts)
    assert amounts.discount_share_tax_free_amount == sum(
        each.share_tax_free_amount for each in discounts
    )
    assert amounts.additional_fee_amount == sum(each.amount for each in fees)
    assert amounts.additional_fee_vat_amount == sum(each.vat for each in fees)
    if whole.lines:
        assert amounts.order_amount == sum(line.amounts.order_amount for line in whole.lines)


@given(st.data(), orders(), contracts(), sets)
@settings(max_examples=300)
def test_any_cancels_that_reach_the_whole_order_leave_nothing(data, order, contract, formulas):
    """Rounding each cancel by itself would lose a won; so would today's rate."""
    calculator = compile_calculator(formulas)
    state = CancelledOrder(order, contract, calculator.order(order, contract))
    is_last = False
    for _ in range(data.draw(st.integers(0, 5))):
        request = data.draw(cancel_requests(order))
        try:
            cancel = calculate_cancel(calculator, state, request)
        except DomainError:
            continue
        state = state._replace(cancels=(*state.cancels, cancel.calculation))
        is_last = cancel.is_last
        if is_last:
            break
    if not is_last:
        cancel = calculate_cancel(calculator, state, CancelRequest())
        state = state._replace(cancels=(*state.cancels, cancel.calculation))

    assert cancel.is_last
    rest = outstanding(state.result, state.cancels)
    assert set(rest.amounts) == {0}
    assert set(rest.formulas.values()) <= {0}
    assert rest.discounts == ()
    assert {won for fee in rest.additional_fees for won in fee[1:]} <= {0}
    for line in state.result.lines:
        assert_line_is_gone(line, state.cancels)


def assert_line_is_gone(line, cancels):
    taken = [
        other for each in cancels for other in each.lines if other.product_id == line.product_id
    ]
    columns = [sum(column) for column in zip(*(each.amounts for each in taken), strict=True)]
    assert columns == list(line.amounts)
    assert sum(each.quantity for each in taken) == line.quantity
    shares = Counter()
    for each in taken:
        shares.update({discount.policy_id: discount.share_amount for discount in each.discounts})
    assert shares.total() == line.amounts.discount_share_amount


NEVER_NEGATIVE = [
    "order_amount",
    "order_tax_free_amount",
    "discount_amount",
    "discount_tax_free_amount",
    "discount_share_amount",
    "discount_share_tax_free_amount",
    "payment_amount",
    "payment_tax_free_amount",
    "payment_supply_amount",
    "payment_vat_amount",
    "payment_vat_burden_amount",
    "platform_fee_amount",
    "platform_fee_vat_amount",
    "additional_fee_amount",
    "additional_fee_vat_amount",
]


@given(st.data(), orders(), contracts())
def test_a_cancel_takes_back_no_negative_part(data, order, contract):
    calculator = compile_calculator(DEFAULT_CALCULATOR)
    state = CancelledOrder(order, contract, calculator.order(order, contract))
    for _ in range(3):
        try:
            cancel = calculate_cancel(calculator, state, data.draw(cancel_requests(order)))
        except DomainError:
            continue
        state = state._replace(cancels=(*state.cancels, cancel.calculation))
        for level in (cancel.calculation, *cancel.calculation.lines):
            for column in NEVER_NEGATIVE:
                assert getattr(level.amounts, column) >= 0, column
        amounts = cancel.calculation.amounts
        assert amounts.payment_amount == amounts.order_amount - amounts.discount_amount
        assert amounts.payment_amount == (
            amounts.payment_supply_amount
            + amounts.payment_vat_amount
            + amounts.payment_tax_free_amount
        )
