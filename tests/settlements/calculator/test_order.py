"""The documented numbers of contract.md d.6, and every rule of d.1."""

import pytest

from core.errors import InvalidRequest
from core.money import MAX_WON
from settlements.calculator import Calculation, Line, Order
from settlements.calculator.calculation import Amounts
from settlements.errors import ProductIdDuplicated, SettlementAmountExceeded
from settlements.models import AMOUNT_COLUMNS
from tests.settlements.calculator.samples import calculate, contract, discount, extra_fee, shown


def test_amounts_are_the_columns_of_a_transfer():
    assert Amounts._fields == AMOUNT_COLUMNS


def test_documented_order():
    assert shown(calculate(Order(amount=10_000))) == {
        "settlement": 8_900,
        "order": 10_000,
        "payment": 10_000,
        "paymentSupply": 9_091,
        "paymentVat": 909,
        "platformFee": 1_000,
        "platformFeeVat": 100,
    }


def test_documented_order_lines():
    order = Order(lines=(Line("A", 2_000, 5), Line("B", 4_000, 1)))

    calculation = calculate(order)

    assert shown(calculation) == {
        "settlement": 12_460,
        "order": 14_000,
        "payment": 14_000,
        "paymentSupply": 12_728,
        "paymentVat": 1_272,
        "platformFee": 1_400,
        "platformFeeVat": 140,
    }
    first, second = calculation.lines
    assert (first.product_id, first.quantity) == ("A", 5)
    assert first.amounts.settlement_amount == 8_900
    assert first.amounts.platform_fee_amount == 1_000
    assert first.amounts.platform_fee_vat_amount == 100
    assert second.amounts.settlement_amount == 3_560
    assert second.amounts.platform_fee_amount == 400
    assert second.amounts.platform_fee_vat_amount == 40


def test_documented_payment_of_two_partners():
    first = calculate(Order(amount=5_000), contract(rate=10_000)).amounts
    second = calculate(Order(amount=5_000), contract(rate=20_000)).amounts

    assert (first.settlement_amount, first.platform_fee_amount) == (4_450, 500)
    assert first.platform_fee_vat_amount == 50
    assert (second.settlement_amount, second.platform_fee_amount) == (3_900, 1_000)
    assert second.platform_fee_vat_amount == 100


def test_documented_shared_discount_leaves_the_fee_on_the_order():
    calculation = calculate(Order(amount=10_000, discounts=(discount(2_000),)))

    assert shown(calculation) == {
        "settlement": 7_900,
        "order": 10_000,
        "discount": 2_000,
        "discountShare": 1_000,
        "payment": 8_000,
        "paymentSupply": 7_273,
        "paymentVat": 727,
        "platformFee": 1_000,
        "platformFeeVat": 100,
    }
    assert calculation.discounts == (("half", 2_000, 0, 1_000, 0),)


def test_documented_additional_fee():
    calculation = calculate(Order(amount=10_000, additional_fees=(extra_fee(),)))

    assert calculation.amounts.settlement_amount == 8_350
    assert calculation.amounts.additional_fee_amount == 500
    assert calculation.amounts.additional_fee_vat_amount == 50
    assert calculation.additional_fees == (("f", 500, 50),)


def test_documented_composite_of_both_levels():
    """d.6 no. 11: discounts and fees on the line and on the order; the merchant pays the VAT."""
    line = Line("A", 5_000, 5, 0, (discount(2_500),), (extra_fee(),))
    order = Order(lines=(line,), discounts=(discount(2_500),), additional_fees=(extra_fee(),))

    calculation = calculate(order, contract(vat_payer="MERCHANT"))

    assert shown(calculation) == {
        "settlement": 17_250,
        "order": 25_000,
        "discount": 5_000,
        "discountShare": 2_500,
        "payment": 20_000,
        "paymentSupply": 18_182,
        "paymentVat": 1_818,
        "platformFee": 2_500,
        "additionalFee": 2_500,
        "additionalFeeVat": 250,
    }
    assert shown(calculation.lines[0]) == {
        "settlement": 19_875,
        "order": 25_000,
        "discount": 2_500,
        "discountShare": 1_250,
        "payment": 22_500,
        "paymentSupply": 20_455,
        "paymentVat": 2_045,
        "platformFee": 2_500,
        "additionalFee": 1_250,
        "additionalFeeVat": 125,
    }


