"""The settlement pages in a real Chromium: side panel, holding with a reason, live formulas."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from core.jobs.models import Job
from core.jobs.services import run_job
from settlements.models import CalculatorVersion, PartnerSettlement, Transfer
from settlements.services import register_order, settle_due
from tests.cast import assemble
from tests.e2e.test_console_kit import come_in
from tests.settlements.factories import (
    ACTOR,
    make_contract,
    make_order,
    make_partner,
    order_input,
)

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
DAY = date(2023, 8, 31)


@pytest.fixture
def base(live_server) -> str:
    live = assemble().live
    partner = make_partner(make_contract(live))
    register_order(workspace=live, actor=ACTOR, order=order_input(amount=9_999))
    make_order(partner, DAY, 50_000, order_name="사과 한 상자")
    settle_due(workspace=live, actor=ACTOR, as_of=DAY)
    return f"{live_server.url}/console/market-a/live/"


def test_an_amount_explains_itself_beside_the_list(page: Page, base):
    come_in(page, f"{base}transfers?period=all&q=seller&sort=id")
    page.locator(".row-link").last.click()

    panel = page.locator("side-panel")
    expect(panel).to_contain_text("왜 이 금액?")
    expect(panel.locator(".formula-steps")).to_contain_text("999.9")


def test_holding_repeats_count_and_sum_and_asks_why(page: Page, base):
    come_in(page, f"{base}settlements?period=all")
    page.locator("tbody [data-pick]").check()
    page.get_by_role("button", name="지급 보류").click()
    sheet = page.get_by_role("dialog", name="지급 보류")
    expect(sheet).to_contain_text("53,401")
    sheet.get_by_label("사유").fill("소명 대기")
    sheet.get_by_role("button", name="1건 53,401원 지급 보류").click()

    expect(page.get_by_text("지급을 보류했습니다")).to_be_visible()
    assert PartnerSettlement.objects.get().status == "PAYOUT_WITHHELD"


def test_formulas_are_checked_and_tried_while_they_are_written(page: Page, base):
    come_in(page, f"{base}calculator/edit")
    result = page.locator("#trial-result")
    expect(result.locator(".trial-total")).to_contain_text("8,900")

    settlement = page.locator("[data-formula=settlement]")
    settlement.locator("textarea").fill("ORDER_AMOUNT - NOTHING")
    expect(result.locator("mark")).to_have_text("NOTHING")

    settlement.locator("textarea").fill("ORDER_AMOUNT - ")
    settlement.locator("summary").click()
    settlement.locator("[data-insert=PLATFORM_FEE_AMOUNT]").click()
    expect(result.locator(".trial-total")).to_contain_text("9,000")
    assert not CalculatorVersion.objects.exists()

    page.get_by_role("button", name="수식 저장").click()
    page.wait_for_url(f"{base}calculator")
    version = CalculatorVersion.objects.get()
    formula = version.content["settlementFormula"]["settlement"]["formula"]
    assert formula == "ORDER_AMOUNT - PLATFORM_FEE_AMOUNT"


def test_an_added_formula_is_kept_when_it_is_tried_before_it_is_saved(page: Page, base):
    come_in(page, f"{base}calculator/edit")
    page.get_by_text("수식 추가").first.click()
    added = page.locator(".formula-new")
    added.get_by_label("이름").fill("보너스")
    added.get_by_label("키").fill("BONUS")
    added.get_by_label("새 수식 수식").fill("ORDER_AMOUNT * 0.005")

    for _ in range(2):
        page.get_by_role("button", name="계산하기").click()
        kept = page.locator("[data-formula=BONUS] textarea")
        expect(kept).to_have_value("ORDER_AMOUNT * 0.005")
        expect(added.get_by_label("키")).to_have_value("")
    page.get_by_role("button", name="수식 저장").click()
    page.wait_for_url(f"{base}calculator")

    [saved] = CalculatorVersion.objects.get().content["settlementFormula"]["userDefined"]
    assert (saved["key"], saved["formula"]) == ("BONUS", "ORDER_AMOUNT * 0.005")


def test_names_are_offered_while_a_formula_is_typed(page: Page, base):
    come_in(page, f"{base}calculator/edit")
    fee = page.locator("[data-formula=platformFee]")
    text = fee.locator("textarea")

    text.fill("")
    text.press_sequentially("주문")
    expect(fee.get_by_role("option").first).to_contain_text("주문 금액")
    text.press("Enter")
    text.press_sequentially(" * 정률")
    text.press("Tab")
    expect(text).to_have_value("ORDER_AMOUNT * FIXED_RATE")
    expect(fee.locator(".formula-chips .chip")).to_have_text(["주문 금액", "정률"])

    text.press_sequentially(" + @고정")
    expect(fee.get_by_role("listbox")).to_be_hidden()
    text.press_sequentially(" + @정액")
    expect(fee.get_by_role("option")).to_have_count(1)
    text.press("Escape")
    expect(fee.get_by_role("listbox")).to_be_hidden()
    expect(text).to_have_value("ORDER_AMOUNT * FIXED_RATE + @고정 + @정액")


def test_a_draft_is_run_over_past_orders_and_told_order_by_order(page: Page, base):
    come_in(page, f"{base}calculator/edit")
    settlement = page.locator("[data-formula=settlement] textarea")
    settlement.fill("ORDER_AMOUNT - PLATFORM_FEE_AMOUNT")
    page.get_by_role("button", name="지난 주문에 돌려 보기").click()
    expect(page.get_by_text("어느 달에 돌려 볼까요?")).to_be_visible()

    page.get_by_label("첫 달").select_option("2023-08")
    page.get_by_label("마지막 달").select_option("2023-08")
    page.get_by_role("button", name="지난 주문에 돌려 보기").click()
    expect(page.get_by_text("대기").first).to_be_visible()
    run_job(Job.objects.get(kind="settlements.simulation").pk)

    # The page asks by itself and becomes the result: 99 won of VAT of 9,999 won, 500 of 50,000.
    partners = page.locator("#grid tbody")
    expect(partners).to_contain_text("599", timeout=10_000)
    page.locator(".row-link").first.click()
    panel = page.locator("side-panel")
    expect(panel).to_contain_text("차이가 큰 정산건")
    panel.locator("tbody .code a").first.click()
    expect(page.get_by_role("heading", name="지금 왜 이 금액?")).to_be_visible()
    expect(page.get_by_role("heading", name="초안 왜 이 금액?")).to_be_visible()
    assert not CalculatorVersion.objects.exists()


def test_an_order_of_two_lines_is_entered_and_one_piece_of_it_cancelled(page: Page, base):
    come_in(page, f"{base}transfers")
    page.get_by_text("정산건 등록").first.click()
    page.get_by_role("link", name="주문 등록", exact=True).click()
    page.get_by_label("파트너", exact=False).first.press_sequentially("sell")
    expect(page.locator("#partners option[value=seller]")).to_have_count(1)
    page.locator("#id_partner").fill("seller")
    page.locator("#id_payment_id").fill("pay-by-hand")
    page.get_by_label("상품별로").check()
    page.locator("[name=line-1-product_id]").fill("apple")
    page.locator("[name=line-1-unit_price]").fill("1,000")
    page.locator("[name=line-1-quantity]").fill("3")

    page.get_by_role("button", name="상품 추가").press("Enter")
    expect(page.locator("[name=line-2-product_id]")).to_be_focused()
    page.keyboard.type("pear")
    page.locator("[name=line-2-unit_price]").fill("500")
    page.locator("[name=line-2-quantity]").fill("2")
    page.get_by_role("button", name="상품 추가").press("Enter")
    page.get_by_role("button", name="상품 3 빼기").press("Enter")
    expect(page.get_by_role("button", name="상품 추가")).to_be_focused()
    expect(page.locator("[name=line-1-product_id]")).to_have_value("apple")
    page.get_by_role("button", name="결과 확인").last.click()

    page.get_by_role("button", name="3,560원 주문 등록").click()
    expect(page.get_by_text("3,560원 등록을 마쳤습니다.")).to_be_visible()
    order = Transfer.objects.get(payment_id="pay-by-hand")
    assert (order.order_amount, order.settlement_amount) == (4_000, 3_560)

    page.get_by_role("link", name="주문 취소").click()
    result = page.locator("#cancel-result")
    expect(result.locator(".trial-total")).to_contain_text("−3,560")
    page.get_by_label("상품·수량 취소").check()
    page.locator("[name=line-0-quantity]").fill("4")
    expect(result).to_contain_text("지금 취소할 수 있는 수량은 3개입니다.")
    page.locator("[name=line-0-quantity]").fill("1")
    result.get_by_role("button", name="−890원 주문 취소 등록").click()

    expect(page.get_by_text("−890원 주문 취소 등록을 마쳤습니다.")).to_be_visible()
    assert [each.order_amount for each in order.cancels.all()] == [1_000]


@pytest.mark.parametrize(
    "path",
    [
        "transfers",
        "transfers/+order",
        "settlements",
        "calculator",
        "calculator/edit",
        "simulations",
    ],
)
def test_pages_fit_a_phone(phone: Page, base, path):
    come_in(phone, f"{base}{path}")
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
