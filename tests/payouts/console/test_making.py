"""Making a bulk payout: conditions, selection, pre-flight, generation."""

from datetime import timedelta

import pytest

from payouts.models import BulkPayout, Payout
from payouts.services import generate_payouts
from settlements.models import PartnerSettlement
from tests.payouts.conftest import FUNDS
from tests.payouts.console.pressing import (
    BASE,
    act,
    chosen,
    from_page,
    make_mixed,
    new_bulk,
    press,
    text,
)
from tests.payouts.factories import ACTOR, DUE, make_partner, owe


def test_conditions_show_what_they_match_before_anything_is_made(finance, account, contract):
    owe(make_partner(contract, "a"), 100_000, 20_000)
    owe(make_partner(contract, "b"), -3_000)
    data = {"name": "10월", "method": "AGENCY", "currency": "KRW", "partners": "a", "preview": "1"}
    page = finance.post(f"{BASE}/bulk-payouts/+new", data)
    assert (page.context["match"].count, page.context["match"].amount) == (2, 120_000)
    assert "120,000" in text(page)
    assert not BulkPayout.objects.exists()
    everything = finance.get(f"{BASE}/bulk-payouts/+new").context["match"]
    assert (everything.count, everything.amount) == (3, 117_000)


def test_conditions_choose_by_days_and_by_a_period(finance, account, contract):
    owe(make_partner(contract, "a"), 1_000, 2_000)
    owe(make_partner(contract, "b"), 4_000)
    bulk_payout = new_bulk(finance, dates=f"{DUE - timedelta(days=1)}")
    assert chosen(bulk_payout) == [2_000]
    press(finance, act(bulk_payout, "cancel"), reason="다시")
    bulk_payout = new_bulk(finance, start=f"{DUE}", end=f"{DUE}")
    assert chosen(bulk_payout) == [1_000, 4_000]
    assert bulk_payout.filter["settlement_dates"] == [str(DUE)]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("dates", "10월 말", "날짜는 2026-10-31처럼"),
        ("dates", " ".join(f"2026-10-{day:02d}" for day in range(1, 12)), "10개까지"),
        ("partners", "nobody", "없는 파트너 아이디입니다: nobody"),
        ("start", "2099-01-01", "지급할 정산 내역이 없습니다"),
    ],
)
def test_conditions_that_cannot_be_are_refused_in_words(
    finance, account, contract, field, value, sentence
):
    owe(make_partner(contract, "a"), 1_000)
    data = {"name": "10월", "method": "AGENCY", "currency": "KRW", "create": "1", field: value}
    page = finance.post(f"{BASE}/bulk-payouts/+new", data)
    assert page.status_code in (200, 422)
    assert sentence in text(page)
    assert not BulkPayout.objects.exists()


def test_a_second_one_points_to_the_one_being_selected(finance, account, contract):
    owe(make_partner(contract), 1_000)
    first = new_bulk(finance)
    page = text(finance.get(f"{BASE}/bulk-payouts/+new"))
    assert f"{BASE}/bulk-payouts/{first.public_id}/select" in page
    data = {"name": "또", "method": "AGENCY", "currency": "KRW", "create": "1"}
    assert "이미 있습니다" in text(finance.post(f"{BASE}/bulk-payouts/+new", data))


def test_a_row_still_being_selected_opens_its_own_page_not_the_panel(finance, account, contract):
    owe(make_partner(contract), 1_000)
    page = f"{BASE}/bulk-payouts/{new_bulk(finance).public_id}"
    beside = {"HX-Request": "true", "HX-Target": "side-panel#panel"}

    answer = finance.get(page, headers=beside)

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["HX-Redirect"] == f"{page}/select"


