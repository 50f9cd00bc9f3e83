"""After sending: progress, unknown results, retries, stops, direct payouts."""

from datetime import timedelta

import pytest

from core import clock
from partners.models import PlatformSetting
from payouts import services
from payouts.models import AccountTransfer, Payout
from payouts.services import drain, generate_payouts, resolve_unknown, start_bulk_payout
from tests.payouts.console.pressing import BASE, act, code, make_mixed, new_bulk, press, text
from tests.payouts.factories import ACTOR, make_partner, make_ready, make_started, owe, statuses
from tests.payouts.test_commissions import BUSINESS


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


def test_asking_about_many_goes_on_when_the_resolver_was_quicker_with_one(
    cast, finance, account, contract, bank, monkeypatch
):
    for name in ("one", "two"):
        owe(make_partner(contract, name, ending="999002"), 1_000)
    make_started(account)
    drain(workspace=cast.live)
    url = f"{BASE}/account-transfers/+unknown"
    asked = {"op": "bulk", "action": "inquire", "all": "1"}
    sheet = finance.post(url, asked).context["proposal"]
    real = services.inquire_now

    def slow(*, transfer, actor):
        """By its turn the resolver has had the answers of both."""
        if AccountTransfer.objects.filter(status="UNKNOWN").count() == 2:
            resolve_unknown(now=clock.now() + timedelta(days=3))
        return real(transfer=transfer, actor=actor)

    monkeypatch.setattr(services, "inquire_now", slow)
    confirmed = asked | {"confirmed": sheet.fingerprint, "token": sheet.token}
    answer = text(finance.post(url, confirmed, follow=True))
    assert "은행에 묻지 않았습니다" not in answer
    assert "2건의 결과가 확인되고 0건은 아직 모릅니다" in answer


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


def test_a_company_without_otp_is_not_asked_for_one(cast, finance, account, troubled):
    PlatformSetting.objects.update_or_create(workspace=cast.live, defaults={"requires_otp": False})
    assert 'name="otp"' not in text(finance.get(act(troubled, "retry")))
    press(finance, act(troubled, "retry"))
    assert statuses(troubled)["bad"] == "PREPARED"


@pytest.mark.parametrize("day", ["0001-01-01", "0202-11-02", "9999-12-31"])
def test_a_day_at_the_edge_of_the_calendar_is_refused(finance, account, contract, day):
    """What a browser sends while the year is only half typed."""
    owe(make_partner(contract, **BUSINESS), 5_000)
    bulk_payout = new_bulk(finance, method="DIRECT")
    generate_payouts(bulk_payout=bulk_payout, actor=ACTOR)
    assert press(finance, act(bulk_payout, "paid"), paid_on=day).status_code == 422
    assert press(finance, act(bulk_payout, "invoices"), write_date=day).status_code == 422
    assert not Payout.objects.filter(status="SUCCEEDED").exists()
