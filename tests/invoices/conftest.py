from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from core import clock
from core.companies.models import Workspace
from core.companies.services import create_company
from core.events.actors import Actor
from invoices import services
from invoices.models import TaxInvoice
from invoices.providers import provider_for
from invoices.providers.sandbox.provider import SandboxProvider
from invoices.queries.invoices import reload
from partners.models import Partner
from tests.invoices.factories import make_partner, normal_content, reverse_content

BUYER_BRN = "1248100998"


@pytest.fixture
def actor() -> Actor:
    return Actor.system("시험")


@pytest.fixture
def workspace(db) -> Workspace:
    company = create_company(
        slug="market-a",
        name="마켓 A",
        business_registration_number="2208162517",
        representative_name="오대표",
        contact_email="tax@market-a.example",
        contact_name="재무",
    )
    return company.workspaces.select_related("company").get(environment="LIVE")


@pytest.fixture
def sandbox(workspace) -> SandboxProvider:
    """The provider of the workspace, with an empty memory."""
    provider = provider_for(workspace)
    assert isinstance(provider, SandboxProvider)
    for leftover in provider.journal.path.parent.glob("etax-*"):
        leftover.unlink()
    return provider


@pytest.fixture
def partner(workspace, sandbox, actor) -> Partner:
    """A business that has joined the provider."""
    return services.connect_partner(partner=make_partner(workspace), actor=actor)


@pytest.fixture
def requested(workspace, partner, actor) -> TaxInvoice:
    draft = services.draft_invoice(
        workspace=workspace, actor=actor, content=reverse_content(partner)
    )
    return services.request_invoice(invoice=reload(draft), actor=actor)


@pytest.fixture
def issued(workspace, sandbox, actor) -> TaxInvoice:
    draft = services.draft_invoice(
        workspace=workspace, actor=actor, content=normal_content(BUYER_BRN)
    )
    return services.issue_invoice(invoice=reload(draft), actor=actor)


@pytest.fixture
def later(monkeypatch) -> Callable[[timedelta], None]:
    """Let time pass for us and for the sandbox alike."""
    moved = timedelta()
    real = clock.now

    def pass_time(by: timedelta) -> None:
        nonlocal moved
        moved += by
        now: Callable[[], datetime] = lambda: real() + moved  # noqa: E731
        monkeypatch.setattr(clock, "now", now)

    return pass_time