def test_selecting_one_partner_one_settlement_and_all(finance, account, contract):
    owe(make_partner(contract, "a", name="가게"), 1_000, 2_000)
    owe(make_partner(contract, "b", name="나게"), -500)
    bulk_payout = new_bulk(finance)
    url = f"{BASE}/bulk-payouts/{bulk_payout.public_id}/select"
    finance.post(url, {"drop": "partner:b"})
    assert chosen(bulk_payout) == [1_000, 2_000]
    one = PartnerSettlement.objects.get(settlement_amount=2_000)
    page = finance.post(f"{url}?partner=a", {"drop": f"settlement:{one.public_id}"}, follow=True)
    assert chosen(bulk_payout) == [1_000]
    assert (page.context["taken"].count, page.context["taken"].amount) == (1, 1_000)
    assert [(c.partner_id, c.taken_count, c.count) for c in page.context["page"]] == [
        ("a", 1, 2),
        ("b", 0, 1),
    ]
    finance.post(url, {"drop": "all"})
    assert chosen(bulk_payout) == []
    page = finance.post(f"{url}?q=가게", {"take": "all"}, follow=True)
    assert chosen(bulk_payout) == [1_000, 2_000]
    page = finance.get(f"{url}?show=minus")
    assert [choice.amount for choice in page.context["page"]] == [-500]
    assert "−500" in text(page)


def test_a_page_cannot_take_what_it_does_not_list(finance, account, contract):
    owe(make_partner(contract, "a"), 1_000)
    bulk_payout = new_bulk(finance, partners="a")
    owe(make_partner(contract, "b"), 7_000)
    other = PartnerSettlement.objects.get(settlement_amount=7_000)
    url = f"{BASE}/bulk-payouts/{bulk_payout.public_id}/select"
    finance.post(url, {"take": f"settlement:{other.public_id}"})
    assert chosen(bulk_payout) == [1_000]


def test_the_preflight_is_what_generating_does(finance, account, contract):
    make_mixed(contract)
    bulk_payout = new_bulk(finance)
    page = finance.get(f"{BASE}/bulk-payouts/{bulk_payout.public_id}/preflight")
    found = page.context["preflight"]
    assert (found.paid.count, found.paid.amount) == (3, 100_000 + 20_000 + 6_669)
    assert (found.settlement_amount, found.offset_amount) == (126_889, -10_000)
    assert (found.withheld_amount, found.balance_after) == (220, FUNDS - 126_669)
    assert [(left["partner_id"], left["amount"]) for left in found.carried] == [("minus", -3_000)]
    assert "예금주가 다릅니다" in found.skipped[0]["reasons"][0]
    assert "3건 126,669원 지급 생성" in text(page)

    shown = {"seen": page.context["seen"], "token": page.context["token"]}
    done = finance.post(f"{BASE}/bulk-payouts/{bulk_payout.public_id}/generate", shown, follow=True)
    assert "지급 3건 126,669원을 생성했습니다" in text(done)
    amounts = sorted(Payout.objects.values_list("amount", flat=True))
    assert amounts == [6_669, 20_000, 100_000]
    parts = done.context["parts"]
    assert (parts.settled, parts.offset, parts.withheld, parts.amount) == (
        136_889,
        -10_000,
        -220,
        126_669,
    )


def test_a_preflight_that_became_old_generates_nothing(finance, account, contract):
    owe(make_partner(contract, "a"), 100_000)
    owe(make_partner(contract, "b"), 5_000)
    bulk_payout = new_bulk(finance)
    base = f"{BASE}/bulk-payouts/{bulk_payout.public_id}"
    page = finance.get(f"{base}/preflight")
    finance.post(f"{base}/select", {"drop": "partner:b"})
    shown = {"seen": page.context["seen"], "token": page.context["token"]}
    answer = from_page(finance, f"{base}/preflight", f"{base}/generate", shown)
    assert "생성하지 않았습니다" in text(answer)
    assert not Payout.objects.exists()


def test_generating_twice_makes_them_once(finance, account, contract):
    owe(make_partner(contract), 1_000)
    bulk_payout = new_bulk(finance)
    base = f"{BASE}/bulk-payouts/{bulk_payout.public_id}"
    page = finance.get(f"{base}/preflight")
    shown = {"seen": page.context["seen"], "token": page.context["token"]}
    for _ in range(2):
        finance.post(f"{base}/generate", shown)
    assert Payout.objects.count() == 1


def test_the_history_names_what_was_selected_by(finance, contract):
    owe(make_partner(contract), 1_000)
    bulk_payout = new_bulk(finance, method="DIRECT", currency="KRW")
    generate_payouts(bulk_payout=bulk_payout, actor=ACTOR)
    page = text(finance.get(f"{BASE}/bulk-payouts/{bulk_payout.public_id}"))
    assert "통화 KRW" in page
    assert "상태 지급 예정" in page
    assert "통화 1" not in page
