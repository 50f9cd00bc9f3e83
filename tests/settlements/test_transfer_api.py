"""What registering an order or a cancel answers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import crypto
from core.companies.models import Workspace
from core.companies.services import create_api_secret
from tests.settlements.factories import (
    line,
    make_contract,
    make_discount_policy,
    make_fee_policy,
    make_partner,
)

pytestmark = pytest.mark.django_db

ROUND_TRIPS = 4
"""Begin and end of the call and of the registration, facts, the order, its event, the partner."""
ROUND_TRIPS_OF_A_CANCEL = 7
"""Three more: what was cancelled before is read once the order is locked, and the lock is held
in a block of its own."""


@pytest.fixture
def caller(workspace: Workspace) -> Client:
    _, secret = create_api_secret(company=workspace.company, name="시험")
    make_discount_policy(workspace)
    make_fee_policy(workspace)
    account = crypto.encrypt("110123456789")
    make_partner(make_contract(workspace), account_number_encrypted=account)
    return Client(SERVER_NAME="127.0.0.1", headers={"Authorization": f"PortOne {secret}"})


def post(caller: Client, payment_id: str) -> dict[str, Any]:
    body = {
        "partnerId": "seller",
        "paymentId": payment_id,
        "orderDetail": {
            "orderLines": [
                line("sku-1", 10_000, 2, discounts=[{"sharePolicyId": "half", "amount": 1_000}]),
                line("sku-2", 5_000, 1, additionalFees=[{"policyId": "fee"}]),
            ]
        },
        "externalPaymentDetail": {"currency": "KRW", "paidAt": "2026-10-05T03:00:00Z"},
    }
    answer = caller.post("/platform/transfers/order", body, content_type="application/json")
    assert answer.status_code == 200, answer.content.decode()
    registered: dict[str, Any] = json.loads(answer.content)["transfer"]
    return registered


def test_the_answer_is_what_is_read_later(caller: Client) -> None:
    registered = post(caller, "pay-1")
    read = json.loads(caller.get(f"/platform/transfers/{registered['id']}").content)
    assert registered == read


def cancel(caller: Client, payment_id: str, cancellation_id: str, **part: Any) -> dict[str, Any]:
    body = {
        "partnerId": "seller",
        "paymentId": payment_id,
        "cancellationId": cancellation_id,
        "externalCancellationDetail": {"cancelledAt": "2026-10-07T03:00:00Z"},
        **part,
    }
    answer = caller.post("/platform/transfers/order-cancel", body, content_type="application/json")
    assert answer.status_code == 200, answer.content.decode()
    registered: dict[str, Any] = json.loads(answer.content)["transfer"]
    return registered


def test_the_answer_to_a_cancel_is_what_is_read_later(caller: Client) -> None:
    post(caller, "pay-1")
    one = {"orderDetail": {"orderLines": [{"productId": "sku-1", "quantity": 1}]}}
    for registered in (cancel(caller, "pay-1", "c-1", **one), cancel(caller, "pay-1", "c-2")):
        read = json.loads(caller.get(f"/platform/transfers/{registered['id']}").content)
        assert registered == read


def test_a_cancel_reads_its_order_and_what_was_taken_of_it(caller: Client) -> None:
    for payment_id in ("pay-1", "pay-2"):
        post(caller, payment_id)
    cancel(caller, "pay-1", "c-1")
    with CaptureQueriesContext(connection) as queries:
        cancel(caller, "pay-2", "c-1")
    assert len(queries) == ROUND_TRIPS_OF_A_CANCEL, [query["sql"][:80] for query in queries]


def test_terms_are_read_once(caller: Client) -> None:
    post(caller, "pay-1")
    with CaptureQueriesContext(connection) as queries:
        post(caller, "pay-2")
    assert len(queries) == ROUND_TRIPS, [query["sql"][:80] for query in queries]
