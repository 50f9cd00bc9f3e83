"""Cancels: the documented numbers, what is refused, and what comes back with the last."""

import pytest

from core.errors import InvalidRequest
from settlements.calculator import (
    CancelledLine,
    CancelledOrder,
    CancelRequest,
    Line,
    Order,
    ReturnedDiscount,
    calculate_cancel,
)
from settlements.errors import (
    CancellableAmountExceeded,
    CancellableDiscountAmountExceeded,
    CancellableDiscountTaxFreeAmountExceeded,
    CancellableProductQuantityExceeded,
    DiscountSharePolicyIdDuplicated,
    OrderDetailMismatched,
    OrderTransferAlreadyCancelled,
    ProductIdDuplicated,
    ProductIdNotFound,
    SettlementAmountExceeded,
    TransferDiscountSharePolicyNotFound,
)
from tests.settlements.calculator.samples import (
    DEFAULT,
    calculate,
    contract,
    discount,
    extra_fee,
    shown,
)

ALL = CancelRequest()
TWO_LINES = Order(lines=(Line("A", 2_000, 5), Line("B", 4_000, 1)))


def ordered(order: Order, terms=None) -> CancelledOrder:
    terms = terms or contract()
    return CancelledOrder(order, terms, calculate(order, terms))


def cancel(cancelled: CancelledOrder, request: CancelRequest):
    return calculate_cancel(DEFAULT, cancelled, request)


def cancel_each(cancelled: CancelledOrder, *requests: CancelRequest):
    """The results of several cancels, one after the other."""
    for request in requests:
        done = cancel(cancelled, request).calculation
        cancelled = cancelled._replace(cancels=(*cancelled.cancels, done))
    return cancelled.cancels


def lines(**quantities: int) -> CancelRequest:
    return CancelRequest(
        lines=tuple(CancelledLine(product, quantity) for product, quantity in quantities.items())
    )


def test_documented_cancel_of_half_the_order():
    done = cancel(ordered(Order(amount=10_000)), CancelRequest(amount=5_000))

    assert shown(done.calculation) == {
        "settlement": 4_450,
        "order": 5_000,
        "payment": 5_000,
        "paymentSupply": 4_546,
        "paymentVat": 454,
        "platformFee": 500,
        "platformFeeVat": 50,
    }
    assert not done.is_last


def test_documented_cancel_of_two_pieces():
    done = cancel(ordered(TWO_LINES), lines(A=2)).calculation

    assert done.amounts.settlement_amount == 3_560
    assert done.amounts.order_amount == 4_000
    assert done.amounts.platform_fee_amount == 400
    assert done.amounts.platform_fee_vat_amount == 40
    (line,) = done.lines
    assert (line.product_id, line.quantity) == ("A", 2)
    assert line.amounts.settlement_amount == 3_560


def test_cancelling_everything_mirrors_the_order_with_its_discounts():
    order = Order(amount=10_000, discounts=(discount(2_000),), additional_fees=(extra_fee(),))
    cancelled = ordered(order)

    done = cancel(cancelled, ALL)

    assert done.is_last
    assert done.calculation.amounts == cancelled.result.amounts
    assert done.calculation.discounts == cancelled.result.discounts
    assert done.calculation.additional_fees == cancelled.result.additional_fees


def test_naming_the_whole_amount_or_every_piece_is_cancelling_everything():
    of_amount = ordered(Order(amount=10_000, discounts=(discount(2_000),)))
    of_lines = ordered(TWO_LINES._replace(discounts=(discount(2_000),)))

    for cancelled, request in (
        (of_amount, CancelRequest(amount=10_000)),
        (of_lines, lines(A=5, B=1)),
    ):
        done = cancel(cancelled, request)
        assert done.is_last
        assert done.calculation.amounts == cancelled.result.amounts


def test_thirds_of_a_won_come_back_in_whole_won_and_leave_nothing():
    """Each cancel rounds what is cancelled so far, never its own part."""
    first, second, last = cancel_each(
        ordered(Order(amount=100), contract(rate=33_333)),
        CancelRequest(amount=33),
        CancelRequest(amount=33),
        ALL,
    )

    fees = [each.amounts.platform_fee_amount for each in (first, second, last)]
    assert fees == [10, 11, 12]
    settlements = [each.amounts.settlement_amount for each in (first, second, last)]
    assert settlements == [22, 21, 21]
    assert sum(settlements) == calculate(Order(amount=100), contract(33_333)).amounts[0]


