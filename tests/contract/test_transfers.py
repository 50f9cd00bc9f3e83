"""Every number of the contract's documentation, through the SDK (contract.md d.6, e.4)."""

from __future__ import annotations

from typing import Any

import pytest
from portone_server_sdk import errors
from portone_server_sdk.platform import transfer as shapes

from tests.contract import bodies
from tests.contract.bodies import cancel, order
from tests.contract.sdk import Sdk

AMOUNTS = {
    "1 order 10,000": (
        order("a"),
        {"settlement": 8900, "payment": 10000, "platform_fee": 1000, "platform_fee_vat": 100},
    ),
    "5A one payment, 10 %": (
        order("a", order_detail={"orderAmount": 5000}),
        {"settlement": 4450, "platform_fee": 500, "platform_fee_vat": 50},
    ),
    "5B one payment, 20 %": (
        order("a", order_detail={"orderAmount": 5000}, contract_id="ct-20"),
        {"settlement": 3900, "platform_fee": 1000, "platform_fee_vat": 100},
    ),
    "6 discount 2,000 shared by half": (
        order("a", discounts=[{"sharePolicyId": "half", "amount": 2000}]),
        {"settlement": 7900, "payment": 8000, "discount": 2000, "discount_share": 1000},
    ),
    "7 and 9 additional fee 5 %": (
        order("a", additional_fees=[{"policyId": "five"}]),
        {"settlement": 8350, "additional_fee": 500, "additional_fee_vat": 50},
    ),
    "12 promotion of 5,000 at 10 %": (
        order("a", discounts=[{"sharePolicyId": "tenth", "amount": 5000}]),
        {"payment": 5000, "discount_share": 500, "settlement": 8400},
    ),
}
LINES = {
    "orderLines": [
        {
            "product": {"id": "A", "name": "상품 A", "amount": 2000},
            "quantity": 5,
            "discounts": [],
            "additionalFees": [],
        },
        {
            "product": {"id": "B", "name": "상품 B", "amount": 4000},
            "quantity": 1,
            "discounts": [],
            "additionalFees": [],
        },
    ]
}
HALF_OF_2500 = {"sharePolicyId": "half", "amount": 2500}


def cycle(lag: int, policy: str, method: dict[str, Any]) -> dict[str, Any]:
    return {"lagDays": lag, "datePolicy": policy, "method": method}


MONTH_END = {"monthly": {"daysOfMonth": [31]}}
TWICE = {"monthly": {"daysOfMonth": [15, 31]}}
QUARTERS = [(3, 31), (6, 30), (9, 30), (12, 31)]
MANUAL = {"manualDates": {"dates": [{"month": m, "day": d} for m, d in QUARTERS]}}
DATES = [
    (cycle(2, "HOLIDAY_BEFORE", MONTH_END), "2023-08-11", "2023-08-31"),
    (cycle(2, "HOLIDAY_BEFORE", MONTH_END), "2023-09-01", "2023-09-27"),
    (cycle(2, "HOLIDAY_AFTER", MONTH_END), "2023-09-01", "2023-10-04"),
    (cycle(2, "CALENDAR_DAY", {"weekly": {"daysOfWeek": ["FRI"]}}), "2023-08-11", "2023-08-18"),
    (cycle(3, "HOLIDAY_BEFORE", TWICE), "2024-01-10", "2024-01-15"),
    (cycle(3, "HOLIDAY_BEFORE", TWICE), "2024-01-13", "2024-01-31"),
    (cycle(3, "HOLIDAY_BEFORE", TWICE), "2024-06-10", "2024-06-14"),
    (cycle(3, "HOLIDAY_BEFORE", TWICE), "2024-08-13", "2024-08-30"),
    (cycle(2, "HOLIDAY_BEFORE", MONTH_END), "2024-02-01", "2024-02-29"),
    (cycle(1, "HOLIDAY_BEFORE", {"daily": {}}), "2023-09-28", "2023-10-04"),
    (cycle(10, "CALENDAR_DAY", {"monthly": {"daysOfMonth": [10]}}), "2024-06-30", "2024-07-10"),
    (cycle(10, "CALENDAR_DAY", {"monthly": {"daysOfMonth": [10]}}), "2024-07-01", "2024-08-10"),
    (cycle(4, "CALENDAR_DAY", {"weekly": {"daysOfWeek": ["THU"]}}), "2024-06-03", "2024-06-13"),
    (cycle(4, "CALENDAR_DAY", {"weekly": {"daysOfWeek": ["THU"]}}), "2024-06-09", "2024-06-13"),
    (cycle(1, "CALENDAR_DAY", MANUAL), "2024-06-29", "2024-06-30"),
    (cycle(1, "CALENDAR_DAY", MANUAL), "2024-06-30", "2024-09-30"),
]


