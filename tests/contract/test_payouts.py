"""From settlements to paid partners: withholding and VAT to the won (contract.md c.6–c.8, d.5)."""

from __future__ import annotations

from typing import Any

import pytest
from portone_server_sdk import errors

from tests.contract import bodies
from tests.contract.sdk import Sdk

PERSON = {"whtPayer": {"birthdate": "1990-01-01"}}
SHOP = bodies.business(bodies.number(420000001))


@pytest.fixture
def owed(sdk: Sdk) -> Any:
    """`owed(partner=amount, …)` makes partners who are owed that much today."""
    sdk.policy.create_platform_contract(**bodies.contract())

    def make(kind: dict[str, Any] = PERSON, **amounts: int) -> dict[str, str]:
        for id, amount in amounts.items():
            sdk.partner.create_platform_partner(**bodies.partner(id, type=kind))
            sdk.transfer.create_platform_manual_transfer(
                partner_id=id,
                settlement_amount=amount,
                settlement_date="2023-08-31",
            )
        listed = sdk.partner_settlement.get_platform_partner_settlements(filter={})
        return {row.partner.id: row.id for row in listed.items}

    return make


def pay(sdk: Sdk, ids: list[str], **given: Any) -> Any:
    complete = sdk.payout.complete_platform_payout_by_partner_settlement_ids
    return complete(partner_settlement_ids=ids, **{"bulk_payout_id": "any", **given})


def payouts(sdk: Sdk, bulk: str) -> dict[str, Any]:
    found = sdk.payout.get_platform_payouts(filter={"criteria": {"bulkPayoutId": bulk}})
    return {row.partner.id: row for row in found.items}


def test_documented_withholding(sdk: Sdk, owed: Any) -> None:
    ids = owed(w1=6889, w2=3440, w3=1_000_000)
    done = pay(sdk, list(ids.values()), bulk_payout_id="bulk")
    assert (done.payout_count, done.partner_settlement_count) == (3, 3)
    found = {
        id: (row.income_tax_amount, row.local_income_tax_amount, row.amount, row.status)
        for id, row in payouts(sdk, "bulk").items()
    }
    assert found == {
        "w1": (200, 20, 6669, "SUCCEEDED"),
        "w2": (100, 10, 3330, "SUCCEEDED"),
        "w3": (30000, 3000, 967000, "SUCCEEDED"),
    }


@pytest.mark.parametrize(("kind", "amount"), [("GROSS", 1_000_000), ("NET", 1_100_000)])
def test_documented_totals_of_a_business(sdk: Sdk, owed: Any, kind: str, amount: int) -> None:
    sdk.platform.update_platform_setting(settlement_amount_type=kind)
    pay(sdk, list(owed(SHOP, shop=1_000_000).values()), bulk_payout_id="bulk")
    row = payouts(sdk, "bulk")["shop"]
    assert (row.amount, row.settlement_amount, row.income_tax_amount) == (amount, 1_000_000, 0)
    assert row.supply_amount + row.vat_amount + row.tax_free_amount == amount


def test_refusals_of_completion_are_typed(sdk: Sdk, owed: Any) -> None:
    ids = owed(w1=6889, minus=-1)
    refusals = [
        ([], errors.PlatformNoSelectedPartnerSettlementsError),
        ([ids["w1"]] * 2, errors.PlatformDuplicatedPartnerSettlementIdsError),
        (["none"], errors.PlatformPartnerSettlementsNotFoundError),
        ([ids["minus"]], errors.PlatformNegativePayoutAmountPartnersError),
    ]
    for chosen, refusal in refusals:
        with pytest.raises(refusal):
            pay(sdk, chosen)
    pay(sdk, [ids["w1"]], bulk_payout_id="bulk")
    with pytest.raises(errors.PlatformNonPayablePartnerSettlementsError) as caught:
        pay(sdk, [ids["w1"]], bulk_payout_id="other")
    assert caught.value.ids == [ids["w1"]]
    with pytest.raises(errors.PlatformBulkPayoutIdAlreadyExistsError):
        pay(sdk, [ids["w1"]], bulk_payout_id="bulk")


def test_settlements_are_listed_and_deleted(sdk: Sdk, owed: Any) -> None:
    ids = owed(w1=6889, w2=3440)
    remove = sdk.partner_settlement.delete_platform_partner_settlements
    with pytest.raises(errors.PlatformPartnerSettlementsNotFoundError) as caught:
        remove(partner_settlement_ids=[ids["w1"], "none"])
    assert caught.value.ids == ["none"]
    remove(partner_settlement_ids=[ids["w1"]])
    pay(sdk, [ids["w2"]])
    with pytest.raises(errors.PlatformNonDeletablePartnerSettlementsError):
        remove(partner_settlement_ids=[ids["w2"]])
    listed = sdk.partner_settlement.get_platform_partner_settlements(filter={})
    assert [(row.id, row.status) for row in listed.items] == [(ids["w2"], "PAID_OUT")]
    assert (listed.counts.paid_out, listed.counts.payout_prepared) == (1, 0)


def test_ledgers_of_money(sdk: Sdk, owed: Any) -> None:
    pay(sdk, list(owed(w1=6889).values()), bulk_payout_id="bulk")
    bulks = sdk.bulk_payout.get_platform_bulk_payouts(filter={"criteria": {"bulkPayoutId": "bulk"}})
    assert [(row.id, row.status, row.total_payout_amount) for row in bulks.items] == [
        ("bulk", "COMPLETED", 6669)
    ]
    moved = sdk.account_transfer.get_platform_account_transfers(filter={"types": ["WITHDRAWAL"]})
    assert moved.items == [], "completing by hand moves nothing on our accounts"
    together = sdk.bulk_account_transfer.get_platform_bulk_account_transfers()
    assert together.page.total_count == 0