def test_a_fixed_fee_comes_back_with_the_last_cancel():
    fees = [
        (each.amounts.platform_fee_amount, each.amounts.platform_fee_vat_amount)
        for each in cancel_each(
            ordered(TWO_LINES, contract(rate=None, amount=305)), lines(A=5), lines(B=1)
        )
    ]

    assert fees == [(0, 0), (305, 30)]


def test_a_lines_fixed_fee_comes_back_with_the_last_piece_of_the_line():
    order = Order(
        lines=(
            Line("A", 2_000, 2, additional_fees=(extra_fee(amount=500),)),
            Line("B", 4_000, 1, additional_fees=(extra_fee(amount=700),)),
        )
    )

    fees = [
        each.amounts.additional_fee_amount
        for each in cancel_each(ordered(order), lines(A=1), lines(A=1), lines(B=1))
    ]

    assert fees == [0, 500, 700]


def test_stated_discounts_come_back_with_their_share():
    order = Order(amount=10_000, discounts=(discount(2_001),))
    request = CancelRequest(amount=5_000, discounts=(ReturnedDiscount("half", 1_001),))

    first, last = cancel_each(ordered(order), request, ALL)

    assert first.discounts == (("half", 1_001, 0, 500, 0),)
    assert first.amounts.payment_amount == 3_999
    assert first.amounts.settlement_amount == 5_000 - 500 - 50 - 500
    assert last.discounts == (("half", 1_000, 0, 500, 0),)


def test_the_last_piece_of_a_line_brings_its_discounts_back():
    order = Order(lines=(Line("A", 5_000, 2, discounts=(discount(2_000),)), Line("B", 1_000, 1)))

    half, rest = cancel_each(ordered(order), lines(A=1), lines(A=1))

    assert half.discounts == half.lines[0].discounts == ()
    assert rest.lines[0].discounts == (("half", 2_000, 0, 1_000, 0),)
    assert rest.amounts.discount_amount == 2_000
    assert rest.amounts.discount_share_amount == 1_000


def test_one_policy_twice_on_an_order_gives_both_back():
    order = Order(amount=10_000, discounts=(discount(1_001), discount(1_001)))
    request = CancelRequest(amount=5_000, discounts=(ReturnedDiscount("half", 1_500),))

    first, last = cancel_each(ordered(order), request, ALL)

    assert first.discounts == (("half", 1_500, 0, 500 + 249, 0),)
    assert last.discounts == (("half", 502, 0, 251, 0),)


def test_the_tax_free_part_follows_the_lines_unless_stated():
    order = Order(lines=(Line("A", 1_000, 4, 300), Line("B", 500, 1)))

    by_line = cancel(ordered(order), lines(A=2)).calculation
    stated = cancel(ordered(order), lines(A=2)._replace(tax_free_amount=100)).calculation

    assert by_line.amounts.order_tax_free_amount == 600
    assert stated.amounts.order_tax_free_amount == 100


def test_an_amount_is_taxable_unless_stated_until_the_last():
    order = Order(amount=10_000, tax_free_amount=4_000)

    first, last = cancel_each(ordered(order), CancelRequest(amount=3_000), ALL)

    assert first.amounts.order_tax_free_amount == 0
    assert last.amounts.order_tax_free_amount == 4_000
    assert last.amounts.settlement_tax_free_amount == 8_900 * 4 // 10


def test_an_order_of_nothing_can_be_cancelled_once():
    cancelled = ordered(Order(amount=0))

    done = cancel(cancelled, ALL)

    assert done.is_last
    with pytest.raises(OrderTransferAlreadyCancelled):
        cancel(cancelled._replace(cancels=(done.calculation,)), ALL)


def test_what_is_gone_cannot_be_cancelled_again():
    cancelled = ordered(Order(amount=10_000))
    done = cancel(cancelled, ALL).calculation

    with pytest.raises(OrderTransferAlreadyCancelled):
        cancel(cancelled._replace(cancels=(done,)), CancelRequest(amount=1))


def refused(error: type[Exception], order: Order, *requests: CancelRequest) -> dict:
    """What the last request is refused with, after the others."""
    cancelled = ordered(order)
    cancelled = cancelled._replace(cancels=cancel_each(cancelled, *requests[:-1]))
    with pytest.raises(error) as refusal:
        cancel(cancelled, requests[-1])
    return refusal.value.extra


def test_more_than_remains_is_refused():
    half = CancelRequest(amount=5_000)

    assert refused(
        CancellableAmountExceeded, Order(amount=10_000), half, CancelRequest(amount=5_001)
    ) == {"cancellableAmount": 5_000, "requestAmount": 5_001, "amountType": "SUPPLY_WITH_VAT"}


def test_the_taxable_and_the_tax_free_part_have_their_own_limits():
    order = Order(amount=10_000, tax_free_amount=4_000)

    assert refused(CancellableAmountExceeded, order, CancelRequest(amount=6_001)) == {
        "cancellableAmount": 6_000,
        "requestAmount": 6_001,
        "amountType": "SUPPLY_WITH_VAT",
    }
    too_free = CancelRequest(amount=5_000, tax_free_amount=4_001)
    assert refused(CancellableAmountExceeded, order, too_free) == {
        "cancellableAmount": 4_000,
        "requestAmount": 4_001,
        "amountType": "TAX_FREE",
    }


def test_the_last_cancel_cannot_leave_a_tax_free_part_behind():
    order = Order(amount=10_000, tax_free_amount=4_000)
    short = CancelRequest(tax_free_amount=3_999)

    assert refused(CancellableAmountExceeded, order, short)["amountType"] == "SUPPLY_WITH_VAT"


def test_more_pieces_than_remain_are_refused():
    assert refused(CancellableProductQuantityExceeded, TWO_LINES, lines(A=2), lines(A=4)) == {
        "productId": "A",
        "cancellableQuantity": 3,
    }


def test_products_must_be_on_the_order_once():
    twice = CancelRequest(lines=(CancelledLine("A", 1), CancelledLine("A", 1)))

    assert refused(ProductIdNotFound, TWO_LINES, lines(C=1)) == {"id": "C"}
    assert refused(ProductIdDuplicated, TWO_LINES, twice) == {"id": "A"}


def test_the_request_must_fit_the_kind_of_order():
    refused(OrderDetailMismatched, TWO_LINES, CancelRequest(amount=1))
    refused(OrderDetailMismatched, Order(amount=10), lines(A=1))


ON_ORDER = Order(amount=10_000, tax_free_amount=1_000, discounts=(discount(2_000, tax_free=100),))
ON_LINE = Order(
    lines=(Line("A", 5_000, 2, 500, (discount(2_000, tax_free=100),)), Line("B", 1_000, 1))
)


@pytest.mark.parametrize(
    ("returned", "error", "facts"),
    [
        (
            ReturnedDiscount("half", 2_001),
            CancellableDiscountAmountExceeded,
            {"cancellableAmount": 2_000, "requestAmount": 2_001},
        ),
        (
            ReturnedDiscount("half", 2_000, 101),
            CancellableDiscountTaxFreeAmountExceeded,
            {"cancellableAmount": 100, "requestAmount": 101},
        ),
    ],
)
def test_more_discount_than_was_given_does_not_come_back(returned, error, facts):
    facts |= {"discountSharePolicyId": "half", "discountSharePolicyGraphqlId": "MjpoYWxm"}
    by_line = CancelRequest(lines=(CancelledLine("A", 1, (returned,)),))

    assert refused(error, ON_ORDER, CancelRequest(amount=5_000, discounts=(returned,))) == facts
    assert refused(error, ON_LINE, by_line) == facts | {"productId": "A"}


def test_a_discount_that_is_not_on_that_level_does_not_come_back():
    other = (ReturnedDiscount("other", 1),)
    half = (ReturnedDiscount("half", 1),)
    facts = {"discountSharePolicyId": "other", "discountSharePolicyGraphqlId": "MjpvdGhlcg=="}
    error = TransferDiscountSharePolicyNotFound

    assert refused(error, ON_ORDER, CancelRequest(amount=100, discounts=other)) == facts
    by_line = CancelRequest(lines=(CancelledLine("B", 1, half),))
    assert refused(error, ON_LINE, by_line)["productId"] == "B"
    refused(error, ON_LINE, lines(A=1)._replace(discounts=half))


