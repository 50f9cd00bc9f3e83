"""What the user's own formulas come to in settlements (contract.md c.6)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import crypto
from core.companies.models import Workspace
from partners.inputs import parse
from partners.models import Partner
from settlements.calculator import DEFAULT_CALCULATOR
from settlements.inputs import ManualInput
from settlements.models import CalculatorVersion, Transfer
from settlements.services import (
    delete_transfer,
    register_cancel,
    register_manual,
    register_order,
    save_calculator,
    settle_due,
)
from tests.api.client import Api
from tests.settlements.factories import (
    ACTOR,
    cancel_input,
    make_contract,
    make_partner,
    order_input,
)

pytestmark = pytest.mark.django_db

LONG_AGO = datetime(2023, 1, 1, tzinfo=UTC)
FORMULAS = {"DOUBLE": "ORDER_AMOUNT * 2", "LESS": "PLATFORM_FEE_AMOUNT - ORDER_AMOUNT"}
QUERIES_WITHOUT_FORMULAS = 4
"""The page, its total, the counts beside it, and whether there are formulas."""


@pytest.fixture
def api(workspace: Workspace) -> Api:
    return Api(workspace.company)


@pytest.fixture
def sellers(workspace: Workspace) -> list[Partner]:
    contract = make_contract(workspace)
    account = crypto.encrypt("110123456789")
    return [
        make_partner(contract, name, account_number_encrypted=account) for name in ("one", "two")
    ]


@pytest.fixture
def own_formulas(workspace: Workspace) -> None:
    content = DEFAULT_CALCULATOR.to_snapshot()
    formulas = content["settlementFormula"]
    for key, formula in FORMULAS.items():
        user = {"key": key, "name": key, "formula": formula, "roundType": "DOWN"}
        formulas["userDefined"].append(user)
        formulas["orderKeys"].append(key)
    version = save_calculator(workspace=workspace, actor=ACTOR, content=content)
    CalculatorVersion.objects.filter(pk=version.pk).update(applied_at=LONG_AGO)


def order(workspace: Workspace, partner_id: str, amount: int) -> Transfer:
    asked = order_input(partner_id, amount)
    return register_order(workspace=workspace, actor=ACTOR, order=asked)


def cancel(transfer: Transfer, amount: int) -> Transfer:
    asked = cancel_input(transfer, orderDetail={"orderAmount": amount})
    return register_cancel(workspace=transfer.workspace, actor=ACTOR, cancel=asked)


def fill(workspace: Workspace) -> Transfer:
    """Two orders and two partial cancels of one partner, one order of the other, settled."""
    first, _ = order(workspace, "one", 10_000), order(workspace, "one", 7_000)
    cancel(first, 3_000)
    cancel(first, 1_000)
    last = order(workspace, "two", 500)
    settle_due(workspace=workspace, actor=ACTOR)
    return last


def listed(api: Api) -> list[dict[str, Any]]:
    status, answer = api.get("/platform/partner-settlements", {"filter": {}})
    assert status == 200, answer
    items: list[dict[str, Any]] = answer["items"]
    return items


def results(api: Api) -> dict[tuple[str, str], Any]:
    return {
        (row["partner"]["id"], row["type"]): row["amount"]["userDefinedFormulas"]
        for row in listed(api)
    }


def queries(api: Api) -> list[str]:
    listed(api)
    with CaptureQueriesContext(connection) as captured:
        listed(api)
    return [each["sql"] for each in captured]


def test_results_are_summed_over_the_transfers(api, workspace, sellers, own_formulas):
    fill(workspace)

    assert results(api) == {
        ("one", "ORDER"): {"DOUBLE": 34_000, "LESS": -15_300},
        ("one", "ORDER_CANCEL"): {"DOUBLE": 8_000, "LESS": -3_600},
        ("two", "ORDER"): {"DOUBLE": 1_000, "LESS": -450},
    }


def test_cancels_are_subtracted_like_their_amounts(api, workspace, sellers, own_formulas):
    """Positive in the settlement of the cancels, whose type says that it takes away (d.3)."""
    fill(workspace)
    doubled = {
        (row["partner"]["id"], row["type"]): row["amount"]["order"] * 2 for row in listed(api)
    }

    assert {key: each["DOUBLE"] for key, each in results(api).items()} == doubled
    assert doubled[("one", "ORDER")] - doubled[("one", "ORDER_CANCEL")] == 26_000


def test_a_transfer_that_joins_or_leaves_counts(api, workspace, sellers, own_formulas):
    last = fill(workspace)
    joining = order(workspace, "two", 600)
    settle_due(workspace=workspace, actor=ACTOR)
    assert results(api)[("two", "ORDER")] == {"DOUBLE": 2_200, "LESS": -990}

    delete_transfer(workspace=workspace, transfer_id=joining.public_id, actor=ACTOR)
    assert results(api)[("two", "ORDER")] == {"DOUBLE": 1_000, "LESS": -450}
    assert last.detail["formulas"] == {"DOUBLE": 1_000, "LESS": -450}


def test_orders_from_before_the_formulas_add_nothing(api, workspace, sellers, request):
    order(workspace, "one", 10_000)
    assert len(queries(api)) == QUERIES_WITHOUT_FORMULAS - 1, "nothing is settled yet"
    settle_due(workspace=workspace, actor=ACTOR)
    request.getfixturevalue("own_formulas")

    assert results(api) == {("one", "ORDER"): {}}


def test_manual_ones_have_none(api, workspace, sellers, own_formulas):
    body = {"partnerId": "one", "settlementAmount": 1_000, "settlementDate": "2023-08-31"}
    register_manual(workspace=workspace, actor=ACTOR, manual=parse(ManualInput, body))

    [row] = listed(api)
    assert row["amount"] == 1_000


def test_transfers_are_read_once_for_a_page(api, workspace, sellers, own_formulas):
    fill(workspace)
    ran = queries(api)

    assert len(ran) == QUERIES_WITHOUT_FORMULAS + 1, ran
    assert len([sql for sql in ran if "settlements_transfer" in sql]) == 1


def test_transfers_are_not_read_without_formulas(api, workspace, sellers):
    fill(workspace)
    ran = queries(api)

    assert len(ran) == QUERIES_WITHOUT_FORMULAS, ran
    assert not [sql for sql in ran if "settlements_transfer" in sql]
