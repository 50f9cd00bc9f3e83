from collections.abc import Iterator
from pathlib import Path

import pytest

from core.companies.models import Workspace
from core.companies.services import create_company
from core.events.actors import Actor
from core.invariants import violations
from core.sandbox import Journal
from partners.models import Contract
from payouts.models import FundingAccount
from payouts.rails import RAILS
from payouts.rails.sandbox import SandboxBank
from payouts.services import import_deposits, open_funding_account
from tests.settlements.factories import make_contract

FUNDS = 1_000_000_000


@pytest.fixture
def actor() -> Actor:
    return Actor.system("시험")


@pytest.fixture
def workspace(db) -> Workspace:
    return create_company(slug="market-a", name="마켓 A").workspaces.get(environment="LIVE")


@pytest.fixture
def contract(workspace) -> Contract:
    return make_contract(workspace)


@pytest.fixture
def bank(tmp_path: Path, monkeypatch) -> SandboxBank:
    """A bank of this test alone."""
    bank = SandboxBank(Journal(tmp_path / "bank.sqlite3"))
    monkeypatch.setitem(RAILS, "sandbox", lambda: bank)
    return bank


@pytest.fixture
def account(workspace, open_account) -> Iterator[FundingAccount]:
    """A funding account with plenty on it. Whatever a test does to it, the truths must hold."""
    yield open_account
    assert list(violations(workspace)) == []


@pytest.fixture
def open_account(workspace, bank, actor) -> FundingAccount:
    """A funded account whose books nobody checks at the end: for tests that lie on purpose."""
    account = open_funding_account(
        workspace=workspace,
        actor=actor,
        name="지급 계좌",
        bank="SHINHAN",
        account_number="110123456789",
        holder="마켓 A",
        public_id="va-1",
    )
    bank.deposit("110123456789", FUNDS, "토스페이먼츠")
    import_deposits(account=account, actor=actor)
    return account
