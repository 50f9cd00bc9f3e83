import pytest

from core.companies.models import Workspace
from core.companies.services import create_company
from core.events.actors import Actor
from partners.models import Contract, Partner
from tests.settlements.factories import make_contract, make_partner


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
def partner(contract) -> Partner:
    return make_partner(contract)