@pytest.fixture
def shop(sdk: Sdk) -> Sdk:
    """Contracts of 10 and 20 %, a shared discount, an additional fee and one partner."""
    weekly = cycle(2, "CALENDAR_DAY", {"weekly": {"daysOfWeek": ["FRI"]}})
    merchant = {"platform_fee_vat_payer": "MERCHANT", "settlement_cycle": weekly}
    for terms in (
        bodies.contract(),
        bodies.contract("ct-20", platform_fee={"fixedRate": 20000}),
        bodies.contract("ct-week", **merchant),
    ):
        sdk.policy.create_platform_contract(**terms)
    for id, rate in (("half", 50000), ("tenth", 10000)):
        sdk.policy.create_platform_discount_share_policy(id=id, name=id, partner_share_rate=rate)
    sdk.policy.create_platform_additional_fee_policy(
        id="five", name="배송", fee={"fixedRate": 5000}, vat_payer="PARTNER"
    )
    sdk.partner.create_platform_partner(**bodies.partner())
    return sdk


def register(shop: Sdk, body: dict[str, Any]) -> Any:
    return shop.transfer.create_platform_order_transfer(**body).transfer


def take_back(shop: Sdk, body: dict[str, Any]) -> Any:
    return shop.transfer.create_platform_order_cancel_transfer(**body).transfer


def amounts(source: Any, expected: dict[str, int]) -> dict[str, int]:
    return {name: getattr(source, name) for name in expected}


@pytest.mark.parametrize("name", AMOUNTS)
def test_documented_amounts(shop: Sdk, name: str) -> None:
    body, expected = AMOUNTS[name]
    transfer = register(shop, body)
    assert amounts(transfer.amount, expected) == expected
    assert (transfer.settlement_start_date, transfer.settlement_date) == (
        "2023-08-11",
        "2023-08-31",
    )
    assert shop.transfer.get_platform_transfer(id="trs-a").amount == transfer.amount


def test_documented_cancel_of_an_amount(shop: Sdk) -> None:
    register(shop, order("a"))
    part = take_back(shop, cancel("c", "a", {"orderAmount": 5000}))
    expected = {"settlement": 4450, "order": 5000, "platform_fee": 500, "platform_fee_vat": 50}
    assert amounts(part.amount, expected) == expected
    assert (part.settlement_start_date, part.settlement_date) == ("2023-08-12", "2023-08-31")
    rest = take_back(shop, cancel("d", "a", {"all": {}}))
    assert amounts(rest.amount, expected) == expected, "order − Σ cancels = 0"
    with pytest.raises(errors.PlatformOrderTransferAlreadyCancelledError):
        take_back(shop, cancel("e", "a", {"all": {}}))


def test_documented_lines_and_their_cancel(shop: Sdk) -> None:
    made = register(shop, order("a", order_detail=LINES))
    whole = {"settlement": 12460, "order": 14000, "platform_fee": 1400, "platform_fee_vat": 140}
    assert amounts(made.amount, whole) == whole
    lines = [
        (line.amount.settlement, line.amount.platform_fee, line.amount.platform_fee_vat)
        for line in made.order_lines
    ]
    assert lines == [(8900, 1000, 100), (3560, 400, 40)]
    two = {"orderLines": [{"productId": "A", "quantity": 2, "discounts": []}]}
    part = take_back(shop, cancel("c", "a", two))
    expected = {"settlement": 3560, "order": 4000, "platform_fee": 400, "platform_fee_vat": 40}
    assert amounts(part.amount, expected) == expected
    four = {"orderLines": [{"productId": "A", "quantity": 4, "discounts": []}]}
    with pytest.raises(errors.PlatformCancellableProductQuantityExceededError) as caught:
        take_back(shop, cancel("d", "a", four))
    assert (caught.value.product_id, caught.value.cancellable_quantity) == ("A", 3)


def test_documented_composite(shop: Sdk) -> None:
    line = {
        "product": {"id": "1", "name": "product_1", "amount": 5000},
        "quantity": 5,
        "discounts": [HALF_OF_2500],
        "additionalFees": [{"policyId": "five"}],
    }
    made = register(
        shop,
        order(
            "a",
            contract_id="ct-week",
            order_detail={"orderLines": [line]},
            discounts=[HALF_OF_2500],
            additional_fees=[{"policyId": "five"}],
        ),
    )
    whole = {
        "settlement": 17250,
        "payment": 20000,
        "platform_fee": 2500,
        "platform_fee_vat": 0,
        "additional_fee": 2500,
        "additional_fee_vat": 250,
        "discount": 5000,
        "discount_share": 2500,
    }
    assert amounts(made.amount, whole) == whole
    part = {"settlement": 19875, "payment": 22500, "additional_fee": 1250, "discount_share": 1250}
    assert amounts(made.order_lines[0].amount, part) == part
    assert made.settlement_date == "2023-08-18"


