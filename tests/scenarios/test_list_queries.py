"""Every list of the console after a whole month: its queries, however many rows it shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse

from config.closing.month import MonthFiles, close_month
from config.closing.people import crew_of
from config.demo import company as demo
from config.demo.month import write_month
from core.companies.access import workspace_of
from core.console.grid import paging

pytestmark = pytest.mark.django_db(transaction=True)
FEW, MANY = 2, 40
QUERIES = {
    "console:events": 9,
    "console:jobs": 10,
    "console:messages": 10,
    "console:webhook_deliveries": 11,
    "invoices:bulks": 11,
    "invoices:counterparties": 10,
    "invoices:invoices": 11,
    "partners:additional_fees": 10,
    "partners:checks": 11,
    "partners:contracts": 10,
    "partners:discount_shares": 10,
    "partners:partners": 12,
    "payouts:approvals": 10,
    "payouts:bulks": 12,
    "payouts:payouts": 13,
    "payouts:statement_templates": 10,
    "payouts:statements": 13,
    "payouts:transfers": 12,
    "payouts:unknown": 9,
    "settlements:settlements": 15,
    "settlements:simulations": 9,
    "settlements:transfers": 16,
    "settlements:upload_mappings": 9,
    "settlements:uploads": 10,
}
"""Session, user, member, company, workspace, bell, the count, the rows and what they show."""


@pytest.fixture
def client(tmp_path, installation_bank) -> Client:
    """The owner of a market whose month is over."""
    market = demo.open_company()
    workspace = workspace_of(market.company, test=False)
    demo.set_up(workspace)
    files = write_month(tmp_path, month=date(2026, 8, 1), orders=80, partners=12, seed=7)
    close_month(
        workspace=workspace,
        crew=crew_of(market.company),
        files=MonthFiles(files.contracts, files.partners, files.orders, files.as_of),
        say=lambda stage: None,
    )
    client = Client()
    client.force_login(market.company.members.get(role="OWNER").user)
    return client


def names(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from names(pattern, space)
        elif pattern.name:
            yield f"{prefix}{pattern.name}"


def pages() -> Iterator[tuple[str, str]]:
    """Every page of the console that needs no row."""
    place = {"company_slug": "demo", "environment": "live"}
    for name in sorted(set(names(get_resolver()))):
        try:
            yield name, reverse(name, kwargs=place)
        except NoReverseMatch:
            continue


def shown(client: Client, url: str) -> tuple[int, int] | None:
    """Rows on the page and queries it took; None when it is not a list."""
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    if response.status_code != 200 or not response.context or "grid" not in response.context:
        return None
    return len(response.context["grid"].page.rows), len(queries)


def test_lists_take_the_same_queries_for_few_rows_and_many(client, monkeypatch):
    taken = {}
    for name, url in pages():
        monkeypatch.setattr(paging, "SIZES", (FEW,))
        few = shown(client, url)
        if few is None:
            continue
        monkeypatch.setattr(paging, "SIZES", (MANY,))
        many = shown(client, url)
        assert many is not None
        assert few[0] == min(many[0], FEW)
        taken[name] = (few[1], many[1])
    assert taken == {name: (queries, queries) for name, queries in QUERIES.items()}
