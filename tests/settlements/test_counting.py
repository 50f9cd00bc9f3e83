"""How many transfers match, told by their settlements, is what counting each would say."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.companies.models import Workspace
from partners.models import Partner
from settlements.models import PartnerSettlement, Transfer
from settlements.queries.filters import DateRange, TransferFilter
from settlements.queries.transfers import count_matching, transfers_matching
from settlements.services import delete_transfer, settle_due
from tests.settlements.factories import ACTOR
from tests.settlements.upload import test_same_as_api as both
from tests.settlements.upload.flows import register, upload

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def market() -> Workspace:
    """80 random orders with cancels, the earlier half settled, one transfer deleted of it."""
    workspace: Workspace = both.market("counted")
    register(upload(workspace, both.file_of(both.month(Random(7), 80))))
    Partner.objects.filter(workspace=workspace, public_id="a").update(tags=["vip"])
    settle_due(workspace=workspace, actor=ACTOR, as_of=date(2026, 11, 30))
    settled = Transfer.objects.filter(workspace=workspace, status="SETTLED", type="ORDER_CANCEL")
    delete_transfer(
        workspace=workspace, transfer_id=settled[0].public_id, actor=ACTOR, reason="잘못 올림"
    )
    return workspace


NOVEMBER = DateRange(date(2026, 11, 1), date(2026, 11, 30))
WHOLE: list[dict[str, Any]] = [
    {},
    {"settlement_dates": NOVEMBER},
    {"settlement_dates": NOVEMBER, "types": ["ORDER", "MANUAL"]},
    {"contract_ids": ["odd"], "partner_tags": ["vip"]},
    {"contract_ids": ["nobody's"]},
]
APART: list[dict[str, Any]] = [
    {"statuses": ["SETTLED"]},
    {"settlement_start_dates": NOVEMBER},
    {"payment_method_types": ["CARD"], "types": ["ORDER"]},
    {"keyword": ("partnerId", "a")},
]


def counted(market: Workspace, asked: dict[str, Any]) -> tuple[int, int]:
    wanted = TransferFilter(**asked)
    return count_matching(market, wanted), transfers_matching(market, wanted).count()


def test_some_are_settled_and_some_are_not(market):
    statuses = set(Transfer.objects.filter(workspace=market).values_list("status", flat=True))
    assert statuses == {"SCHEDULED", "IN_PROCESS", "SETTLED"}
    assert PartnerSettlement.objects.filter(workspace=market).exists()


@pytest.mark.parametrize("asked", WHOLE + APART, ids=str)
def test_both_counts_are_the_same(market, asked):
    told, each = counted(market, asked)

    assert told == each
    assert bool(told) == (asked != {"contract_ids": ["nobody's"]})


@pytest.mark.parametrize("asked", WHOLE, ids=str)
def test_what_settlements_can_tell_is_one_statement(market, asked):
    with CaptureQueriesContext(connection) as captured:
        count_matching(market, TransferFilter(**asked))

    [statement] = [each["sql"] for each in captured]
    assert 'SUM(U0."transfer_count")' in statement


def test_another_company_has_none(market):
    stranger = both.market("stranger")

    assert counted(stranger, {}) == (0, 0)
