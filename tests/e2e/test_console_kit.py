"""The kit in a real Chromium: htmx, elements, keyboard, and a policy nothing violates."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from core.jobs.models import Job
from tests.cast import PASSWORD, assemble
from tests.console.conftest import jobs

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def base(live_server):
    jobs(assemble().live, 120)
    return f"{live_server.url}/console/market-a/live/"


def come_in(page: Page, address: str) -> None:
    page.goto(address)
    page.fill("#email", "owner@a.example")
    page.fill("#password", PASSWORD)
    page.click("button.primary")
    page.wait_for_url(address)


@pytest.fixture
def at_jobs(page, base):
    come_in(page, base + "jobs")
    return page


def first_row(page: Page):
    return page.locator("tbody tr").first


def test_sorting_and_paging_change_the_address_and_back_undoes_them(at_jobs):
    page = at_jobs
    expect(first_row(page)).to_contain_text("작업 120")
    page.get_by_role("link", name="다음").click()
    expect(first_row(page)).to_contain_text("작업 70")
    assert page.url.endswith("?page=2")
    page.go_back()
    expect(first_row(page)).to_contain_text("작업 120")
    page.get_by_role("link", name=re.compile("^완료")).last.click()
    expect(page.locator("th[aria-sort=descending]")).to_have_count(1)


def test_a_row_opens_beside_the_list_and_closes_with_escape(at_jobs):
    page = at_jobs
    first_row(page).locator("td").nth(2).click()
    panel = page.locator("side-panel")
    expect(panel).to_contain_text("job-00120")
    assert page.url.endswith("/jobs")
    page.keyboard.press("Escape")
    expect(panel).not_to_contain_text("job-00120")
    expect(first_row(page).locator("a")).to_be_focused()


def test_the_keyboard_walks_rows(at_jobs):
    page = at_jobs
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tr.is-current")).to_contain_text("작업 119")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator("side-panel")).to_contain_text("job-00120")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()


def test_the_bell_opens_to_what_waits(at_jobs):
    page = at_jobs
    page.get_by_text("알림", exact=True).click()
    expect(page.locator("#bell-list")).to_contain_text("지금 기다리는 일이 없습니다.")


def test_every_shortcut_is_listed(at_jobs):
    page = at_jobs
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("행 선택")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.get_by_text("엑셀 (XLSX)")).to_be_focused()


def test_columns_are_chosen_and_stay(at_jobs, base):
    page = at_jobs
    page.locator("summary", has_text="표 설정").click()
    page.get_by_label("단계").uncheck()
    page.locator("column-list").get_by_role("button", name="위로").nth(1).click()
    page.locator("column-list ~ p button").click()
    heads = page.locator("thead th")
    expect(heads.first).to_contain_text("상태")
    page.goto(base + "jobs")
    expect(heads.first).to_contain_text("상태")
    expect(page.locator("thead")).not_to_contain_text("단계")


def test_progress_moves_without_a_reload_and_stops(at_jobs, base):
    page = at_jobs
    Job.objects.filter(public_id="job-00001").update(
        status="RUNNING", total_count=200, done_count=50, started_at="2026-11-01T00:00Z"
    )
    page.goto(base + "jobs/job-00001")
    expect(page.locator(".progress-box")).to_contain_text("완료 50건")
    Job.objects.filter(public_id="job-00001").update(done_count=150)
    expect(page.locator(".progress-box")).to_contain_text("완료 150건")
    Job.objects.filter(public_id="job-00001").update(
        status="SUCCEEDED", finished_at="2026-11-01T00:01Z", done_count=200
    )
    expect(page.locator(".progress-box .badge")).to_have_text("완료")
    assert page.locator(".progress-box[hx-trigger]").count() == 0


def test_a_phone_shows_everything_within_its_width(phone, base):
    come_in(phone, base)
    for path in ("", "jobs", "events", "secrets", "members", "brand", "me", "me/otp", "mailbox"):
        phone.goto(base + path)
        wide = phone.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, path
    phone.locator(".nav-button").click()
    expect(phone.get_by_role("link", name="감사")).to_be_visible()


def test_preferences_are_there_at_once_on_the_next_page(at_jobs, base):
    page = at_jobs
    page.get_by_text("오나").click()
    page.get_by_role("button", name="어둡게").click()
    page.goto(base)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == "rgb(22, 25, 27)"


def test_everything_works_without_scripts(browser, base):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    come_in(page, base + "jobs?tab=SUCCEEDED")
    expect(first_row(page)).to_contain_text("작업 120")
    page.get_by_role("link", name="다음").click()
    expect(first_row(page)).to_contain_text("작업 70")
    first_row(page).locator("a").click()
    expect(page.locator("h1")).to_have_text("작업 70")
    context.close()


def test_a_watched_job_goes_on_after_requests_that_failed(page, base):
    """One look that failed while the server restarted, and the page stood still for ever."""
    Job.objects.filter(public_id="job-00120").update(status="RUNNING")
    failures = iter(["offline", "restarting"])

    def fail(route):
        kind = next(failures, "")
        if kind == "offline":
            route.abort()
        elif kind == "restarting":
            route.fulfill(status=502, body="<h1>Bad Gateway</h1>")
        else:
            route.continue_()

    page.route("**/jobs/job-00120/progress", fail)
    come_in(page, base + "jobs/job-00120")
    state = page.locator("#progress-job-00120 p").first
    expect(state).to_contain_text("진행 중")
    Job.objects.filter(public_id="job-00120").update(status="SUCCEEDED")
    expect(state).to_contain_text("완료", timeout=25_000)