def test_documented_promotion_share_of_ten_percent():
    calculation = calculate(Order(amount=50_000, discounts=(discount(5_000, rate=10_000),)))

    assert calculation.amounts.discount_share_amount == 500


def test_a_fixed_fee_is_taken_once_however_many_lines():
    order = Order(lines=(Line("A", 2_000, 5), Line("B", 4_000, 1)))

    amounts = calculate(order, contract(rate=None, amount=300)).amounts

    assert (amounts.platform_fee_amount, amounts.platform_fee_vat_amount) == (300, 30)
    assert amounts.settlement_amount == 13_670


def test_payment_vat_is_deducted_when_the_contract_says_so():
    amounts = calculate(Order(amount=10_000), contract(subtracts_payment_vat=True)).amounts

    assert amounts.payment_vat_burden_amount == 909
    assert amounts.settlement_amount == 8_900 - 909


def test_tax_free_parts_of_payment_share_and_settlement():
    order = Order(
        amount=10_000,
        tax_free_amount=3_000,
        discounts=(discount(1_000, rate=33_333, tax_free=500),),
    )

    assert shown(calculate(order)) == {
        "settlement": 8_567,
        "settlementTaxFree": 2_504,  # ⌊(8,567 + 333) × 0.3⌋ − 166
        "order": 10_000,
        "orderTaxFree": 3_000,
        "discount": 1_000,
        "discountTaxFree": 500,
        "discountShare": 333,
        "discountShareTaxFree": 166,
        "payment": 9_000,
        "paymentTaxFree": 2_500,
        "paymentSupply": 5_910,
        "paymentVat": 590,
        "platformFee": 1_000,
        "platformFeeVat": 100,
    }


def test_tax_free_amounts_are_per_unit_and_the_order_overrides_them():
    lines = (Line("A", 2_000, 5, unit_tax_free_amount=500),)

    by_line = calculate(Order(lines=lines))
    overridden = calculate(Order(lines=lines, tax_free_amount=1_000))

    assert by_line.amounts.order_tax_free_amount == 2_500
    assert overridden.amounts.order_tax_free_amount == 1_000
    assert overridden.lines[0].amounts.order_tax_free_amount == 2_500


def test_an_order_of_nothing_settles_at_nothing():
    assert shown(calculate(Order(amount=0))) == {}


def test_a_settlement_may_be_negative():
    amounts = calculate(Order(amount=100), contract(rate=None, amount=1_000)).amounts

    assert amounts.settlement_amount == 100 - 1_000 - 100


@pytest.mark.parametrize(
    ("order", "reason", "requested", "allowed"),
    [
        (Order(amount=100, discounts=(discount(101),)), "DISCOUNT_THAN_ORDER", 101, 100),
        (
            Order(amount=100, tax_free_amount=100, discounts=(discount(10, tax_free=11),)),
            "DISCOUNT_TAX_FREE_THAN_DISCOUNT",
            11,
            10,
        ),
        (
            Order(amount=100, tax_free_amount=5, discounts=(discount(10, tax_free=6),)),
            "DISCOUNT_TAX_FREE_THAN_ORDER_TAX_FREE",
            6,
            5,
        ),
        (Order(amount=100, tax_free_amount=101), "PAYMENT_TAX_FREE_THAN_PAYMENT", 101, 100),
    ],
)
def test_amounts_beyond_the_order_are_refused_with_the_reason(order, reason, requested, allowed):
    with pytest.raises(SettlementAmountExceeded) as refusal:
        calculate(order)

    assert refusal.value.extra == {
        "amountExceededType": reason,
        "requestedAmount": requested,
        "allowedAmount": allowed,
    }