def test_a_policy_stands_once_in_a_request():
    twice = (ReturnedDiscount("half", 1), ReturnedDiscount("half", 1))

    assert refused(
        DiscountSharePolicyIdDuplicated, ON_ORDER, CancelRequest(amount=100, discounts=twice)
    ) == {"id": "half", "graphqlId": "MjpoYWxm"}


def test_a_cancel_cannot_return_more_discount_than_it_cancels():
    request = CancelRequest(amount=1_000, discounts=(ReturnedDiscount("half", 1_500),))

    extra = refused(
        SettlementAmountExceeded, Order(amount=10_000, discounts=(discount(2_000),)), request
    )

    assert extra == {
        "amountExceededType": "DISCOUNT_THAN_ORDER",
        "requestedAmount": 1_500,
        "allowedAmount": 1_000,
    }


def test_a_cancel_cannot_leave_more_discount_than_order():
    order = Order(amount=10_000, discounts=(discount(2_000),))

    extra = refused(SettlementAmountExceeded, order, CancelRequest(amount=8_001))

    assert (extra["requestedAmount"], extra["allowedAmount"]) == (2_000, 1_999)


@pytest.mark.parametrize(
    "request_",
    [
        CancelRequest(amount=1, lines=(CancelledLine("A", 1),)),
        CancelRequest(lines=()),
        lines(A=0),
        lines(A=-1),
        lines(A=1)._replace(tax_free_amount=-1),
        lines(A=1)._replace(discounts=(ReturnedDiscount("half", -1),)),
        CancelRequest(lines=(CancelledLine("A", 1, (ReturnedDiscount("half", 1, -1),)),)),
    ],
)
def test_requests_that_make_no_sense_are_refused(request_):
    refused(InvalidRequest, TWO_LINES, request_)


def test_cancelling_an_amount_of_nothing_is_refused():
    refused(InvalidRequest, Order(amount=10), CancelRequest(amount=0))
    refused(InvalidRequest, Order(amount=10), CancelRequest(amount=-1))


def fees_and_settlements(*done) -> list[tuple[int, int]]:
    return [(each.amounts.platform_fee_amount, each.amounts.settlement_amount) for each in done]


def test_a_fixed_fee_that_came_back_with_a_last_cancel_is_not_taken_again_by_the_next():
    """The last cancel stays while an earlier one is deleted, and the order is cancelled on."""
    fixed = contract(rate=None, amount=1_000, vat_payer="MERCHANT")
    cancelled = ordered(Order(amount=10_000), fixed)
    _, last = cancel_each(cancelled, CancelRequest(amount=5_000), ALL)

    done = cancel_each(cancelled._replace(cancels=(last,)), CancelRequest(amount=2_000), ALL)

    assert fees_and_settlements(*done) == [(1_000, 4_000), (0, 2_000), (0, 3_000)]


def test_a_lines_fixed_fee_is_not_taken_again_either():
    line = Line("A", 2_000, 3, additional_fees=(extra_fee(amount=500),))
    cancelled = ordered(Order(lines=(line, Line("B", 4_000, 1))))
    _, last_pieces = cancel_each(cancelled, lines(A=2), lines(A=1))

    done = cancel_each(cancelled._replace(cancels=(last_pieces,)), lines(A=1), lines(A=1), ALL)

    fees = [(each.amounts.additional_fee_amount, *each.additional_fees) for each in done]
    assert fees == [(500,), (0,), (0,), (0,)]
    assert sum(each.amounts.settlement_amount for each in done) == (
        cancelled.result.amounts.settlement_amount
    )


def test_a_won_that_rounding_took_early_is_not_given_back():
    cancelled = ordered(Order(amount=15))
    _, second = cancel_each(cancelled, CancelRequest(amount=5), CancelRequest(amount=5))

    done = cancel_each(cancelled._replace(cancels=(second,)), CancelRequest(amount=1), ALL)

    assert [fee for fee, _ in fees_and_settlements(*done)] == [1, 0, 0]
