"""The official SDK against one live server; each test has a company of its own."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections

from core.companies.models import Company
from core.companies.services import create_api_secret, create_company
from tests.contract.sdk import Sdk
from tests.live import LiveServer, live_server

OUR_NUMBER = "1234567891"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The mark has pytest-django make the database; the override below keeps what is committed."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(autouse=True)
def _django_db_marker() -> None:
    """No transaction around a test, no flush after it: the server works on committed rows."""


@dataclass(frozen=True)
class Market:
    """A company that has just been opened, and a secret of it."""

    company: Company
    secret: str
    url: str

    def sdk(self, *, test: bool = True) -> Sdk:
        return Sdk(self.secret, self.url, test=test)


@pytest.fixture(scope="package")
def server(django_db_setup: None, django_db_blocker) -> Iterator[LiveServer]:
    with django_db_blocker.unblock(), live_server() as running:
        running.environment["WEB_WORKERS"] = "2"
        running.start("web", "worker")
        yield running
        running.stop()
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
        connections.close_all()


def open_market(url: str) -> Market:
    company = create_company(
        slug=f"m-{uuid.uuid4().hex[:12]}",
        name="계약마켓",
        business_registration_number=OUR_NUMBER,
        representative_name="한소유",
    )
    return Market(company, create_api_secret(company=company, name="계약 시험")[1], url)


@pytest.fixture
def new_market(server: LiveServer, django_db_blocker):
    def new() -> Market:
        with django_db_blocker.unblock():
            return open_market(server.url)

    return new


@pytest.fixture
def market(new_market) -> Market:
    return new_market()


@pytest.fixture
def sdk(market: Market) -> Sdk:
    return market.sdk()
