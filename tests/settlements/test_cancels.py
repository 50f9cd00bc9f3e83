"""Cancels from the call to the stored row (contract.md d.3, d.6)."""

from datetime import date

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import clock
from core.errors import InvalidRequest
from partners.errors import UserDefinedPropertyNotFound
from partners.inputs import UpdateContract, parse
from partners.models import Contract
from partners.services import update_policy
from settlements import errors
from settlements.models import AMOUNT_COLUMNS, Transfer
from settlements.queries.cancel_facts import CANCELS, LOCK, OF_PAYMENT, WITH_ID, _statement
from settlements.services import delete_transfer, register_cancel, register_order
from tests.settlements.factories import (
    ACTOR,
    broken_truths,
    cancel_input,
    line,
    make_contract,
    make_discount_policy,
    make_fee_policy,
    make_manual,
    order_input,
)


@pytest.fixture
def order(workspace, partner):
    """Register an order as the API would."""

    def order(**wire) -> Transfer:
        return register_order(workspace=workspace, actor=ACTOR, order=order_input(**wire))

    return order


@pytest.fixture
def cancel(workspace):
    def cancel(order: Transfer, **wire) -> Transfer:
        registered = register_cancel(
            workspace=workspace, actor=ACTOR, cancel=cancel_input(order, **wire)
        )
        return Transfer.objects.get(pk=registered.pk)

    return cancel


def lines(*given) -> dict:
    return {"orderDetail": {"orderLines": list(given)}}


def taken(product_id: str, quantity: int, **wire) -> dict:
    return {"productId": product_id, "quantity": quantity, **wire}


def left(order: Transfer) -> dict[str, int]:
    """order − Σ cancels, in every column that is not zero."""
    cancels = list(order.cancels.all())
    rest = {
        column: getattr(order, column) - sum(getattr(each, column) for each in cancels)
        for column in AMOUNT_COLUMNS
    }
    return {column: amount for column, amount in rest.items() if amount}


def test_example_2_half_of_an_amount(order, cancel):
    half = cancel(order(), orderDetail={"orderAmount": 5_000})

    assert half.type == "ORDER_CANCEL"
    assert half.status == "IN_PROCESS"
    assert half.settlement_amount == 4_450
    assert half.order_amount == half.payment_amount == 5_000
    assert half.platform_fee_amount == 500
    assert half.platform_fee_vat_amount == 50
    assert half.settlement_start_date == date(2023, 8, 12)
    assert half.settlement_date == date(2023, 8, 31)


def test_example_4_two_of_a_product(order, cancel):
    sold = order(amount=None, **lines(line("A", 2_000, 5), line("B", 4_000, 1)))

    two = cancel(sold, **lines(taken("A", 2)))

    assert two.settlement_amount == 3_560
    assert two.order_amount == 4_000
    assert two.platform_fee_amount == 400
    assert two.platform_fee_vat_amount == 40
    assert two.detail["lines"][0]["product"] == "A"
    assert two.detail["lines"][0]["quantity"] == 2
    assert two.detail["lines"][0]["amounts"]["settlement"] == 3_560


def test_everything_goes_when_nothing_is_said(order, cancel):
    sold = order()
    cancel(sold, orderDetail={"orderAmount": 3_333})

    cancel(sold)

    assert left(sold) == {}
    with pytest.raises(errors.OrderTransferAlreadyCancelled):
        cancel(sold, orderDetail={"all": {}})


def test_partial_cancels_leave_nothing_behind_whatever_they_round(workspace, order, cancel):
    make_contract(workspace, "odd", platformFee={"fixedRate": 12_345})
    make_discount_policy(workspace)
    make_fee_policy(workspace)
    sold = order(
        amount=None,
        contractId="odd",
        **lines(
            line(
                "A",
                3_333,
                3,
                discounts=[{"sharePolicyId": "half", "amount": 1_001}],
                additionalFees=[{"policyId": "fee"}],
            ),
            line("B", 777, 2),
        ),
        discounts=[{"sharePolicyId": "half", "amount": 501}],
        additionalFees=[{"policyId": "fee"}],
        taxFreeAmount=1_000,
    )

    cancel(sold, **lines(taken("A", 1)), taxFreeAmount=100)
    cancel(
        sold,
        **lines(taken("A", 1, discounts=[{"sharePolicyId": "half", "amount": 500}]), taken("B", 2)),
    )
    cancel(sold)

    assert left(sold) == {}
    assert not [name for name in broken_truths(workspace) if "cancels" in name]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(parts=st.lists(st.integers(1, 4_000), min_size=1, max_size=4), rate=st.integers(0, 99_999))
def test_any_split_of_an_order_sums_to_it(workspace, order, cancel, parts, rate):
    name = f"c{rate}"
    if not workspace_has(workspace, name):
        make_contract(workspace, name, platformFee={"fixedRate": rate})
    sold = order(amount=sum(parts), contractId=name)

    for part in parts:
        cancel(sold, orderDetail={"orderAmount": part})

    assert left(sold) == {}