def test_documented_dates(shop: Sdk) -> None:
    found = []
    for at, (terms, start, _) in enumerate(DATES):
        contract = bodies.contract(f"ct-{at}", settlement_cycle=terms)
        shop.policy.create_platform_contract(**contract)
        body = order(str(at), contract_id=f"ct-{at}", settlement_start_date=start)
        made = register(shop, body)
        found.append((terms, made.settlement_start_date, made.settlement_date))
    assert found == DATES


def test_refusals_of_orders_are_typed(shop: Sdk) -> None:
    register(shop, order("a"))
    product = {"product": {"id": "A", "name": "A", "amount": 1}, "quantity": 1}
    twice = {"orderLines": [{**product, "discounts": [], "additionalFees": []}] * 2}
    refusals = [
        (order("a", id="other"), errors.PlatformTransferAlreadyExistsError),
        (order("a", payment_id="other"), errors.PlatformTransferIdAlreadyUsedError),
        (order("b", partner_id="nobody"), errors.PlatformPartnerNotFoundError),
        (order("b", contract_id="none"), errors.PlatformContractNotFoundError),
        (order("b", order_detail=twice), errors.PlatformProductIdDuplicatedError),
        (
            order("b", discounts=[{"sharePolicyId": "half", "amount": 10001}]),
            errors.PlatformSettlementAmountExceededError,
        ),
        (
            order("b", discounts=[{"sharePolicyId": "none", "amount": 1}]),
            errors.PlatformDiscountSharePoliciesNotFoundError,
        ),
        (
            order("b", additional_fees=[{"policyId": "none"}]),
            errors.PlatformAdditionalFeePoliciesNotFoundError,
        ),
        (
            order("b", settlement_start_date="2023-09-02", settlement_date="2023-09-01"),
            errors.PlatformSettlementDateEarlierThanSettlementStartDateError,
        ),
        (
            order("b", parameters={"nothing": {"decimal": 1}}),
            errors.PlatformSettlementParameterNotFoundError,
        ),
        (
            order("b", user_defined_properties=[{"key": "no", "value": {"string": "x"}}]),
            errors.PlatformUserDefinedPropertyNotFoundError,
        ),
        (
            order("b", external_payment_detail=None),
            errors.PlatformPaymentNotFoundError,
        ),
        (order("b", order_detail={"orderAmount": -1}), errors.InvalidRequestError),
    ]
    for body, refusal in refusals:
        with pytest.raises(refusal):
            register(shop, body)
    assert shop.transfer.get_platform_transfer_summaries().page.total_count == 1


def test_refusals_of_cancels_are_typed(shop: Sdk) -> None:
    register(shop, order("a"))
    lines = {"orderLines": [{"productId": "A", "quantity": 1, "discounts": []}]}
    back = {"discounts": [{"sharePolicyId": "half", "amount": 1}]}
    refusals = [
        (cancel("c", "none", {"all": {}}), errors.PlatformTransferNotFoundError),
        (
            cancel("c", "a", {"orderAmount": 10001}),
            errors.PlatformCancellableAmountExceededError,
        ),
        (cancel("c", "a", lines), errors.PlatformOrderDetailMismatchedError),
        (
            cancel("c", "a", {"orderAmount": 1}, **back),
            errors.PlatformTransferDiscountSharePolicyNotFoundError,
        ),
        (
            cancel("c", "a", {"all": {}}, external_cancellation_detail=None),
            errors.PlatformCancellationAndPaymentTypeMismatchedError,
        ),
    ]
    for body, refusal in refusals:
        with pytest.raises(refusal):
            take_back(shop, body)


def test_manual_amounts_lists_sheet_and_deletion(shop: Sdk) -> None:
    manual = shop.transfer.create_platform_manual_transfer(
        id="man",
        partner_id="ptn",
        settlement_amount=-3000,
        settlement_date="2023-08-31",
        memo="차감",
    ).transfer
    assert isinstance(manual, shapes.PlatformManualTransfer)
    assert (manual.settlement_amount, manual.settlement_tax_free_amount) == (-3000, 0)
    register(shop, order("a"))
    listed = shop.transfer.get_platform_transfer_summaries(
        filter={"types": ["ORDER", "MANUAL"], "partnerIds": ["ptn"]}
    )
    assert {row.id for row in listed.transfer_summaries} == {"man", "trs-a"}
    sheet = shop.transfer.download_platform_transfer_sheet(
        fields=["TRANSFER_ID", "TRANSFER_SETTLEMENT_AMOUNT"]
    )
    assert "trs-a" in sheet
    assert "8900" in sheet
    assert "-3000" in sheet
    take_back(shop, cancel("c", "a", {"all": {}}))
    with pytest.raises(errors.PlatformCancelOrderTransfersExistsError):
        shop.transfer.delete_platform_transfer(id="trs-a")
    for id in ("trs-c", "trs-a"):
        shop.transfer.delete_platform_transfer(id=id)
    with pytest.raises(errors.PlatformTransferNotFoundError):
        shop.transfer.get_platform_transfer(id="trs-a")