def test_a_refused_line_names_its_product():
    lines = (Line("A", 1_000, 9), Line("B", 100, 2, discounts=(discount(201),)))

    with pytest.raises(SettlementAmountExceeded) as refusal:
        calculate(Order(lines=lines))

    assert refusal.value.extra["productId"] == "B"


def test_a_discount_within_another_discounts_limit_is_still_its_own():
    both = (discount(10, tax_free=11), discount(50, policy="other"))

    with pytest.raises(SettlementAmountExceeded):
        calculate(Order(amount=100, tax_free_amount=100, discounts=both))


@pytest.mark.parametrize(
    "order",
    [
        Order(),
        Order(amount=1, lines=(Line("A", 1, 1),)),
        Order(amount=-1),
        Order(amount=MAX_WON + 1),
        Order(amount=1, tax_free_amount=-1),
        Order(amount=1, discounts=(discount(-1),)),
        Order(amount=1, discounts=(discount(1, tax_free=-1),)),
        Order(lines=(Line("A", 1, 0),)),
        Order(lines=(Line("A", -1, 1),)),
        Order(lines=(Line("A", 1, 1, -1),)),
        Order(lines=(Line("A", MAX_WON, 2),)),
        Order(lines=(Line("A", MAX_WON, 1), Line("B", 1, 1))),
    ],
)
def test_orders_that_make_no_sense_are_refused(order):
    with pytest.raises(InvalidRequest):
        calculate(order)


def test_a_product_stands_in_one_line():
    with pytest.raises(ProductIdDuplicated) as refusal:
        calculate(Order(lines=(Line("A", 1, 1), Line("A", 2, 1))))

    assert refusal.value.extra == {"id": "A"}


def test_snapshots_give_the_order_and_its_calculation_back():
    line = Line("A", 5_000, 5, 100, (discount(2_500, tax_free=20),), (extra_fee(),))
    order = Order(lines=(line,), discounts=(discount(2_500),), additional_fees=(extra_fee(),))
    calculation = calculate(order)
    snapshot = transfer_snapshot(order, calculation)

    assert Order.from_snapshot(snapshot) == order._replace(tax_free_amount=500, parameters={})
    assert Calculation.from_snapshot(snapshot) == calculation


def transfer_snapshot(order: Order, calculation: Calculation) -> dict:
    """The part of a transfer's response that the calculator reads (c.5)."""
    return level_snapshot(order, calculation) | {
        "parameters": {},
        "orderLines": [
            level_snapshot(line, result)
            | {
                "product": {
                    "id": line.product_id,
                    "amount": line.unit_price,
                    "taxFreeAmount": line.unit_tax_free_amount,
                },
                "quantity": line.quantity,
            }
            for line, result in zip(order.lines, calculation.lines, strict=True)
        ],
    }


def level_snapshot(level: Order | Line, calculation: Calculation) -> dict:
    return {
        "amount": calculation.amount_wire(),
        "discounts": [
            {
                "sharePolicy": {"id": terms.id, "partnerShareRate": terms.rate},
                "amount": amount,
                "taxFreeAmount": tax_free,
                "shareAmount": shared.share_amount,
                "shareTaxFreeAmount": shared.share_tax_free_amount,
            }
            for (terms, amount, tax_free), shared in zip(
                level.discounts, calculation.discounts, strict=True
            )
        ],
        "additionalFees": [
            {
                "policy": {
                    "id": terms.id,
                    "fee": {"type": "FIXED_RATE", "rate": terms.fee.rate},
                    "vatPayer": "PARTNER" if terms.partner_pays_vat else "MERCHANT",
                },
                "amount": charged.amount,
                "vat": charged.vat,
            }
            for terms, charged in zip(
                level.additional_fees, calculation.additional_fees, strict=True
            )
        ],
    }
