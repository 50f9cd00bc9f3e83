"""A company with money at the bank, seen by every connection."""

from __future__ import annotations

import pytest

from core.companies.models import Workspace
from core.companies.services import create_company
from payouts.models import FundingAccount
from payouts.services import import_deposits, open_funding_account
from tests.concurrency.racing import FUNDS
from tests.payouts.conftest import bank  # noqa: F401
from tests.payouts.factories import ACTOR


@pytest.fixture
def workspace(transactional_db) -> Workspace:
    return create_company(slug="market-a", name="마켓 A").workspaces.get(environment="LIVE")


@pytest.fixture
def account(workspace, bank) -> FundingAccount:  # noqa: F811
    account = open_funding_account(
        workspace=workspace,
        actor=ACTOR,
        name="지급",
        bank="SHINHAN",
        account_number="110123456789",
        holder="마켓 A",
    )
    bank.deposit("110123456789", FUNDS, "PG")
    import_deposits(account=account, actor=ACTOR)
    return account
