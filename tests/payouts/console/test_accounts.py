"""Funding accounts: what is on them and what may be taken out."""

from payouts.models import FundingAccount
from payouts.services import create_bulk_payout, generate_payouts
from tests.payouts.conftest import FUNDS
from tests.payouts.console.pressing import BASE, press, text
from tests.payouts.factories import ACTOR, make_partner, make_ready, owe


def test_the_recommended_withdrawal_is_explained_line_by_line(finance, account, contract, cast):
    owe(make_partner(contract, "ready"), 100_000)
    make_ready(account)
    owe(make_partner(contract, "w", type="WHT_PAYER", taxation_type=""), 6_889)
    owe(make_partner(contract, "minus"), -3_000)
    page = finance.get(f"{BASE}/accounts/{account.public_id}")
    found = page.context["funds"]
    lines = [(line.kind, line.status, line.count, line.amount) for line in found.expected]
    assert lines == [
        ("settlement", "PAYOUT_PREPARED", 2, 6_669),
        ("payout", "CONFIRMED", 1, 100_000),
    ]
    assert found.recommended == FUNDS - 106_669
    assert "음수 1곳은 이월되어 0원" in text(page)
    assert "실제 돈이 움직이지 않습니다" in text(page)


def test_every_expected_line_opens_the_list_it_sums(finance, account, contract, workspace):
    owe(make_partner(contract, "ready"), 100_000)
    make_ready(account)
    owe(make_partner(contract, "by-hand"), 70_000)
    direct = create_bulk_payout(workspace=workspace, actor=ACTOR, name="직접", method="DIRECT")
    generate_payouts(bulk_payout=direct, actor=ACTOR)
    owe(make_partner(contract, "more"), 5_000)
    owe(make_partner(contract, "dollars"), 5_000, currency="USD")
    lines = finance.get(f"{BASE}/accounts/{account.public_id}").context["lines"]
    assert [line["line"].count for line in lines] == [1, 1]
    for line in lines:
        assert finance.get(line["href"]).context["grid"].matching.count() == line["line"].count


def test_an_unknown_transfer_stays_reserved_and_expected(finance, account, troubled):
    found = finance.get(f"{BASE}/accounts/{account.public_id}").context["funds"]
    assert (found.balance, found.reserved, found.available) == (FUNDS - 1_000, 4_000, FUNDS - 5_000)
    assert found.recommended == FUNDS - 1_000 - 2_000 - 4_000


def test_an_account_is_opened_and_switched_off(finance, cast, bank):
    data = {"name": "둘째", "rail": "sandbox", "bank": "SHINHAN", "holder": "마켓 A"}
    bad = finance.post(f"{BASE}/accounts/+new", data | {"account_number": "12-가"})
    assert "계좌를 등록하지 않았습니다" in text(bad)
    finance.post(f"{BASE}/accounts/+new", data | {"account_number": "110-222-333444"})
    account = FundingAccount.objects.get()
    assert (account.account_number, account.account_number_last4) == ("110222333444", "3444")
    press(finance, f"{BASE}/accounts/{account.public_id}/acts/deactivate")
    account.refresh_from_db()
    assert not account.is_active


def test_an_account_is_registered_once_however_often_the_button_is_pressed(finance, cast, bank):
    data = {"name": "둘째", "rail": "sandbox", "bank": "SHINHAN", "holder": "마켓 A"}
    data["account_number"] = "110-222-333444"
    finance.post(f"{BASE}/accounts/+new", data)
    again = finance.post(f"{BASE}/accounts/+new", data)
    assert again.status_code == 422
    assert "이미 등록한 계좌입니다" in text(again)
    bank.deposit("110222333444", 1_000, "PG")
    for account in FundingAccount.objects.all():
        press(finance, f"{BASE}/accounts/{account.public_id}/acts/deposits")
    assert finance.get(f"{BASE}/accounts").context["balance"] == 1_000


def test_an_account_with_waiting_payouts_stays_on(finance, account, ready):
    page = text(finance.get(f"{BASE}/accounts/{account.public_id}/acts/deactivate"))
    assert "나갈 일괄 지급이 있습니다" in page
