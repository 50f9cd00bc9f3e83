"""Asking, approving by a second person, recalling, slots."""

from datetime import datetime, timedelta

from django.test import Client

from core import clock
from core.events.actors import Actor
from payouts.models import AccountTransfer, Approval, Payout
from payouts.services import approve, drain
from tests.payouts.conftest import FUNDS
from tests.payouts.console.pressing import BASE, act, ask, code, decide, from_page, press, text
from tests.payouts.factories import make_partner, make_ready, owe, paid_by_bank, statuses

NOON = datetime(2099, 1, 5, 12, tzinfo=clock.KST)


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
    assert 'name="otp"' in text(wrong)
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


def test_without_otp_the_way_to_it_is_shown(cast, finance, account, ready):
    approval = ask(finance, ready, account)
    bare = Client()
    bare.force_login(cast.owner.user)
    page = text(bare.get(f"{BASE}/approvals/{approval.public_id}"))
    assert "OTP를 먼저 등록해야" in page
    assert f"{BASE}/me/otp" in page


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
