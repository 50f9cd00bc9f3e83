"""A real Chromium. A page that breaks its own security policy, or throws, fails its test."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.browser import chromium_path

NO_BROWSER = "NO CHROMIUM: set CHROMIUM or, as root, apt-get install -y chromium"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

# playwright keeps an event loop in this thread, where Django would refuse every query
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = chromium_path()
    if executable is None:
        pytest.skip(NO_BROWSER)
    with sync_playwright() as playwright:
        # --no-sandbox: Chromium's own sandbox does not start as root
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    yield from _page(browser, DESKTOP)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    yield from _page(browser, PHONE)


def _page(browser: Browser, size: dict[str, int]) -> Iterator[Page]:
    context = browser.new_context(viewport=size, locale="ko-KR", timezone_id="Asia/Seoul")
    page, problems = context.new_page(), list[str]()
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.extend(_violation(message)))
    yield page
    context.close()
    assert problems == []


def _violation(message: ConsoleMessage) -> list[str]:
    """A refused form or a missing page is also printed as an error, and is none."""
    broken = message.type == "error" and "Content Security Policy" in message.text
    return [message.text] if broken else []
