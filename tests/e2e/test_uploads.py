"""A file with wrong rows in a real Chromium: check, register, fix, register the rest."""

from __future__ import annotations

from pathlib import Path
from threading import Thread
from time import sleep

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from core.jobs.models import Job
from core.jobs.services import run_job
from settlements.models import Transfer
from tests.cast import assemble
from tests.e2e.test_console_kit import come_in
from tests.settlements.factories import make_contract, make_partner
from tests.settlements.upload.samples import ORDER, csv_file, row

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def base(live_server) -> str:
    make_partner(make_contract(assemble().live))
    return f"{live_server.url}/console/market-a/live/"


@pytest.fixture
def worker():
    """Runs what waits, as the worker does."""
    stop: list[bool] = []

    def work() -> None:
        while not stop:
            for job in Job.objects.filter(status="WAITING"):
                run_job(job.pk)
            sleep(0.2)
        connection.close()

    thread = Thread(target=work)
    thread.start()
    yield
    stop.append(True)
    thread.join()


@pytest.fixture
def file(tmp_path: Path) -> str:
    wrong = [row(결제ID=f"p{n}", 파트너ID="sellr") for n in (2, 3)]
    path = tmp_path / "10월 주문.csv"
    path.write_bytes(csv_file([ORDER, *wrong, row(결제ID="p4", 단가="만원")]).getvalue())
    return str(path)


def bring(page: Page, base: str, file: str) -> None:
    come_in(page, f"{base}uploads/+new")
    page.locator("[name=file]").set_input_files(file)
    expect(page.locator(".file-name")).to_contain_text("10월 주문.csv")
    page.get_by_role("button", name="올려서 검사").click()


def test_wrong_rows_are_fixed_and_registered_beside_the_right_ones(page, base, file, worker):
    bring(page, base, file)
    page.get_by_role("button", name="1건 17,800원 등록").click(timeout=30_000)
    expect(page.get_by_role("link", name="정산건 1건 보기")).to_be_visible(timeout=30_000)

    page.get_by_role("link", name="반려된 행 고치기").click()
    page.get_by_label("파트너 ID sellr 바꿀 값").fill("seller")
    page.locator("fieldset", has_text="5행").get_by_label("단가").fill("5,000")
    page.get_by_role("button", name="반려된 3행 다시 검사").click()
    page.get_by_role("button", name="3건 44,500원 등록").click(timeout=30_000)
    page.get_by_role("link", name="정산건 3건 보기").click(timeout=30_000)

    expect(page.locator("tbody tr")).to_have_count(3)
    assert Transfer.objects.count() == 4


def test_a_phone_follows_the_list_and_the_result(phone, base, file, worker):
    bring(phone, base, file)
    button = phone.get_by_role("button", name="1건 17,800원 등록")
    expect(button).to_be_visible(timeout=30_000)
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    button.click()
    expect(phone.get_by_role("link", name="정산건 1건 보기")).to_be_visible(timeout=30_000)
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    for path in ("uploads", "uploads/+new", "uploads/+mappings"):
        phone.goto(base + path)
        assert phone.evaluate("document.documentElement.scrollWidth") == 390


def test_everything_works_without_scripts(browser, base, file, worker):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    come_in(page, f"{base}uploads/+new")
    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name="올려서 검사").click()
    page.get_by_role("button", name="1건 17,800원 등록").click(timeout=30_000)
    expect(page.get_by_role("link", name="정산건 1건 보기")).to_be_visible(timeout=30_000)
    context.close()


def test_words_of_a_marketplace_are_confirmed_and_the_rest_is_left_out(
    page, base, tmp_path, worker
):
    rows = [
        ["결제완료", "m-1", "S-001", "20,000"],
        ["환불", "m-1", "S-001", "5,000"],
        ["결제대기", "m-2", "S-001", "700"],
    ]
    path = tmp_path / "10월 주문.csv"
    header = ["주문상태", "주문번호", "판매자코드", "결제금액"]
    path.write_bytes(csv_file(rows, header).getvalue())
    bring(page, base, str(path))
    expect(page.get_by_label("「환불」의 뜻")).to_have_value("ORDER_CANCEL")
    expect(page.get_by_label("「결제대기」의 뜻")).to_have_value("LEAVE_OUT")
    page.get_by_label("「S-001」의 뜻").fill("seller")
    page.get_by_role("button", name="이 열로 검사").click()
    expect(page.get_by_text("설정대로 뺀 행")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="2건").click()
    expect(page.get_by_role("link", name="정산건 2건 보기")).to_be_visible(timeout=30_000)
    amounts = Transfer.objects.order_by("pk").values_list("type", "order_amount")
    assert list(amounts) == [("ORDER", 20_000), ("ORDER_CANCEL", 5_000)]
