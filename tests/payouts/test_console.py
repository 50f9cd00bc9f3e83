"""Paying as people do it: select, check, ask, approve, follow."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyotp
import pytest
from django.test import Client

from core import clock, crypto
from core.companies.models import Role
from core.companies.services import add_member
from core.events.actors import Actor
from partners.models import PlatformSetting
from payouts.models import AccountTransfer, Approval, BulkPayout, FundingAccount, Payout, PayoutItem
from payouts.services import (
    approve,
    drain,
    generate_payouts,
    request_approval,
    start_bulk_payout,
)
from settlements.models import PartnerSettlement
from tests.cast import Cast, assemble
from tests.payouts.conftest import FUNDS
from tests.payouts.factories import (
    ACTOR,
    DUE,
    make_partner,
    make_ready,
    make_started,
    owe,
    paid_by_bank,
    statuses,
)
from tests.settlements.factories import make_contract

BASE = "/console/market-a/live"
SECRET = pyotp.random_base32()
NOON = datetime(2099, 1, 5, 12, tzinfo=clock.KST)


@pytest.fixture
def cast(db) -> Cast:
    return assemble()


@pytest.fixture
def workspace(cast):
    return cast.live


@pytest.fixture
def contract(workspace):
    return make_contract(workspace)


def signed_in(member, secret: str = SECRET) -> Client:
    member.user.totp_secret_encrypted = crypto.encrypt(secret)
    member.user.save()
    client = Client()
    client.force_login(member.user)
    return client


@pytest.fixture
def finance(cast) -> Client:
    return signed_in(cast.finance)


@pytest.fixture
def owner(cast) -> Client:
    return signed_in(cast.owner)


@pytest.fixture
def viewer(cast) -> Client:
    return signed_in(cast.viewer)


def code(seconds: int = 0) -> str:
    return pyotp.TOTP(SECRET).at(clock.now() + timedelta(seconds=seconds))


def text(response) -> str:
    return response.content.decode()


def press(client: Client, url: str, **data: str):
    """Both presses of an act: the sheet, then its button."""
    sheet = client.get(url)
    assert sheet.status_code == 200
    shown = {"seen": sheet.context["seen"], "token": sheet.context["token"]}
    return client.post(url, shown | data, follow=True)


def from_page(client: Client, page: str, url: str, data: dict[str, str]):
    """A POST that a browser sends from a page; a refusal brings it back there."""
    return client.post(url, data, headers={"Referer": f"http://testserver{page}"}, follow=True)


def act(bulk_payout: BulkPayout, name: str) -> str:
    return f"{BASE}/bulk-payouts/{bulk_payout.public_id}/acts/{name}"


def new_bulk(client: Client, **conditions: str) -> BulkPayout:
    data = {"name": "10월", "method": "AGENCY", "currency": "KRW", "create": "1"} | conditions
    response = client.post(f"{BASE}/bulk-payouts/+new", data)
    assert response.status_code == 302, response.context["form"].errors
    return BulkPayout.objects.latest("pk")


def chosen(bulk_payout: BulkPayout) -> list[int]:
    items = PayoutItem.objects.filter(bulk_payout=bulk_payout, released_at=None)
    return sorted(items.values_list("settlement_amount", flat=True))


# Making one


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


def make_mixed(contract):
    """Somebody paid with an offset, a withheld one, a negative one, a blocked one."""
    owe(make_partner(contract, "a", name="가"), 100_000)
    owe(make_partner(contract, "a2", name="가2"), 30_000, -10_000)
    owe(make_partner(contract, "w", name="나", type="WHT_PAYER", taxation_type=""), 6_889)
    owe(make_partner(contract, "minus", name="다"), -3_000)
    owe(make_partner(contract, "blocked", name="라", account_status="VERIFY_FAILED"), 7_000)


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


# Approving


@pytest.fixture
def ready(account, contract) -> BulkPayout:
    owe(make_partner(contract, "a"), 100_000)
    owe(make_partner(contract, "b"), 50_000)
    return make_ready(account)


def ask(client: Client, bulk_payout: BulkPayout, account, **more: str) -> Approval:
    data = {"account": str(account.pk), "when": "now"} | more
    press(client, act(bulk_payout, "request"), **data)
    return Approval.objects.latest("pk")


def decide(client: Client, approval: Approval, otp: str):
    url = f"{BASE}/approvals/{approval.public_id}"
    token = client.get(url).context["token"]
    return client.post(f"{url}/approve", {"otp": otp, "token": token}, follow=True)


def test_the_request_sheet_repeats_the_real_content(finance, account, ready):
    sheet = text(finance.get(act(ready, "request")))
    for words in ("2건 150,000원 지급 승인 요청", "999,850,000원", "••••6789", "샌드박스"):
        assert words in sheet


def test_another_person_approves_and_the_bank_pays(
    cast, finance, owner, account, bank, ready, settings
):
    settings.PAYOUT_RECALL_SECONDS = 0
    approval = ask(finance, ready, account)
    own = finance.get(f"{BASE}/approvals/{approval.public_id}")
    assert "요청한 사람은 승인할 수 없습니다" in text(own)
    assert 'name="otp"' not in text(own)
    page = text(owner.get(f"{BASE}/approvals/{approval.public_id}"))
    assert "2건 150,000원 지급 승인" in page
    wrong = decide(owner, approval, "000000")
    assert "OTP 번호가 맞지 않거나" in text(wrong)
    assert decide(owner, approval, code()).redirect_chain[-1][0].endswith("/progress")
    drain(workspace=cast.live)
    done = owner.get(f"{BASE}/bulk-payouts/{ready.public_id}/progress")
    assert "2건 150,000원을 모두 지급했습니다" in text(done)
    assert 'hx-target="#progress"' not in text(done)
    assert sum(paid_by_bank(bank).values()) == 150_000


def test_the_maker_cannot_approve_even_by_hand(finance, account, bank, ready):
    approval = ask(finance, ready, account)
    url = f"{BASE}/approvals/{approval.public_id}"
    answer = from_page(finance, url, f"{url}/approve", {"otp": code(), "token": "t"})
    assert "다른 사람이 승인해야 합니다" in text(answer)
    assert set(statuses(ready).values()) == {"CONFIRMED"}


def test_a_recall_takes_an_approved_one_back(finance, owner, account, bank, ready, settings, cast):
    settings.PAYOUT_RECALL_SECONDS = 30
    approval = ask(finance, ready, account)
    page = decide(owner, approval, code())
    assert "초 뒤에 이체를 시작합니다" in text(page)
    done = press(owner, act(ready, "recall"))
    assert "지급을 되돌렸습니다. 이체되지 않았습니다." in text(done)
    drain(workspace=cast.live, now=clock.now() + timedelta(minutes=5))
    assert paid_by_bank(bank) == {}
    assert "아직 승인되지 않았습니다" in text(owner.get(act(ready, "recall")))


def test_a_slot_is_asked_for_moved_and_cancelled(finance, owner, account, ready):
    approval = ask(finance, ready, account, when="later", day="2099-01-05", slot="12:00")
    assert approval.scheduled_at == NOON
    assert "2099-01-05 12:00 예약" in text(owner.get(f"{BASE}/approvals/{approval.public_id}"))
    decide(owner, approval, code())
    press(owner, act(ready, "reschedule"), day="2099-01-06", slot="22:40")
    ready.refresh_from_db()
    assert ready.scheduled_at == datetime(2099, 1, 6, 22, 40, tzinfo=clock.KST)
    assert "예약한 지급입니다" in text(owner.get(act(ready, "recall")))
    press(owner, act(ready, "unschedule"), reason="다음 주로")
    assert set(statuses(ready).values()) == {"CONFIRMED"}


def test_maintenance_slots_are_not_offered(finance, account, ready):
    sheet = text(finance.get(act(ready, "request")))
    assert 'value="22:40"' in sheet
    assert 'value="22:50"' not in sheet
    assert 'value="00:50"' not in sheet
    data = {"account": str(account.pk), "when": "later", "day": "2099-01-05", "slot": "22:50"}
    shown = finance.get(act(ready, "request")).context
    data |= {"seen": shown["seen"], "token": shown["token"]}
    again = finance.post(act(ready, "request"), data)
    assert again.status_code == 422
    assert not Approval.objects.exists()


def test_numbers_that_changed_since_the_request_are_said(finance, owner, account, bank, ready):
    approval = ask(finance, ready, account)
    bank.deposit("110123456789", 7_000, "토스페이먼츠")
    press(finance, f"{BASE}/accounts/{account.public_id}/acts/deposits")
    page = text(owner.get(f"{BASE}/approvals/{approval.public_id}"))
    assert "요청한 뒤 바뀐 값이 있습니다" in page
    assert "출금 계좌 잔액 1,000,000,000원 → <b>1,000,007,000원</b>" in page


def test_refusing_needs_a_reason_and_pays_nothing(finance, owner, account, ready):
    approval = ask(finance, ready, account)
    url = f"{BASE}/approvals/{approval.public_id}"
    owner.post(f"{url}/refuse", {"reason": " "})
    approval.refresh_from_db()
    assert approval.status == "REQUESTED"
    answer = owner.post(f"{url}/refuse", {"reason": "금액 확인"}, follow=True)
    assert "반려했습니다. 이체되지 않았습니다." in text(answer)
    assert "금액 확인" in text(owner.get(f"{BASE}/bulk-payouts/{ready.public_id}"))


def test_what_is_missing_is_said_before_anyone_approves(finance, owner, account, contract):
    owe(make_partner(contract), FUNDS + 1)
    approval = ask(finance, make_ready(account), account)
    assert "잔액이 1원 부족합니다" in text(owner.get(f"{BASE}/approvals/{approval.public_id}"))


def test_an_old_sheet_and_a_second_press_do_nothing(finance, account, contract, ready):
    sheet = finance.get(act(ready, "cancel"))
    shown = {"seen": sheet.context["seen"], "token": sheet.context["token"], "reason": "다시"}
    one = Payout.objects.get(partner__public_id="a")
    press(finance, f"{BASE}/payouts/{one.public_id}/acts/cancel", reason="하나만")
    stale = finance.post(act(ready, "cancel"), shown, follow=True)
    ready.refresh_from_db()
    assert ready.status == "PREPARED"
    assert stale.status_code == 200

    memo = finance.get(act(ready, "memos"))
    same = {"seen": memo.context["seen"], "token": memo.context["token"], "memo": "두 번"}
    for _ in range(2):
        finance.post(act(ready, "memos"), same)
    written = Payout.objects.filter(memo="두 번").count()
    assert written == 1


# After sending


@pytest.fixture
def troubled(cast, account, contract, bank) -> BulkPayout:
    """One paid, one refused by the bank, one nobody knows."""
    owe(make_partner(contract, "ok"), 1_000)
    owe(make_partner(contract, "bad", ending="999412"), 2_000)
    owe(make_partner(contract, "lost", ending="999002"), 4_000)
    bulk_payout = make_started(account)
    drain(workspace=cast.live)
    return bulk_payout


def test_progress_says_done_failed_unknown_and_left(finance, troubled):
    page = finance.get(f"{BASE}/bulk-payouts/{troubled.public_id}/progress")
    found = page.context["running"]
    counts = (found.done.count, found.failed.count, found.unknown.count, found.left.count)
    assert counts == (1, 1, 1, 0)
    assert (found.at_bank.count, found.unknown.amount, found.total.amount) == (0, 4_000, 7_000)
    assert [(cause.reason, cause.amount) for cause in page.context["causes"]] == [
        ("계좌번호 없음", 2_000)
    ]
    assert '<noscript><meta http-equiv="refresh"' in text(page)


def test_the_desk_asks_and_never_sends_again(cast, finance, bank, troubled):
    unknown = AccountTransfer.objects.get(status="UNKNOWN")
    desk = text(finance.get(f"{BASE}/account-transfers/+unknown"))
    assert unknown.request_key in desk
    url = f"{BASE}/account-transfers/{unknown.public_id}"
    answer = press(finance, f"{url}/acts/inquire")
    assert "은행이 아직 결과를 주지 않았습니다" in text(answer)
    page = text(finance.get(url))
    assert "접수 기록 없음" in page
    assert "재시도" not in page
    assert bank.refused_duplicates() == []
    assert len(bank.transfers()) == 2
    payout = unknown.payout
    assert "미확정" in text(finance.get(f"{BASE}/payouts/{payout.public_id}/acts/retry"))
    refused = finance.post(f"{BASE}/payouts/{payout.public_id}/acts/retry", {"otp": code()})
    assert refused.status_code == 302
    assert payout.attempts.count() == 1


def test_retrying_the_failed_leaves_the_unknown_alone(cast, finance, account, bank, troubled):
    sheet = text(finance.get(act(troubled, "retry")))
    assert "1건 2,000원 이체 재시도" in sheet
    assert "미확정 1건은 빼고" in sheet
    press(finance, act(troubled, "retry"), otp=code())
    assert statuses(troubled) == {"ok": "SUCCEEDED", "bad": "PREPARED", "lost": "PROCESSING"}


def test_stopping_stops_what_was_not_sent(finance, account, ready, cast):
    started = start_bulk_payout(bulk_payout=ready, actor=cast.actor)
    answer = press(finance, act(started, "stop"), reason="금액 오류")
    assert "2건을 중단했습니다. 중단한 건은 이체되지 않았습니다." in text(answer)
    assert set(statuses(started).values()) == {"STOPPED"}


def test_a_payout_explains_its_amount(finance, account, contract):
    make_mixed(contract)
    make_ready(account)
    payout = Payout.objects.get(partner__public_id="a2")
    page = finance.get(f"{BASE}/payouts/{payout.public_id}")
    parts = page.context["parts"]
    assert (parts.settled, parts.offset, parts.amount) == (30_000, -10_000, 20_000)
    for item in payout.items.all():
        assert f"/settlements/{item.partner_settlement.public_id}" in text(page)
    assert "••••0000" in text(page)
    assert payout.account_number not in text(page)


def test_direct_payouts_are_marked_by_hand(finance, workspace, contract):
    owe(make_partner(contract, "a"), 1_000)
    owe(make_partner(contract, "b"), 2_000)
    bulk_payout = new_bulk(finance, method="DIRECT")
    generate_payouts(bulk_payout=bulk_payout, actor=ACTOR)
    bulk_payout.refresh_from_db()
    assert "직접 지급은 승인 없이" in text(finance.get(act(bulk_payout, "request")))
    one = Payout.objects.get(partner__public_id="a")
    press(finance, f"{BASE}/payouts/{one.public_id}/acts/failed", reason="계좌 닫힘")
    press(finance, act(bulk_payout, "paid"), paid_on=str(clock.today()))
    assert statuses(bulk_payout) == {"a": "FAILED", "b": "SUCCEEDED"}


# Accounts


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


def test_an_account_with_waiting_payouts_stays_on(finance, account, ready):
    page = text(finance.get(f"{BASE}/accounts/{account.public_id}/acts/deactivate"))
    assert "나갈 일괄 지급이 있습니다" in page


# Frame, lists, rights


def test_home_counts_open_what_they_count(finance, owner, account, ready, troubled):
    ask(finance, ready, account)
    home = finance.get(f"{BASE}/")
    waits = {item.label: (item.count, item.href) for item in home.context["waiting"]}
    assert waits["승인 대기"][0] == 1
    assert waits["미확정 이체"][0] == 1
    assert waits["실패한 지급"][0] == 1
    for label in ("승인 대기", "미확정 이체", "실패한 지급"):
        page = finance.get(waits[label][1])
        assert page.context["grid"].page.count.number == 1


def test_home_says_the_next_payout_day_and_the_cover(finance, account, contract, workspace):
    owe(make_partner(contract, "a"), FUNDS + 500)
    panels = dict((p.template, c) for p, c in finance.get(f"{BASE}/").context["panels"])
    day = panels["payouts/console/home.html"]["days"][0]
    assert (day.day, day.expected) == (clock.today(), FUNDS + 500)
    assert (day.cover, day.missing) == (FUNDS, 500)


def test_search_finds_bulk_payouts_by_name_and_payouts_by_amount(finance, ready):
    """A single hit opens at once."""
    by_name = finance.get(f"{BASE}/search?q=10월")
    assert by_name.headers["Location"] == f"{BASE}/bulk-payouts/{ready.public_id}"
    payout = Payout.objects.get(amount=100_000)
    by_amount = finance.get(f"{BASE}/search?q=100,000")
    assert by_amount.headers["Location"] == f"{BASE}/payouts/{payout.public_id}"


@pytest.mark.parametrize(
    "path",
    ["bulk-payouts", "approvals", "payouts", "account-transfers", "account-transfers/+unknown"],
)
def test_lists_cost_the_same_whatever_their_length(
    finance, cast, account, contract, path, django_assert_max_num_queries
):
    for count in (1, 10):
        for _ in range(count):
            owe(make_partner(contract, ending="999002"), 1_000)
        bulk_payout = make_ready(account, f"{count}")
        request_approval(bulk_payout=bulk_payout, actor=ACTOR)
        start_bulk_payout(bulk_payout=bulk_payout, actor=ACTOR)
        drain(workspace=cast.live)
        with django_assert_max_num_queries(22):
            assert finance.get(f"{BASE}/{path}").status_code == 200


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_lists_leave_as_files_with_masked_accounts(finance, troubled, kind):
    response = finance.get(f"{BASE}/payouts?export={kind}")
    assert response.status_code == 200
    if kind == "csv":
        file = b"".join(response.streaming_content).decode()
        assert "2000" in file
        assert "••••9412" in file


def addresses(bulk_payout: BulkPayout) -> list[str]:
    payout = Payout.objects.filter(bulk_payout=bulk_payout).first()
    transfer = payout.attempts.first()
    account = bulk_payout.funding_account
    bulk = f"bulk-payouts/{bulk_payout.public_id}"
    return [
        bulk,
        f"{bulk}/select",
        f"{bulk}/preflight",
        f"{bulk}/progress",
        f"{bulk}/acts/retry",
        f"payouts/{payout.public_id}",
        f"payouts/{payout.public_id}/acts/retry",
        f"account-transfers/{transfer.public_id}",
        f"account-transfers/{transfer.public_id}/acts/inquire",
        f"accounts/{account.public_id}",
        f"accounts/{account.public_id}/acts/deposits",
    ]


def test_a_foreign_workspace_finds_nothing(cast, finance, troubled):
    stranger = signed_in(cast.stranger)
    for path in addresses(troubled):
        assert finance.get(f"{BASE}/{path}").status_code in (200, 302), path
        assert stranger.get(f"{BASE}/{path}").status_code == 404, path
        assert finance.get(f"/console/market-a/test/{path}").status_code == 404, path
        assert stranger.get(f"/console/market-b/live/{path}").status_code == 404, path


ACTS = ["request", "withdraw", "recall", "stop", "retry", "cancel", "memos", "paid", "invoices"]


@pytest.mark.parametrize("name", ACTS)
def test_a_reader_is_told_why_and_changes_nothing(viewer, account, ready, name):
    page = viewer.get(act(ready, name))
    assert page.context["content"] is None
    assert page.context["reason"]
    before = (ready.status, statuses(ready))
    viewer.post(act(ready, name), {"seen": page.context["seen"], "token": "t", "reason": "x"})
    ready.refresh_from_db()
    assert (ready.status, statuses(ready)) == before


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.ADMIN, True),
        (Role.OWNER, True),
        (Role.MANAGER, False),
        (Role.READ_ONLY, False),
        (Role.DEV, False),
    ],
)
def test_who_may_make_select_generate_approve_and_refuse(cast, account, ready, role, allowed):
    member = add_member(company=cast.market_a, email="x@a.example", name="x", role=role)
    client = signed_in(member)
    approval = request_approval(bulk_payout=ready, actor=cast.actor)
    expected = (200, 302, 422) if allowed else (403,)
    assert client.get(f"{BASE}/bulk-payouts/+new").status_code in expected
    assert client.get(f"{BASE}/accounts/+new").status_code in expected
    generate = f"{BASE}/bulk-payouts/{ready.public_id}/generate"
    assert client.post(generate, {"token": "1"}).status_code in expected
    refuse = f"{BASE}/approvals/{approval.public_id}/refuse"
    assert client.post(refuse, {"reason": "아니오"}).status_code in expected
    approval.refresh_from_db()
    assert approval.status == ("REFUSED" if allowed else "REQUESTED")


def test_without_otp_the_way_to_it_is_shown(cast, finance, account, ready):
    approval = ask(finance, ready, account)
    bare = Client()
    bare.force_login(cast.owner.user)
    page = text(bare.get(f"{BASE}/approvals/{approval.public_id}"))
    assert "OTP를 먼저 등록해야" in page
    assert f"{BASE}/me/otp" in page


def test_a_company_without_otp_is_not_asked_for_one(cast, finance, account, troubled):
    PlatformSetting.objects.update_or_create(workspace=cast.live, defaults={"requires_otp": False})
    assert 'name="otp"' not in text(finance.get(act(troubled, "retry")))
    press(finance, act(troubled, "retry"))
    assert statuses(troubled)["bad"] == "PREPARED"


def test_service_and_page_agree_on_the_approval(cast, finance, owner, account, ready, settings):
    """Approved elsewhere meanwhile: the page says so instead of paying twice."""
    settings.PAYOUT_RECALL_SECONDS = 0
    approval = ask(finance, ready, account)
    signed = owner.get(f"{BASE}/approvals/{approval.public_id}")
    approve(approval=approval, actor=Actor.member(cast.owner), code=code())
    data = {"otp": code(30), "token": signed.context["token"]}
    owner.post(f"{BASE}/approvals/{approval.public_id}/approve", data)
    assert AccountTransfer.objects.filter(type="WITHDRAWAL").count() == 2
    assert "이미 승인 처리되었습니다" in text(owner.get(f"{BASE}/approvals/{approval.public_id}"))
