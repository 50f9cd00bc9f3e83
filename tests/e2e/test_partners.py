"""A contract, a partner, a file and a planned change, by mouse and keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from core.jobs.models import Job
from core.jobs.services import run_job
from partners import services
from partners.models import Contract, Partner
from tests.cast import PASSWORD, assemble
from tests.e2e.test_way_in import log_in
from tests.partners.test_imports import HEADER, SHOP, WRITER

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def own_sandbox(settings, tmp_path):
    settings.SANDBOX_DIR = tmp_path


def come_in(page: Page, address: str) -> str:
    assemble()
    log_in(page, address, PASSWORD)
    home = f"{address}/console/market-a/live"
    expect(page).to_have_url(f"{home}/")
    return home


def make_contract(page: Page, home: str) -> None:
    page.goto(f"{home}/contracts/+new")
    page.get_by_label("아이디").fill("basic")
    page.get_by_label("이름").fill("기본")
    page.get_by_label("수수료율 (%)").fill("12.5")
    page.get_by_label("날짜 (매월)").fill("15, 31")
    page.get_by_label("지체일 (일)").fill("2")
    page.get_by_role("button", name="계약 만들기").click()
    expect(page.get_by_text("매월").first).to_be_visible()


def test_only_fields_of_the_chosen_kind_are_seen(page, live_server):
    home = come_in(page, live_server.url)
    page.goto(f"{home}/contracts/+new")
    expect(page.get_by_label("수수료율 (%)")).to_be_visible()
    page.get_by_label("정액", exact=True).check()
    expect(page.get_by_label("수수료율 (%)")).to_be_hidden()
    page.get_by_label("매주").check()
    expect(page.get_by_label("날짜 (매월)")).to_be_hidden()
    expect(page.get_by_label("금", exact=True)).to_be_visible()
    page.goto(f"{home}/partners/+new")
    page.get_by_label("원천징수 대상자").check()
    expect(page.get_by_label("사업자등록번호")).to_be_hidden()
    expect(page.get_by_label("생년월일")).to_be_visible()


def test_a_partner_from_form_to_another_account(page, live_server):
    home = come_in(page, live_server.url)
    make_contract(page, home)
    page.goto(f"{home}/partners/+new")
    page.get_by_label("아이디").fill("shop")
    page.get_by_label("이름", exact=False).first.fill("초록상회")
    page.get_by_label("기본 계약").select_option(label="기본")
    page.get_by_label("사업자등록번호").fill("314-86-01237")
    page.get_by_role("button", name="등록번호로 사업자 정보 채우기").click()
    expect(page.get_by_label("상호")).to_have_value("상회 01237")
    page.get_by_label("은행").select_option(label="국민은행")
    page.get_by_label("계좌번호").fill("004-12-345678")
    page.get_by_label("예금주").fill("김초록")
    page.get_by_label("담당자명").fill("김초록")
    page.get_by_label("담당자 이메일").fill("shop@example.com")
    page.get_by_role("button", name="파트너 등록").click()
    expect(page.get_by_text("지금은 이 파트너에게 지급되지 않습니다.")).to_be_visible()
    page.get_by_role("button", name="지금 다시 조회").click()
    expect(page.get_by_text("지금은 이 파트너에게 지급되지 않습니다.")).to_have_count(0)

    page.get_by_role("button", name="번호 보기").click()
    page.get_by_label("열람 사유").fill("문의 답변")
    page.get_by_role("button", name="계좌번호 1건 보기").click()
    expect(page.get_by_text("00412345678")).to_be_visible()

    page.goto(f"{home}/partners/shop/edit")
    page.get_by_label("계좌번호").fill("004-99-999999")
    page.get_by_role("button", name="바뀔 내용 확인").click()
    expect(page.get_by_text("지급되지 않습니다")).to_be_visible()
    page.get_by_role("button", name="항목 변경 저장").click()
    expect(page.get_by_role("columnheader", name="버전 2")).to_be_visible()
    assert Partner.objects.get().account_status == "NOT_VERIFIED"


def test_a_file_is_seen_before_it_is_registered(page, live_server):
    home = come_in(page, live_server.url)
    make_contract(page, home)
    page.goto(f"{home}/partners/+file")
    content = "\n".join([HEADER, SHOP, WRITER]).encode("cp949")
    page.set_input_files(
        "[name=file]", {"name": "파트너.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="파일 확인").click()
    expect(page).to_have_url(re.compile(r"/partners/\+file/job-"))
    job = Job.objects.get()
    assert page.url == f"{home}/partners/+file/{job.public_id}"
    run_job(job.pk)
    page.get_by_role("button", name="파트너 2곳 등록·변경").click()
    expect(page.get_by_text("등록을 시작했습니다")).to_be_visible()
    run_job(Job.objects.get(kind="partners.import").pk)
    assert Partner.objects.count() == 2


def test_a_planned_change_on_a_phone(phone, live_server):
    home = come_in(phone, live_server.url)
    make_contract(phone, home)
    phone.goto(f"{home}/contracts/basic/edit")
    phone.get_by_label("수수료율 (%)").fill("9")
    phone.get_by_label("적용 시각").fill("2099-01-01T00:00")
    phone.get_by_role("button", name="바뀔 내용 확인").click()
    phone.get_by_role("button", name="항목 변경 예약").click()
    expect(phone.get_by_text("2099-01-01 00:00에 적용될 변경이 예약")).to_be_visible()
    services.apply_due_schedules()
    assert Contract.objects.get().fee_rate == 12_500
    wide = phone.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide
