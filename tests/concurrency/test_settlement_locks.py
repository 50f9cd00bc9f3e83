"""Whoever takes several settlements takes them by id, so nobody stands in a circle."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction

from core.errors import LostRace
from settlements.models import PartnerSettlement
from settlements.services import follow_payout, hold_settlements, settle_due
from tests.payouts.factories import ACTOR, DUE, make_partner, owe
from tests.settlements.factories import broken_truths, make_contract, make_manual

pytestmark = pytest.mark.django_db(transaction=True)

PARTNERS = 6


@pytest.fixture
def partners(account) -> list[Any]:
    contract = make_contract(account.workspace)
    partners = [make_partner(contract, f"p{number}") for number in range(PARTNERS)]
    for partner in reversed(partners):
        owe(partner, 1_000)
    return partners


@pytest.fixture
def ids(partners) -> list[int]:
    return list(PartnerSettlement.objects.order_by("pk").values_list("pk", flat=True))


def behind(settlement_id: int, *works: Callable[[], Any]) -> list[Any]:
    """Each work comes to this settlement while somebody has it, then all go on."""
    with ThreadPoolExecutor(len(works)) as pool:
        with transaction.atomic():
            PartnerSettlement.objects.select_for_update().get(pk=settlement_id)
            running = []
            for number, work in enumerate(works, start=1):
                running.append(pool.submit(_alone, work))
                _until_waiting(number)
        return [each.result(timeout=30) for each in running]


def _alone(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except LostRace as refusal:
        return refusal
    finally:
        connections.close_all()


def _until_waiting(count: int) -> None:
    waiting = "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted"
    until = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(waiting)
            if cursor.fetchone()[0] >= count:
                return
            time.sleep(0.01)
    raise AssertionError(f"fewer than {count} wait")


def hold(workspace: Any) -> int:
    return hold_settlements(
        workspace=workspace, settlements=PartnerSettlement.objects, actor=ACTOR, reason="확인 중"
    )


def test_a_hold_meets_a_payout(account, ids):
    first, *_ = ids
    PartnerSettlement.objects.filter(pk=first).update(memo="now the last row of the table")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE settlements_partnersettlement")  # small: read from its start

    held, followed = behind(
        first,
        lambda: hold(account.workspace),
        lambda: follow_payout(
            workspace=account.workspace, settlement_ids=ids, to="CONFIRMED", actor=ACTOR
        ),
    )

    assert held == PARTNERS
    assert isinstance(followed, LostRace)
    assert set(PartnerSettlement.objects.values_list("status", flat=True)) == {"PAYOUT_WITHHELD"}


def test_a_hold_meets_late_amounts(account, partners, ids):
    """What was held before they came stays as it was; they open another."""
    for partner in partners:
        make_manual(partner, DUE, 500)

    held, settled = behind(
        ids[0],
        lambda: hold(account.workspace),
        lambda: settle_due(workspace=account.workspace, actor=ACTOR, as_of=DUE),
    )

    assert (held, settled.settlement_count, settled.revised_count) == (PARTNERS, PARTNERS, 0)
    amounts = PartnerSettlement.objects.values_list("status", "settlement_amount")
    assert sorted(amounts) == (
        [("PAYOUT_PREPARED", 500)] * PARTNERS + [("PAYOUT_WITHHELD", 1_000)] * PARTNERS
    )
    assert broken_truths(account.workspace) == {}
