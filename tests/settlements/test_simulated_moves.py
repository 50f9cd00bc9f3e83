"""A partner under another contract, over past months."""

import pytest
from django.test import Client

from core import clock
from partners.inputs import UpdatePartner
from partners.models import Contract, Partner, PropertyDefinition
from partners.services import define_property, kinds, update_partner
from settlements.models import Simulation, Transfer
from settlements.services import register_cancel, register_order
from tests.cast import assemble
from tests.settlements.factories import (
    ACTOR,
    cancel_input,
    make_contract,
    make_partner,
    order_input,
)
from tests.settlements.test_simulations import come_again, simulate
from tests.settlements.upload.test_same_as_api import raise_fee

FIVE_PERCENT = {"platformFee": {"fixedRate": 5_000}}


@pytest.fixture
def lower(workspace):
    return make_contract(workspace, "lower", **FIVE_PERCENT)


@pytest.fixture
def month(workspace, partner, lower):
    """The partner's orders, one by a contract of its own name, one of another partner."""
    make_contract(workspace, "named")
    make_partner(partner.default_contract, "other")
    wires = [
        {"amount": 10_001},
        {"amount": 20_000},
        {"amount": 30_000, "contractId": "named"},
        {"amount": 40_000, "partner_id": "other"},
    ]
    orders = [
        register_order(workspace=workspace, actor=ACTOR, order=order_input(**wire))
        for wire in wires
    ]
    body = cancel_input(orders[1], orderDetail={"orderAmount": 5_000})
    register_cancel(workspace=workspace, actor=ACTOR, cancel=body)
    return orders


def move_draft(partner, contract) -> dict:
    move = {"contractId": contract.public_id, "contract": kinds.CONTRACT.snapshot(contract)}
    return {"partners": {partner.public_id: move}}


def test_orders_that_name_no_contract_move_with_their_partner(workspace, partner, lower, month):
    simulation = simulate(workspace, move_draft(partner, lower))

    other, seller = simulation.partners.order_by("partner__public_id")
    assert (other.difference, other.changed_count) == (0, 0)
    # 10,001: 1,000 + 100 → 500 + 50. 20,000 − 5,000: 1,500 + 150 → 750 + 75. 30,000 stays.
    before, after = 8_901 + 17_800 - 4_450 + 26_700, 9_451 + 18_900 - 4_725 + 26_700
    assert (seller.before_amount, seller.after_amount) == (before, after)
    assert seller.changed_count == 3


def test_after_the_move_the_real_run_equals_the_simulation(workspace, partner, lower, month):
    simulation = simulate(workspace, move_draft(partner, lower))
    past = Transfer.objects.filter(contract=partner.default_contract).order_by("id")

    update = UpdatePartner(default_contract_id="lower")
    update_partner(partner=partner, update=update, actor=ACTOR)
    again = come_again(workspace, past)

    seller = simulation.partners.get(partner=partner)
    assert {new.contract.public_id for new in again.values()} == {"basic", "lower"}
    named = 30_000 - 3_000 - 300
    mine = [new.signed_amount for new in again.values() if new.partner_id == partner.pk]
    assert sum(mine) + named == seller.after_amount


def test_a_later_change_of_the_contract_leaves_the_draft_as_it_was(partner, lower, month):
    draft = move_draft(partner, lower)
    before = simulate(partner.workspace, draft)

    raise_fee(partner.workspace, "lower", 90_000)

    assert simulate(partner.workspace, draft).totals == before.totals


@pytest.fixture
def cast(db):
    cast = assemble()
    make_partner(make_contract(cast.live))
    make_contract(cast.live, "lower", **FIVE_PERCENT)
    return cast


@pytest.fixture
def finance(cast) -> Client:
    client = Client()
    client.force_login(cast.finance.user)
    return client


PAGE = "/console/market-a/live/partners/seller/edit"


def posted(finance: Client, **changes: object) -> dict:
    form = finance.get(PAGE).context["form"]
    fields = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in fields.items() if value not in (None, False)} | changes


def test_a_new_contract_is_tried_from_its_confirmation(cast, finance):
    lower = Contract.objects.get(workspace=cast.live, public_id="lower")
    change = posted(finance, default_contract=lower.pk)
    assert "지난 주문에 돌려 보기" in finance.post(PAGE, change).content.decode()

    answer = finance.post(PAGE, change | {"trial": "1"})

    simulation = Simulation.objects.get()
    assert answer.url == f"/console/market-a/live/simulations/{simulation.public_id}"
    assert simulation.title == "파트너 'seller' 계약 변경안"
    assert ["기본 계약", "basic", "lower"] in simulation.changes
    move = simulation.draft["partners"]["seller"]
    assert move["contractId"] == "lower"
    assert move["contract"]["platformFee"]["rate"] == 5_000
    partner = Partner.objects.get(workspace=cast.live)
    assert partner.default_contract.public_id == "basic"
    assert partner.versions.filter(applied_at__lte=clock.now()).count() == 1


def test_secrets_that_change_beside_it_stay_out_of_the_draft(cast, finance):
    """Many may look at simulations who may not see them."""
    define_property(
        workspace=cast.live,
        actor=ACTOR,
        object_type=PropertyDefinition.ObjectType.PARTNER,
        key="grade",
        name="등급",
        is_secret=True,
    )
    lower = Contract.objects.get(workspace=cast.live, public_id="lower")
    owner = Client()
    owner.force_login(cast.owner.user)
    change = posted(owner, default_contract=lower.pk, contact_name="새 담당")
    [secret] = [name for name in owner.get(PAGE).context["form"].fields if "grade" in name]

    owner.post(PAGE, change | {secret: "요주의", "trial": "1"})

    assert Simulation.objects.get().changes == [["기본 계약", "basic", "lower"]]


def test_a_change_that_settles_nothing_otherwise_is_not_offered(finance):
    change = posted(finance, contact_name="새 담당")

    assert "지난 주문에 돌려 보기" not in finance.post(PAGE, change).content.decode()
    finance.post(PAGE, change | {"trial": "1"})
    assert not Simulation.objects.exists()
