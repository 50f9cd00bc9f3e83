"""Any cancels of any order, registered one by one, that reach the whole leave nothing of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import clock
from core.errors import DomainError
from settlements.calculator import CancelRequest, Discount, Line, Order, ReturnedDiscount
from settlements.calculator.terms import AdditionalFeeTerms
from settlements.models import AMOUNT_COLUMNS, CalculatorVersion, Transfer
from settlements.queries.frozen import taken_by
from settlements.services import register_cancel, register_order
from tests.settlements.calculator.strategies import cancel_requests, formula_sets, orders
from tests.settlements.factories import (
    ACTOR,
    cancel_input,
    line,
    make_contract,
    make_discount_policy,
    make_fee_policy,
    make_partner,
    order_input,
)
from tests.settlements.scale import scale

CONTRACTS: dict[str, dict[str, Any]] = {
    "tenth": {},
    "odd": {
        "platformFee": {"fixedRate": 12_345},
        "platformFeeVatPayer": "MERCHANT",
        "subtractPaymentVatAmount": True,
    },
    "fixed": {"platformFee": {"fixedAmount": 777}},
}


@pytest.fixture
def market(workspace):
    """Every policy that a random order may name."""
    for name, facts in CONTRACTS.items():
        contract = make_contract(workspace, name, **facts)
    make_partner(contract)
    for rate in (0, 33_333, 50_000, 100_000):
        make_discount_policy(workspace, f"p{rate}", rate)
    make_fee_policy(workspace, "f", fee={"fixedRate": 3_330})
    make_fee_policy(workspace, "g", fee={"fixedAmount": 501}, vatPayer="MERCHANT")
    return workspace


def discounts(given: tuple[Discount, ...] | tuple[ReturnedDiscount, ...]) -> list[dict[str, Any]]:
    return [
        {
            "sharePolicyId": each.terms.id if isinstance(each, Discount) else each.policy_id,
            "amount": each.amount,
            "taxFreeAmount": each.tax_free_amount,
        }
        for each in given
    ]


def fees(given: tuple[AdditionalFeeTerms, ...]) -> list[dict[str, Any]]:
    return [{"policyId": each.id} for each in given]


def line_wire(each: Line) -> dict[str, Any]:
    wire = line(
        each.product_id,
        each.unit_price,
        each.quantity,
        discounts=discounts(each.discounts),
        additionalFees=fees(each.additional_fees),
    )
    wire["product"]["taxFreeAmount"] = each.unit_tax_free_amount
    return wire


def order_wire(order: Order) -> dict[str, Any]:
    wire: dict[str, Any] = {
        "amount": order.amount,
        "discounts": discounts(order.discounts),
        "additionalFees": fees(order.additional_fees),
    }
    if order.lines:
        wire["orderDetail"] = {"orderLines": [line_wire(each) for each in order.lines]}
    if order.tax_free_amount is not None:
        wire["taxFreeAmount"] = order.tax_free_amount
    return wire


def cancel_wire(request: CancelRequest) -> dict[str, Any]:
    wire: dict[str, Any] = {"discounts": discounts(request.discounts)}
    if request.lines:
        wire["orderDetail"] = {
            "orderLines": [
                {
                    "productId": each.product_id,
                    "quantity": each.quantity,
                    "discounts": discounts(each.discounts),
                }
                for each in request.lines
            ]
        }
    elif request.amount is not None:
        wire["orderDetail"] = {"orderAmount": request.amount}
    if request.tax_free_amount is not None:
        wire["taxFreeAmount"] = request.tax_free_amount
    return wire


@settings(
    max_examples=scale("RANDOM_CANCELS", 25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.data(), orders(), st.sampled_from(sorted(CONTRACTS)), formula_sets())
def test_registered_cancels_that_reach_the_whole_order_leave_nothing(
    market, data, order, contract, formulas
):
    CalculatorVersion.objects.create(
        workspace=market,
        applied_at=clock.kst_midnight(date(2023, 1, 1)),
        content=formulas.to_snapshot(),
        actor_name="시험",
    )
    body = order_input(contractId=contract, **order_wire(order))
    sold = register_order(workspace=market, actor=ACTOR, order=body)

    for request in data.draw(st.lists(cancel_requests(order), max_size=4)):
        try_to_cancel(market, sold, **cancel_wire(request))
    try_to_cancel(market, sold)

    cancels = list(sold.cancels.order_by("id"))
    for column in AMOUNT_COLUMNS:
        assert getattr(sold, column) == sum(getattr(each, column) for each in cancels), column
    back = [taken_by(each).formulas for each in cancels]
    for key, value in sold.detail["formulas"].items():
        assert value == sum(each.get(key, 0) for each in back), key
    for each in order.lines:
        pieces = [
            taken.quantity
            for cancel in cancels
            for taken in taken_by(cancel).lines
            if taken.product_id == each.product_id
        ]
        assert sum(pieces) == each.quantity


def try_to_cancel(workspace, order: Transfer, **wire) -> None:
    """A refusal takes nothing."""
    before = order.cancels.count()
    try:
        body = cancel_input(order, **wire)
        register_cancel(workspace=workspace, actor=ACTOR, cancel=body)
    except DomainError:
        assert order.cancels.count() == before