def workspace_has(workspace, public_id: str) -> bool:
    return Contract.objects.filter(workspace=workspace, public_id=public_id).exists()


def test_the_order_s_own_terms_count(workspace, contract, order, cancel):
    sold = order()
    update_policy(
        policy=contract,
        update=parse(UpdateContract, {"platformFee": {"fixedRate": 90_000}}),
        actor=ACTOR,
    )

    assert cancel(sold).settlement_amount == 8_900


def test_deleting_a_cancel_makes_its_part_cancellable_again(workspace, order, cancel):
    sold = order()
    first = cancel(sold, orderDetail={"orderAmount": 3_333})
    cancel(sold, orderDetail={"orderAmount": 3_333})
    delete_transfer(workspace=workspace, transfer_id=first.public_id, actor=ACTOR)

    cancel(sold)

    assert left(sold) == {}


def test_the_order_may_be_named_by_partner_and_payment(order, cancel):
    sold = order(paymentId="pay")
    named = {"transferId": None, "partnerId": "seller", "paymentId": "pay"}

    registered = cancel(sold, **{k: v for k, v in named.items() if v})

    assert registered.order_transfer == sold


@pytest.mark.parametrize(
    ("wire", "error"),
    [
        ({"transferId": "none"}, errors.TransferNotFound),
        ({"externalCancellationDetail": None}, errors.CancellationAndPaymentTypeMismatched),
        (lines(taken("A", 1)), errors.OrderDetailMismatched),
        ({"orderDetail": {"orderAmount": 10_001}}, errors.CancellableAmountExceeded),
        ({"settlementDate": "2023-08-01"}, errors.SettlementDateEarlierThanSettlementStartDate),
        (
            {"discounts": [{"sharePolicyId": "none", "amount": 1}]},
            errors.TransferDiscountSharePolicyNotFound,
        ),
        (
            {"userDefinedProperties": [{"key": "NONE", "value": {"string": "x"}}]},
            UserDefinedPropertyNotFound,
        ),
        ({"id": "manual"}, InvalidRequest),
    ],
)
def test_what_is_refused_leaves_nothing(workspace, order, wire, error):
    sold = order()
    body = cancel_input(sold, **{key: value for key, value in wire.items() if value})
    if "externalCancellationDetail" in wire:
        body.external_cancellation_detail = body.partner_id

    with pytest.raises(error):
        register_cancel(workspace=workspace, actor=ACTOR, cancel=body)

    assert not sold.cancels.exists()


def test_line_refusals(order, cancel):
    sold = order(amount=None, **lines(line("A", 2_000, 2)))

    with pytest.raises(errors.ProductIdNotFound) as refusal:
        cancel(sold, **lines(taken("B", 1)))
    assert refusal.value.extra == {"id": "B"}
    with pytest.raises(errors.CancellableProductQuantityExceeded) as refusal:
        cancel(sold, **lines(taken("A", 3)))
    assert refusal.value.extra == {"productId": "A", "cancellableQuantity": 2}
    with pytest.raises(errors.OrderDetailMismatched):
        cancel(sold, orderDetail={"orderAmount": 1})


def test_an_order_that_cannot_be_told_apart(workspace, order, cancel, partner):
    sold = order(paymentId="pay")

    def by_payment(**wire):
        body = cancel_input(sold, **wire)
        body.transfer_id = body.tax_free_amount
        return register_cancel(workspace=workspace, actor=ACTOR, cancel=body)

    with pytest.raises(errors.CannotSpecifyTransfer):
        by_payment()
    with pytest.raises(errors.CannotSpecifyTransfer):
        by_payment(partnerId="seller", paymentId="other")
    manual = make_manual(partner, clock.today(), 100)
    with pytest.raises(errors.CannotSpecifyTransfer):
        cancel(manual)


def test_a_cancellation_is_registered_once(order, cancel):
    sold = order()
    first = cancel(sold, cancellationId="c-1", orderDetail={"orderAmount": 1_000})

    with pytest.raises(errors.TransferAlreadyExists) as refusal:
        cancel(sold, cancellationId="c-1", orderDetail={"orderAmount": 1_000})

    assert refusal.value.extra["transferId"] == first.public_id


def test_its_statements_stay_planned(order, cancel):
    for number in range(4):
        cancel(order(paymentId=f"pay-{number}"))

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements"
            " WHERE statement LIKE '%INSERT INTO settlements_transfer %'"
            " OR statement LIKE '%FROM settlements_transfer t %'"
        )
        assert cursor.fetchone() == (3,)  # the order, what was taken of it, the insert


def test_its_statements_are_short_enough_to_be_remembered():
    """As those of an order (test_orders)."""
    texts = [_statement(which, LOCK) for which in (OF_PAYMENT, WITH_ID)]
    assert max(map(len, [*texts, CANCELS])) <= 4_096
