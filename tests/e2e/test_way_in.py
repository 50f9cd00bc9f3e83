"""The way in, by mouse and keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD, assemble

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def log_in(page: Page, address: str, password: str) -> None:
    page.goto(f"{address}/console/")
    page.locator("[name=email]").fill("finance@a.example")
    page.locator("[name=password]").fill(password)
    page.keyboard.press("Enter")


def test_a_member_comes_in(page, live_server):
    assemble()
    log_in(page, live_server.url, PASSWORD)
    expect(page).to_have_url(f"{live_server.url}/console/market-a/live/")
    expect(page.get_by_text("마켓 A").first).to_be_visible()


def test_a_wrong_password_stays_outside(page, live_server):
    assemble()
    log_in(page, live_server.url, "not it")
    expect(page.locator("[name=password]")).to_be_visible()
    page.goto(f"{live_server.url}/console/market-a/live/")
    expect(page).to_have_url(f"{live_server.url}/console/login?next=/console/market-a/live/")


def test_a_stranger_finds_nothing(page, live_server):
    assemble()
    log_in(page, live_server.url, PASSWORD)
    expect(page).to_have_url(f"{live_server.url}/console/market-a/live/")
    response = page.goto(f"{live_server.url}/console/market-b/live/")
    assert response is not None
    assert response.status == 404
