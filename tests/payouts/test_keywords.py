"""Transfers and settlements found by the payout they are in (contract.md c.11)."""

from __future__ import annotations

from typing import Any

import pytest

from core.companies.models import Workspace
from core.companies.services import create_company
from payouts.models import BulkPayout, Payout
from payouts.services import create_bulk_payout, generate_payouts
from settlements.models import PartnerSettlement, Transfer
from settlements.queries.filters import SettlementFilter, TransferFilter
from settlements.queries.transfers import count_matching, transfers_matching
from tests.api.client import Api
from tests.payouts.factories import ACTOR, make_partner, make_ready, owe
from tests.settlements.factories import make_contract

TRANSFERS = "/platform/transfer-summaries"
SETTLEMENTS = "/platform/partner-settlements"


@pytest.fixture
def api(workspace: Workspace) -> Api:
    return Api(workspace.company)


@pytest.fixture
def owed(account, contract) -> list[PartnerSettlement]:
    """Two partners: p1 with two settlements of one transfer each, p2 with one."""
    one, two = make_partner(contract, "p1"), make_partner(contract, "p2")
    return [*owe(one, 100_000, 10_000), *owe(two, 50_000)]


@pytest.fixture
def ready(account, owed) -> BulkPayout:
    return make_ready(account)


def payout_of(bulk_payout: BulkPayout, partner_id: str) -> Payout:
    return bulk_payout.payouts.get(partner__public_id=partner_id)


def ids_of(settlements: list[PartnerSettlement]) -> set[str]:
    return {each.public_id for each in settlements}


def transfer_ids(settlements: list[PartnerSettlement]) -> set[str]:
    found = Transfer.objects.filter(partner_settlement__in=settlements)
    return set(found.values_list("public_id", flat=True))


def found(api: Api, path: str, keyword: dict[str, str]) -> set[str]:
    """Ids of the page, once its total has said the same."""
    status, answer = api.get(path, {"filter": {"keyword": keyword}})
    assert status == 200, answer
    items: list[dict[str, Any]] = answer.get("items", answer.get("transferSummaries"))
    assert answer["page"]["totalCount"] == len(items)
    return {each["id"] for each in items}


def test_a_payout_finds_its_settlements_and_their_transfers(api, owed, ready):
    keyword = {"payoutId": payout_of(ready, "p1").public_id}

    assert found(api, SETTLEMENTS, keyword) == ids_of(owed[:2])
    assert found(api, TRANSFERS, keyword) == transfer_ids(owed[:2])
    assert len(transfer_ids(owed[:2])) == 2


def test_the_counts_beside_the_list_obey_the_payout(api, owed, ready):
    keyword = {"payoutId": payout_of(ready, "p1").public_id}
    _, answer = api.get(SETTLEMENTS, {"filter": {"keyword": keyword}})

    assert {name: n for name, n in answer["counts"].items() if n} == {"payoutConfirmed": 2}


def test_a_bulk_payout_finds_all_it_holds(api, owed, ready):
    assert found(api, SETTLEMENTS, {"bulkPayoutId": ready.public_id}) == ids_of(owed)


def test_a_bulk_payout_finds_what_it_has_chosen_so_far(api, account, owed):
    chosen = create_bulk_payout(workspace=account.workspace, actor=ACTOR, name="10월")

    assert found(api, SETTLEMENTS, {"bulkPayoutId": chosen.public_id}) == ids_of(owed)


def test_an_id_is_compared_whole(api, ready):
    part = payout_of(ready, "p1").public_id[:-1]

    assert found(api, SETTLEMENTS, {"payoutId": part}) == set()
    assert found(api, TRANSFERS, {"payoutId": part}) == set()
    assert found(api, SETTLEMENTS, {"bulkPayoutId": ready.public_id[:-1]}) == set()


def test_what_a_cancelled_payout_released_is_no_longer_its(api, owed, ready):
    cancelled = payout_of(ready, "p1").public_id
    assert api.post("/platform/payouts/cancel", {"payoutIds": [cancelled]})[0] == 200

    assert found(api, SETTLEMENTS, {"payoutId": cancelled}) == set()
    assert found(api, TRANSFERS, {"payoutId": cancelled}) == set()
    assert found(api, SETTLEMENTS, {"bulkPayoutId": ready.public_id}) == ids_of(owed[2:])


def test_the_next_payout_finds_what_the_cancelled_one_released(api, account, owed, ready):
    api.post("/platform/payouts/cancel", {"payoutIds": [payout_of(ready, "p1").public_id]})
    wanted = SettlementFilter(statuses=["CANCELLED"])
    again = create_bulk_payout(workspace=account.workspace, actor=ACTOR, name="다시", wanted=wanted)
    generate_payouts(bulk_payout=again, actor=ACTOR)

    keyword = {"payoutId": payout_of(again, "p1").public_id}
    assert found(api, SETTLEMENTS, keyword) == ids_of(owed[:2])
    assert found(api, TRANSFERS, keyword) == transfer_ids(owed[:2])


def test_a_payout_of_another_company_finds_nothing(api, ready):
    stranger = create_company(slug="market-b", name="마켓 B")
    contract = make_contract(stranger.workspaces.get(environment="LIVE"))
    own = owe(make_partner(contract, "p1"), 70_000)
    theirs = Api(stranger)

    keyword = {"payoutId": payout_of(ready, "p1").public_id}
    assert found(theirs, SETTLEMENTS, keyword) == set()
    assert found(theirs, TRANSFERS, keyword) == set()
    assert found(theirs, SETTLEMENTS, {"bulkPayoutId": ready.public_id}) == set()
    assert found(theirs, SETTLEMENTS, {"partnerSettlementId": own[0].public_id}) == ids_of(own)


def test_payouts_of_two_companies_with_one_id_stay_apart(workspace, api, owed, ready):
    """Without the database's own walls, too: a job is behind none."""
    stranger = create_company(slug="market-b", name="마켓 B").workspaces.get(environment="LIVE")
    wanted = TransferFilter(keyword=("payoutId", payout_of(ready, "p1").public_id))

    assert count_matching(stranger, wanted) == 0
    assert count_matching(workspace, wanted) == 2


@pytest.mark.parametrize("more", [{}, {"types": ["ORDER"]}, {"partner_tags": ["vip"]}], ids=str)
def test_both_counts_are_the_same(workspace, ready, more):
    wanted = TransferFilter(keyword=("payoutId", payout_of(ready, "p1").public_id), **more)

    assert count_matching(workspace, wanted) == transfers_matching(workspace, wanted).count()
    assert count_matching(workspace, wanted) == (0 if more else 2)


def test_the_sheet_holds_the_transfers_of_a_payout(api, owed, ready):
    body = {
        "filter": {"keyword": {"payoutId": payout_of(ready, "p2").public_id}},
        "fields": ["TRANSFER_ID", "TRANSFER_SETTLEMENT_AMOUNT"],
    }
    [only] = transfer_ids(owed[2:])

    assert api.download(f"{TRANSFERS}/sheet-file", body) == (
        f"정산건 ID,정산 금액\r\n{only},50000\r\n"
    )
