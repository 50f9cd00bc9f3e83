"""Several clients in one workspace at once: each gets its own sums to the won, and no 5xx."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from portone_server_sdk import errors

from core.companies.models import Workspace
from core.events.actors import Actor
from core.invariants import violations
from settlements.services import settle_due
from tests.contract import bodies
from tests.contract.conftest import Market

CLIENTS = ("a", "b", "c", "d")
ORDERS_OF_A_CLIENT = 3


@pytest.fixture
def workspace(market: Market, django_db_blocker) -> Any:
    with django_db_blocker.unblock():
        yield market.company.workspaces.get(environment="TEST")


@pytest.fixture
def shop(market: Market) -> Market:
    """One contract, a partner for each client and one whose order all of them will cancel."""
    sdk = market.sdk()
    sdk.policy.create_platform_contract(**bodies.contract())
    for id in (*CLIENTS, "shared"):
        sdk.partner.create_platform_partner(**bodies.partner(id))
    sdk.transfer.create_platform_order_transfer(**bodies.order("shared", partner_id="shared"))
    return market


def at_once(work: Callable[[str], Any]) -> list[Any]:
    """What each client came to; they start together."""
    start = Barrier(len(CLIENTS))

    def begin(name: str) -> Any:
        start.wait()
        try:
            return work(name)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(CLIENTS)) as pool:
        return list(pool.map(begin, CLIENTS))


def trade(market: Market, name: str) -> bool:
    """Three orders, half of one and all of another taken back; whether the shared one was too."""
    transfers = market.sdk().transfer
    for number in range(ORDERS_OF_A_CLIENT):
        transfers.create_platform_order_transfer(**bodies.order(f"{name}{number}", partner_id=name))
    for number, detail in enumerate(({"orderAmount": 5000}, {"all": {}})):
        key = f"{name}{number}"
        transfers.create_platform_order_cancel_transfer(**bodies.cancel(f"x{key}", key, detail))
    body = bodies.cancel(f"x{name}", "shared", {"all": {}})
    try:
        transfers.create_platform_order_cancel_transfer(**body)
    except (
        errors.PlatformOrderTransferAlreadyCancelledError,
        errors.PlatformCancellableAmountExceededError,
    ):
        return False
    return True


def pay(market: Market, workspace: Workspace, name: str) -> tuple[int, int]:
    """Settle with everyone else, then complete what this client's partner is owed."""
    settle_due(workspace=workspace, actor=Actor.system())
    sdk = market.sdk()
    found = sdk.partner_settlement.get_platform_partner_settlements(filter={"partnerIds": [name]})
    sdk.payout.complete_platform_payout_by_partner_settlement_ids(
        partner_settlement_ids=[row.id for row in found.items], bulk_payout_id=f"bulk-{name}"
    )
    paid = sdk.payout.get_platform_payouts(filter={"criteria": {"bulkPayoutId": f"bulk-{name}"}})
    return len(found.items), sum(row.amount for row in paid.items)


def test_clients_of_one_workspace(shop: Market, workspace: Workspace) -> None:
    assert sorted(at_once(lambda name: trade(shop, name))) == [False, False, False, True]
    owed = 3 * 8900 - 4450 - 8900
    orders_and_cancels = 2
    assert at_once(lambda name: pay(shop, workspace, name)) == [(orders_and_cancels, owed)] * 4
    assert list(violations(workspace)) == []
