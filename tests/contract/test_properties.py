"""Whatever the server accepts, the SDK's strict reader can read back."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from portone_server_sdk import errors

from tests.contract import bodies
from tests.contract.sdk import Sdk

few = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
amounts = st.one_of(st.integers(0, 10**7), st.integers(-(2**63), 2**64))


@pytest.fixture
def shop(sdk: Sdk) -> Sdk:
    sdk.policy.create_platform_contract(**bodies.contract())
    sdk.partner.create_platform_partner(**bodies.partner())
    return sdk


@few
@given(name=words, memo=words, tags=st.lists(words, max_size=3), holder=words)
def test_partners(shop: Sdk, name: str, memo: str, tags: list[str], holder: str) -> None:
    body = bodies.partner(name=name, memo=memo, tags=tags)
    body = {**body, "id": None, "account": {**body["account"], "holder": holder}}
    try:
        made = shop.partner.create_platform_partner(**body).partner
    except errors.InvalidRequestError:
        return
    found = shop.partner.get_platform_partner(id=made.id)
    assert (found.name, found.memo, found.tags) == (made.name, made.memo, made.tags)
    assert (made.name, made.account.holder) == (name, holder)


@few
@given(amount=amounts, tax_free=amounts, memo=words, product=words)
def test_orders(shop: Sdk, amount: int, tax_free: int, memo: str, product: str) -> None:
    item = {"id": product, "name": product, "amount": amount, "taxFreeAmount": tax_free}
    line = {"product": item, "quantity": 2, "discounts": [], "additionalFees": []}
    body = bodies.order(f"{amount}", order_detail={"orderLines": [line]}, memo=memo)
    try:
        made = shop.transfer.create_platform_order_transfer(**{**body, "id": None}).transfer
    except (
        errors.InvalidRequestError,
        errors.PlatformSettlementAmountExceededError,
        errors.PlatformTransferAlreadyExistsError,
    ):
        return
    assert shop.transfer.get_platform_transfer(id=made.id).amount == made.amount
    assert made.amount.order == amount * 2


@few
@given(
    rate=amounts,
    fixed=st.one_of(st.none(), amounts),
    days=st.lists(st.integers(-1, 40), unique=True),
)
def test_contracts(sdk: Sdk, rate: int, fixed: int | None, days: list[int]) -> None:
    fee = {"fixedRate": rate} if fixed is None else {"fixedAmount": fixed}
    cycle = {**bodies.MONTH_END, "method": {"monthly": {"daysOfMonth": days}}}
    body = bodies.contract(platform_fee=fee, settlement_cycle=cycle)
    try:
        made = sdk.policy.create_platform_contract(**{**body, "id": None}).contract
    except errors.InvalidRequestError:
        return
    assert sdk.policy.get_platform_contract(id=made.id) == made
    assert made.settlement_cycle.method.days_of_month == days
