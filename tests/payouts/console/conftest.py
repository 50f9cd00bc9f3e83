"""Payout pages: who is signed in, what is ready to be approved, what went wrong at the bank."""

import pytest
from django.test import Client

from payouts.models import BulkPayout
from payouts.services import drain
from tests.cast import Cast, assemble
from tests.payouts.console.pressing import signed_in
from tests.payouts.factories import make_partner, make_ready, make_started, owe
from tests.settlements.factories import make_contract


@pytest.fixture
def cast(db) -> Cast:
    return assemble()


@pytest.fixture
def workspace(cast):
    return cast.live


@pytest.fixture
def contract(workspace):
    return make_contract(workspace)


@pytest.fixture
def finance(cast) -> Client:
    return signed_in(cast.finance)


@pytest.fixture
def owner(cast) -> Client:
    return signed_in(cast.owner)


@pytest.fixture
def viewer(cast) -> Client:
    return signed_in(cast.viewer)


@pytest.fixture
def ready(account, contract) -> BulkPayout:
    owe(make_partner(contract, "a"), 100_000)
    owe(make_partner(contract, "b"), 50_000)
    return make_ready(account)


@pytest.fixture
def troubled(cast, account, contract, bank) -> BulkPayout:
    """One paid, one refused by the bank, one nobody knows."""
    owe(make_partner(contract, "ok"), 1_000)
    owe(make_partner(contract, "bad", ending="999412"), 2_000)
    owe(make_partner(contract, "lost", ending="999002"), 4_000)
    bulk_payout = make_started(account)
    drain(workspace=cast.live)
    return bulk_payout
