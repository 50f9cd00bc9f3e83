"""Amounts that are typed and grouped on the way, in a real Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD, assemble

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def supply(page: Page, live_server):
    """공급가액 of the first line of a new tax invoice."""
    assemble()
    address = f"{live_server.url}/console/market-a/live/invoices/+new"
    page.goto(address)
    page.fill("#email", "owner@a.example")
    page.fill("#password", PASSWORD)
    page.click("button.primary")
    page.wait_for_url(address)
    return page.locator("invoice-lines .of-supply input").first


def test_digits_typed_inside_an_amount_stay_where_they_are_typed(supply):
    supply.press_sequentially("1284000")
    expect(supply).to_have_value("1,284,000")
    supply.press("Home")
    for _ in range(len("1,28")):
        supply.press("ArrowRight")
    supply.press("Backspace")
    supply.press_sequentially("95")
    expect(supply).to_have_value("12,954,000")
