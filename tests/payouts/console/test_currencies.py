"""Payouts in dollars beside those in won: each in its own unit, never in one sum."""

from datetime import timedelta

import pytest
from django.utils.html import strip_tags

from core import clock
from invoices.models import TaxInvoice
from partners.models import PlatformSetting
from payouts.models import BulkPayout, Payout
from payouts.queries.preflight import paid_last_month, preflight
from payouts.services import generate_payouts, mark_paid
from payouts.services.invoicing import invoice_payouts
from tests.payouts.console.pressing import BASE, act, new_bulk, text
from tests.payouts.factories import ACTOR, make_partner, owe

BUSINESS = {
    "type": "BUSINESS",
    "business_registration_number": "1234567891",
    "taxation_type": "NORMAL",
}


def generated(finance, currency: str) -> BulkPayout:
    bulk_payout = new_bulk(finance, method="DIRECT", currency=currency)
    generate_payouts(bulk_payout=bulk_payout, actor=ACTOR)
    bulk_payout.refresh_from_db()
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


@pytest.mark.parametrize(("currency", "said"), [("KRW", "1,000원"), ("USD", "12.34USD")])
def test_conditions_show_their_sum_in_their_currency(finance, contract, currency, said):
    partner = make_partner(contract, "partner-a")
    owe(partner, 1_000)
    owe(partner, 1_234, currency="USD")

    data = {"name": "10월", "method": "DIRECT", "currency": currency, "preview": "1"}
    page = text(finance.post(f"{BASE}/bulk-payouts/+new", data))

    assert said in strip_tags(page)


def test_a_sheet_sums_every_currency_by_itself(finance, both):
    ids = [payout.pk for payout in both]
    sheet = finance.post(
        f"{BASE}/payouts?period=all", {"op": "bulk", "action": "cancel", "id": ids}
    )
    assert sheet.context["proposal"].sums == {"KRW": 1_000, "USD": 1_234}
    assert "2건 1,000원 · 12.34 USD 지급 취소" in text(sheet)


@pytest.mark.parametrize(
    ("words", "found"), [("12.34", "USD"), ("$12.34", "USD"), ("1,000", "KRW"), ("1,234", "")]
)
def test_search_reads_an_amount_in_the_currency_of_the_payout(finance, both, words, found):
    answer = finance.get(f"{BASE}/search", {"q": words})
    of = {payout.currency: f"{BASE}/payouts/{payout.public_id}" for payout in both}
    assert answer.headers.get("Location", "") == of.get(found, "")


def test_search_names_the_currency_of_what_it_found(finance, both):
    assert '<span class="figure">12.34 USD</span>' in text(
        finance.get(f"{BASE}/search?q=partner-a")
    )


def test_the_page_of_a_statement_says_dollars(finance, both):
    page = text(finance.get(f"{BASE}/statements/{both[1].public_id}"))
    assert '<span class="figure">12.34 USD</span>' in page


def test_dollars_are_compared_with_dollars_only(finance, contract):
    partner = make_partner(contract, "partner-a")
    owe(partner, 1_000)
    won = generated(finance, "KRW")
    mark_paid(payouts=won.payouts.all(), actor=ACTOR)
    owe(partner, 1_234, currency="USD")
    first = generated(finance, "USD")
    assert "FIRST_PAYOUT" in [flag.code for flag in preflight(first).flags]
    mark_paid(payouts=first.payouts.all(), actor=ACTOR)
    owe(partner, 5_000, currency="USD")
    flags = {flag.code: flag.message for flag in preflight(generated(finance, "USD")).flags}
    assert flags["UNUSUAL_AMOUNT"] == "지난 지급 12.34 USD의 3배가 넘습니다."


def test_last_month_is_of_the_same_currency(finance, both):
    for payout in both:
        mark_paid(payouts=Payout.objects.filter(pk=payout.pk), actor=ACTOR)
    last_month = clock.now() - timedelta(days=clock.today().day + 1)
    Payout.objects.update(paid_at=last_month)
    found = paid_last_month(both[1].bulk_payout, clock.now())
    assert (found.count, found.amount) == (1, 1_234)


def test_what_was_paid_in_dollars_is_not_invoiced_as_won(cast, finance, contract):
    PlatformSetting.objects.update_or_create(
        workspace=cast.live, defaults={"requests_supply_invoices": True}
    )
    partner = make_partner(contract, "shop", **BUSINESS)
    owe(partner, 110_000, currency="USD")
    bulk_payout = generated(finance, "USD")
    facts = {"write_date": clock.today(), "actor": ACTOR, "name": "10월"}
    assert invoice_payouts(workspace=cast.live, payouts=Payout.objects.all(), **facts) == []
    assert not TaxInvoice.objects.exists()
    one = f"{BASE}/payouts/{bulk_payout.payouts.get().public_id}/acts/invoice"
    assert "원화로 환산해 직접 작성해 주세요" in text(finance.get(one))
    assert "사업자 파트너의 원화 지급이 없습니다" in text(finance.get(act(bulk_payout, "invoices")))


def test_a_list_says_over_how_many_rows_its_sum_is(finance, both):
    page = text(finance.get(f"{BASE}/payouts?period=all"))
    assert "2건 중 KRW 1건" in page
    assert "건 중" not in text(finance.get(f"{BASE}/payouts?period=all&currency=USD"))


def test_files_hold_numbers_with_decimals_and_the_currency_beside(finance, both):
    file = finance.get(f"{BASE}/payouts?period=all&export=csv&cols=amount,currency")
    lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
    assert sorted(lines[1:]) == ["1000,KRW", "12.34,USD"]
