from typing import Any

import pytest

from core.companies.models import Workspace
from core.companies.services import create_company
from core.events.actors import Actor
from partners import inputs, services
from partners.models import Contract, Partner
from tests.partners.bodies import contract_body, partner_body


@pytest.fixture
def actor() -> Actor:
    return Actor.system("재무 담당")


@pytest.fixture
def workspace(db) -> Workspace:
    return create_company(slug="market-a", name="마켓 A").workspaces.get(environment="LIVE")


@pytest.fixture
def other_workspace(db) -> Workspace:
    return create_company(slug="market-b", name="마켓 B").workspaces.get(environment="LIVE")


@pytest.fixture
def new_contract(workspace, actor) -> Any:
    def make(public_id: str = "basic", *, where: Workspace = workspace, **facts: Any) -> Contract:
        body = inputs.parse(inputs.CreateContract, contract_body(id=public_id, **facts))
        return services.create_contract(workspace=where, actor=actor, body=body)

    return make


@pytest.fixture
def new_partner(workspace, actor) -> Any:
    def make(public_id: str = "seller", *, where: Workspace = workspace, **facts: Any) -> Partner:
        body = inputs.parse(inputs.CreatePartner, partner_body(id=public_id, **facts))
        return services.create_partner(workspace=where, actor=actor, body=body)

    return make


@pytest.fixture
def contract(new_contract) -> Contract:
    return new_contract()


@pytest.fixture
def partner(contract, new_partner) -> Partner:
    return new_partner()
