"""Lists as a person and a program see them, with few transfers behind them and with many."""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Callable
from statistics import median
from urllib.parse import quote

from django.test import Client

from core.companies.models import Role, Workspace
from core.companies.services import add_member, create_api_secret
from tests.bench import market, report, stage
from tests.bench.filling import fill_transfers

SIZES, ROUNDS = (100_000, 1_000_000), 7
DAYS = 730
HOST = "127.0.0.1"
Page = Callable[[], bytes]


def run(options: argparse.Namespace) -> None:
    workspace = market.open_market("lists")
    grid, api = _console(workspace, "transfers"), _api(workspace)
    found: dict[int, dict[str, float]] = {}
    sizes = sorted(options.rows or SIZES)
    for count in sizes:
        stage.empty("settlements_transfer", "settlements_partnersettlement")
        fill_transfers(workspace, count, days=DAYS, paid_out=count * 9 // 10)
        pages = _pages(grid, api)
        found[count] = {
            name: _milliseconds(page, options.rounds or ROUNDS) for name, page in pages.items()
        }
    small, large = sizes[0], sizes[-1]
    report.heading(f"Lists over {large:,} transfers beside {small:,} (aim ≤ 2.0×)")
    for name in found[large]:
        before, after = found[small][name], found[large][name]
        report.line(name, f"{before:7.1f} ms", f"{after:7.1f} ms", f"{after / before:.2f}×")


def _pages(
    grid: Callable[[str], bytes], api: Callable[[dict[str, object]], bytes]
) -> dict[str, Page]:
    deep = _address(grid, pages=20)
    partner = {"filter": {"keyword": {"partnerId": "shop-7"}}}
    return {
        "console: transfers of 90 days": lambda: grid(""),
        "console: all transfers": lambda: grid("?period=all"),
        "console: one status": lambda: grid("?period=all&tab=IN_PROCESS"),
        "console: a partner searched": lambda: grid("?period=all&q=shop-7"),
        "console: a payment searched": lambda: grid("?period=all&q=pay-4242"),
        "console: 20 pages on": lambda: grid(deep),
        "API: transfer summaries": lambda: api({}),
        "API: summaries of a partner": lambda: api(partner),
        "API: summaries, page 1,000": lambda: api({"page": {"number": 1000, "size": 10}}),
    }


def _address(grid: Callable[[str], bytes], pages: int) -> str:
    """Where the list's own links lead after so many pages."""
    address = "?period=all"
    for _ in range(pages):
        link = re.search(rb'rel="next" href="(\?[^"]*)"', grid(address))
        if not link:
            raise LookupError("the list has no next page")
        address = link[1].decode().replace("&amp;", "&")
    return address


def _console(workspace: Workspace, page: str) -> Callable[[str], bytes]:
    member = add_member(
        company=workspace.company,
        email="bench@example.com",
        name="측정",
        role=Role.ADMIN,
        password="bench bench bench",
    )
    client = Client(SERVER_NAME=HOST)
    client.force_login(member.user)
    base = f"/console/{workspace.company.slug}/live/{page}"
    return lambda query: _content(client.get(base + query))


def _api(workspace: Workspace) -> Callable[[dict[str, object]], bytes]:
    _, secret = create_api_secret(company=workspace.company, name="측정")
    client = Client(SERVER_NAME=HOST, headers={"Authorization": f"PortOne {secret}"})
    path = "/platform/transfer-summaries?requestBody="
    return lambda body: _content(client.get(path + quote(json.dumps(body))))


def _content(response: object) -> bytes:
    status, content = response.status_code, response.content  # type: ignore[attr-defined]
    if status != 200:
        raise RuntimeError(f"{status}: {content[:300].decode()}")
    return bytes(content)


def _milliseconds(page: Page, rounds: int) -> float:
    page()
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        page()
        seconds.append(time.perf_counter() - start)
    return median(seconds) * 1000
