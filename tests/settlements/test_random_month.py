"""Random orders under random terms: a file and the API store the same, sums hold, and what is
stored can be told again step by step. `RANDOM_ORDERS=1000000` runs the full size."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pytest
from django.db.models import F

from core.companies.services import create_company
from settlements.models import AMOUNT_COLUMNS, Transfer
from settlements.queries import explain_transfer, signed_totals
from settlements.services import settle_due
from tests.settlements.factories import (
    ACTOR,
    broken_truths,
    make_contract,
    make_discount_policy,
    make_fee_policy,
    make_partner,
    move_partner,
)
from tests.settlements.scale import scale
from tests.settlements.upload import test_same_as_api as both
from tests.settlements.upload.flows import problems, register, upload

pytestmark = pytest.mark.django_db(transaction=True)

ORDERS = scale("RANDOM_ORDERS", 120)
EXPLAINED = scale("RANDOM_EXPLAINED", 100)
CHUNK = min(ORDERS // 2, 2_000)
"""Orders of one company, so that neither memory nor a flush grows with the whole."""


def fee(random: Random) -> dict[str, int]:
    if random.random() < 0.7:
        return {"fixedRate": random.randrange(0, 30_001)}
    return {"fixedAmount": random.randrange(0, 3_000)}


def payer(random: Random) -> str:
    return random.choice(["PARTNER", "MERCHANT"])


def random_market(slug: str, random: Random) -> Any:
    """The names that `both.month` uses, with terms of its own."""
    workspace = create_company(slug=slug, name=slug).workspaces.get(environment="LIVE")
    for name in ("odd", "basic"):
        contract = make_contract(
            workspace,
            name,
            platformFee=fee(random),
            platformFeeVatPayer=payer(random),
            subtractPaymentVatAmount=random.random() < 0.3,
            settlementCycle={
                "lagDays": random.randrange(1, 11),
                "datePolicy": random.choice(["HOLIDAY_BEFORE", "HOLIDAY_AFTER", "CALENDAR_DAY"]),
                "method": random.choice(
                    [
                        {"daily": {}},
                        {"weekly": {"daysOfWeek": ["MON", "THU"]}},
                        {"monthly": {"daysOfMonth": [10, 31]}},
                    ]
                ),
            },
        )
    for name in ("half", "third"):
        make_discount_policy(workspace, name, random.randrange(0, 100_001))
    for name in ("fee", "box"):
        make_fee_policy(workspace, name, fee=fee(random), vatPayer=payer(random))
    for name in "abc":
        move_partner(make_partner(contract, name), "odd", date(2026, 10, random.randrange(1, 31)))
    return workspace


@pytest.mark.parametrize("seed", range(ORDERS // CHUNK))
def test_random_orders_are_stored_alike_add_up_and_explain_themselves(seed):
    by_file, by_api = (random_market(slug, Random(seed)) for slug in ("file", "api"))
    rows = both.month(Random(seed), CHUNK)

    registered = register(upload(by_file, both.file_of(rows)))
    refused = [wish for wish in both.wishes(both.file_of(rows)) if not both._by_api(by_api, wish)]

    assert both._said(by_file) == both._said(by_api)
    assert bool(refused) == bool(problems(registered))
    settle_due(workspace=by_file, actor=ACTOR)
    assert broken_truths(by_file) == {}
    assert_parts_are_the_whole(by_file)
    assert_explained(by_file, Random(seed))


def assert_parts_are_the_whole(workspace: Any) -> None:
    """Every transfer by itself, and every partner's sums against the whole."""
    transfers = Transfer.objects.filter(workspace=workspace).exclude(type="MANUAL")
    parts = F("payment_supply_amount") + F("payment_vat_amount") + F("payment_tax_free_amount")
    assert not transfers.exclude(payment_amount=parts).exists()
    paid = F("order_amount") - F("discount_amount")
    assert not transfers.exclude(payment_amount=paid).exists()
    taken = (
        F("payment_vat_burden_amount")
        + F("platform_fee_amount")
        + F("platform_fee_vat_amount")
        + F("additional_fee_amount")
        + F("additional_fee_vat_amount")
        + F("discount_share_amount")
    )
    assert not transfers.exclude(settlement_amount=F("order_amount") - taken).exists()
    everything = Transfer.objects.filter(workspace=workspace)
    whole = signed_totals(everything)
    of_each = [signed_totals(everything.filter(partner__public_id=name)) for name in "abc"]
    for column in AMOUNT_COLUMNS:
        assert whole[column] == sum(each[column] for each in of_each), column


def assert_explained(workspace: Any, random: Random) -> None:
    """Stored explanation and replay agree to the won, in every step."""
    ids = list(Transfer.objects.filter(workspace=workspace).values_list("pk", flat=True))
    sample = random.sample(ids, min(EXPLAINED, len(ids)))
    for transfer in Transfer.objects.filter(pk__in=sample).select_related("workspace"):
        explanation = explain_transfer(transfer)
        assert explanation is None or explanation.agrees, transfer.public_id
