"""Payouts in dollars beside those in won: each in its own unit, never in one sum."""

import pytest

from payouts.models import BulkPayout, Payout
from payouts.services import generate_payouts
from tests.payouts.console.pressing import BASE, new_bulk, text
from tests.payouts.factories import ACTOR, make_partner, owe


def generated(finance, currency: str) -> BulkPayout:
    bulk_payout = new_bulk(finance, method="DIRECT", currency=currency)
    generate_payouts(bulk_payout=bulk_payout, actor=ACTOR)
    return bulk_payout


@pytest.fixture
def both(finance, contract) -> tuple[Payout, Payout]:
    """1,000원 and 12.34 USD of one partner."""
    partner = make_partner(contract, "partner-a")
    owe(partner, 1_000)
    owe(partner, 1_234, currency="USD")
    for currency in ("KRW", "USD"):
        generated(finance, currency)
    return Payout.objects.get(currency="KRW"), Payout.objects.get(currency="USD")


def test_a_sheet_sums_every_currency_by_itself(finance, both):
    ids = [payout.pk for payout in both]
    sheet = finance.post(
        f"{BASE}/payouts?period=all", {"op": "bulk", "action": "cancel", "id": ids}
    )
    assert sheet.context["proposal"].sums == {"KRW": 1_000, "USD": 1_234}
    assert "2건 1,000원 · 12.34 USD 지급 취소" in text(sheet)


def test_search_names_the_currency_of_what_it_found(finance, both):
    assert '<span class="figure">12.34 USD</span>' in text(
        finance.get(f"{BASE}/search?q=partner-a")
    )


def test_the_page_of_a_statement_says_dollars(finance, both):
    page = text(finance.get(f"{BASE}/statements/{both[1].public_id}"))
    assert '<span class="figure">12.34 USD</span>' in page
