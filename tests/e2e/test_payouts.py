"""A month's money in a real Chromium: one person makes it, another lets it go on a phone."""

from __future__ import annotations

import pyotp
import pytest
from playwright.sync_api import Page, expect

from core import clock, crypto
from core.sandbox import Journal
from payouts.models import BulkPayout, Payout
from payouts.rails import RAILS
from payouts.rails.sandbox import SandboxBank
from payouts.services import drain, import_deposits, open_funding_account
from tests.cast import PASSWORD, Cast, assemble
from tests.payouts.factories import ACTOR, make_partner, owe
from tests.settlements.factories import make_contract

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SECRET = pyotp.random_base32()


@pytest.fixture
def cast(db) -> Cast:
    return assemble()


@pytest.fixture
def base(live_server, cast, tmp_path, monkeypatch) -> str:
    bank = SandboxBank(Journal(tmp_path / "bank.sqlite3"))
    monkeypatch.setitem(RAILS, "sandbox", lambda: bank)
    account = open_funding_account(
        workspace=cast.live,
        actor=ACTOR,
        name="지급 계좌",
        bank="SHINHAN",
        account_number="110123456789",
        holder="마켓 A",
    )
    bank.deposit("110123456789", 10_000_000, "토스페이먼츠")
    import_deposits(account=account, actor=ACTOR)
    contract = make_contract(cast.live)
    owe(make_partner(contract, "a", name="가게"), 1_284_000, -84_000)
    owe(make_partner(contract, "b", name="나게"), 300_000)
    owe(make_partner(contract, "c", name="다게"), -5_000)
    owe(make_partner(contract, "bad", ending="999412", name="막힌 가게"), 70_000)
    cast.owner.user.totp_secret_encrypted = crypto.encrypt(SECRET)
    cast.owner.user.save()
    return f"{live_server.url}/console/market-a/live"


def come_in(page: Page, address: str, email: str) -> None:
    page.goto(address)
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.click("button.primary")
    page.wait_for_url(address)


def make_one(page: Page, base: str) -> None:
    """Select all but one partner, check, generate."""
    come_in(page, f"{base}/bulk-payouts/+new", "finance@a.example")
    page.get_by_label("이름").fill("10월 지급")
    page.get_by_role("button", name="정산 내역 고르러 가기").click()
    page.get_by_role("button", name="나게 선택 해제").click()
    expect(page.locator(".running-sum")).to_contain_text("1,265,000")
    page.get_by_role("link", name="4건 사전점검").click()
    expect(page.locator(".lead-sum")).to_contain_text("2건 1,270,000원")
    expect(page.get_by_text("음수라 다음 지급에서 상계")).to_be_visible()
    page.get_by_role("button", name="2건 1,270,000원 지급 생성").click()
    expect(page.get_by_text("지급 2건 1,270,000원을 생성했습니다")).to_be_visible()


def ask(page: Page) -> str:
    page.get_by_role("link", name="승인 요청").click()
    sheet = page.get_by_role("dialog", name="승인 요청")
    expect(sheet).to_contain_text("8,730,000원")
    sheet.get_by_role("button", name="2건 1,270,000원 지급 승인 요청").click()
    page.wait_for_url("**/approvals/*")
    expect(page.get_by_text("요청한 사람은 승인할 수 없습니다")).to_be_visible()
    return page.url


def test_two_people_pay_a_month_the_second_on_a_phone(
    page: Page, phone: Page, base, cast, settings
):
    settings.PAYOUT_RECALL_SECONDS = 30
    make_one(page, base)
    approval = ask(page)

    come_in(phone, approval, "owner@a.example")
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    expect(phone.locator(".approval-sum")).to_contain_text("1,270,000")
    button = phone.get_by_role("button", name="2건 1,270,000원 지급 승인")
    phone.get_by_label("OTP 번호").fill("000000")
    button.click()
    expect(phone.get_by_text("OTP 번호가 맞지 않거나")).to_be_visible()
    phone.get_by_label("OTP 번호").fill(pyotp.TOTP(SECRET).at(clock.now()))
    button.click()

    expect(phone.locator("#progress")).to_contain_text("초 뒤에 이체를 시작합니다")
    expect(phone.get_by_role("link", name="2건 1,270,000원 되돌리기")).to_be_visible()
    drain(workspace=cast.live)
    expect(phone.locator("#progress")).to_contain_text("1건은 지급되지 않았습니다")
    expect(phone.locator("#progress")).to_contain_text("계좌번호 없음")
    paid = Payout.objects.filter(status="SUCCEEDED").values_list("amount", flat=True)
    assert list(paid) == [1_200_000]

    page.goto(f"{base}/payouts/{Payout.objects.get(status='SUCCEEDED').public_id}")
    expect(page.locator(".breakdown")).to_contain_text("−84,000")
    assert BulkPayout.objects.get().status == "COMPLETED"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "bulk-payouts",
        "bulk-payouts/+new",
        "approvals",
        "payouts",
        "account-transfers",
        "account-transfers/+unknown",
        "accounts",
        "accounts/+new",
    ],
)
def test_pages_fit_a_phone(phone: Page, base, path):
    come_in(phone, f"{base}/{path}", "finance@a.example")
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
