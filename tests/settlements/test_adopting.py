"""What was simulated is adopted: all of it, on a day, and then it settles as simulated."""

from datetime import timedelta

import pytest

from core import clock
from core.companies.models import Permission
from core.errors import Forbidden, InvalidRequest
from core.events.actors import Actor
from core.events.models import Event
from partners.inputs import UpdateContract, UpdatePartner, parse
from partners.models import (
    AdditionalFeePolicy,
    Contract,
    ContractVersion,
    DiscountSharePolicy,
    Partner,
)
from partners.services import (
    archive_policy,
    cancel_schedule,
    kinds,
    schedule_update,
    update_partner,
    update_policy,
)
from partners.services.drafts import update_to
from partners.services.versions import drafted
from settlements.calculator import DEFAULT_CALCULATOR
from settlements.models import AMOUNT_COLUMNS, CalculatorVersion, Simulation, Transfer
from settlements.services import (
    adopt_simulation,
    draft_simulation,
    run_simulation,
    save_calculator,
    settle_due,
)
from settlements.services.adopting import NotAdopted, refusals
from settlements.services.simulations import past_orders
from tests.settlements.factories import ACTOR, make_contract, make_fee_policy
from tests.settlements.test_simulated_moves import move_draft
from tests.settlements.test_simulations import (
    calculator_draft,
    come_again,
    contract_draft,
    month,
    simulate,
)

__all__ = ["month"]
AHEAD = clock.today() + timedelta(days=7)
FIVE_PERCENT = {"type": "FIXED_RATE", "rate": 5_000}


def policy_draft(part: str, model, **content) -> dict:
    row = model.objects.get()
    return {part: {row.public_id: row.versions.get(number=1).content | content}}


def formulas(workspace, partner):
    return calculator_draft()


def contract(workspace, partner):
    return contract_draft(
        partner.default_contract,
        platformFee={"type": "FIXED_AMOUNT", "amount": 777},
        platformFeeVatPayer="MERCHANT",
        subtractPaymentVatAmount=True,
    )


def discount_policy(workspace, partner):
    return policy_draft("discountSharePolicies", DiscountSharePolicy, partnerShareRate=33_333)


def fee_policy(workspace, partner):
    changed = {"fee": {"type": "FIXED_RATE", "rate": 7_777}, "vatPayer": "MERCHANT"}
    return policy_draft("additionalFeePolicies", AdditionalFeePolicy, **changed)


def move(workspace, partner):
    lower = make_contract(workspace, "lower", platformFee={"fixedRate": 5_001})
    return move_draft(partner, lower)


def mixed(workspace, partner):
    """Everything at once; the other partner moves to the contract that is drafted too."""
    other = Partner.objects.get(public_id="other")
    return (
        formulas(workspace, partner)
        | contract(workspace, partner)
        | discount_policy(workspace, partner)
        | fee_policy(workspace, partner)
        | move_draft(other, partner.default_contract)
    )


DRAFTS = [formulas, contract, discount_policy, fee_policy, move, mixed]


@pytest.mark.parametrize("draft_of", DRAFTS)
def test_adopted_for_a_day_the_real_run_equals_the_simulation(
    workspace, partner, month, draft_of, monkeypatch
):
    """The same orders wait for the day, and are then settled with the adopted terms."""
    simulation = simulate(workspace, draft_of(workspace, partner))
    past = list(Transfer.objects.order_by("id"))
    orders = [each for each in past if each.type == "ORDER"]
    tried = past_orders(simulation).try_orders(orders).tried
    again = come_again(workspace, past, AHEAD)
    before = {old: amounts(new) for old, new in again.items()}

    adopt_simulation(simulation=simulation, actor=ACTOR, applied_at=clock.kst_midnight(AHEAD))
    later = clock.kst_midnight(AHEAD) + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    settle_due(workspace=workspace, actor=ACTOR, as_of=AHEAD)

    real = {old: Transfer.objects.get(pk=new.pk) for old, new in again.items()}
    assert {old: amounts(new) for old, new in real.items()} == {
        each.public_id: each.after._asdict() for each in tried
    }
    assert {old: new.detail.get("formulas", {}) for old, new in real.items()} == {
        each.public_id: each.after_formulas for each in tried
    }
    assert before == {each.public_id: each.before._asdict() for each in tried}
    assert {new.status for new in real.values()} == {"IN_PROCESS"}
    assert any(each.before != each.after for each in tried)
    for row in simulation.partners.all():
        mine = [new for new in real.values() if new.partner_id == row.partner_id]
        stood = sum(each.before_amount for each in tried if each.partner_pk == row.partner_id)
        assert sum(new.signed_amount for new in mine) - stood == row.difference


def amounts(transfer: Transfer) -> dict[str, int]:
    return {column: getattr(transfer, column) for column in AMOUNT_COLUMNS}


@pytest.mark.parametrize("draft_of", DRAFTS)
def test_adopted_at_once_it_counts_from_today(workspace, partner, month, draft_of):
    simulation = simulate(workspace, draft_of(workspace, partner))
    past = list(Transfer.objects.order_by("id"))
    tried = past_orders(simulation).try_orders([e for e in past if e.type == "ORDER"]).tried

    adopt_simulation(simulation=simulation, actor=ACTOR)
    again = come_again(workspace, past)

    assert {old: amounts(new) for old, new in again.items()} == {
        each.public_id: each.after._asdict() for each in tried
    }


def test_it_is_kept_who_adopted_it_and_what_came_of_it(workspace, partner, month):
    simulation = simulate(workspace, mixed(workspace, partner))
    moment = clock.now() + timedelta(days=3)

    adopt_simulation(simulation=simulation, actor=ACTOR, applied_at=moment)

    simulation.refresh_from_db()
    assert simulation.adopted_by == "시험"
    assert simulation.adopted_at is not None
    basic = ContractVersion.objects.get(status="SCHEDULED")
    assert simulation.adopted["contracts"] == {"basic": basic.pk}
    assert basic.applied_at == moment
    planned = CalculatorVersion.objects.get()
    assert (simulation.adopted["calculator"], planned.status) == (planned.pk, "SCHEDULED")
    assert set(simulation.adopted) == {
        "appliedAt", "calculator", "contracts", "discountSharePolicies",
        "additionalFeePolicies", "partners",
    }  # fmt: skip
    event = Event.objects.get(kind="simulation.adopted")
    assert event.object_id == simulation.public_id


def test_it_is_adopted_once(workspace, partner, month):
    simulation = simulate(workspace, contract(workspace, partner))
    adopt_simulation(simulation=simulation, actor=ACTOR)

    with pytest.raises(NotAdopted, match="이미 채택"):
        adopt_simulation(simulation=simulation, actor=ACTOR)
    assert ContractVersion.objects.filter(subject=partner.default_contract).count() == 2


def test_only_what_ran_is_adopted(workspace, partner, month):
    waiting = draft_simulation(
        workspace=workspace,
        actor=ACTOR,
        title="초안",
        draft=contract(workspace, partner),
        changes=[],
    )

    with pytest.raises(NotAdopted, match="끝까지 돌리지 않은"):
        adopt_simulation(simulation=waiting, actor=ACTOR)


def raise_fee(workspace, partner):
    update = parse(UpdateContract, {"platformFee": {"fixedRate": 9_000}})
    update_policy(policy=partner.default_contract, update=update, actor=ACTOR)


def plan_a_fee(workspace, partner):
    update = parse(UpdateContract, {"platformFee": {"fixedRate": 9_000}})
    moment = clock.now() + timedelta(days=1)
    schedule_update(row=partner.default_contract, update=update, applied_at=moment, actor=ACTOR)


def put_away(workspace, partner):
    archive_policy(policy=partner.default_contract, actor=ACTOR)


def save_formulas(workspace, partner):
    save_calculator(workspace=workspace, actor=ACTOR, content=DEFAULT_CALCULATOR.to_snapshot())


def plan_formulas(workspace, partner):
    save_calculator(
        workspace=workspace,
        actor=ACTOR,
        content=DEFAULT_CALCULATOR.to_snapshot(),
        scheduled_at=clock.now() + timedelta(days=1),
    )


def rename_partner(workspace, partner):
    other = Partner.objects.get(public_id="other")
    update_partner(partner=other, update=UpdatePartner(memo="다른 사람이"), actor=ACTOR)


@pytest.mark.parametrize(
    ("meanwhile", "said"),
    [
        (raise_fee, "계약 'basic': 초안을 만든 뒤에 바뀌었습니다"),
        (plan_a_fee, "계약 'basic': 예약된 변경이 있습니다"),
        (put_away, "계약 'basic': 보관되어 있습니다"),
        (save_formulas, "계산식: 초안을 만든 뒤에 바뀌었습니다"),
        (plan_formulas, "계산식: 예약된 변경이 있습니다"),
        (rename_partner, "파트너 'other': 초안을 만든 뒤에 바뀌었습니다"),
    ],
)
@pytest.mark.parametrize("days", [0, 5])
def test_what_moved_on_is_not_overwritten(workspace, partner, month, meanwhile, said, days):
    simulation = simulate(workspace, mixed(workspace, partner))
    meanwhile(workspace, partner)
    count = ContractVersion.objects.count(), CalculatorVersion.objects.count()

    with pytest.raises(NotAdopted, match="채택하지 않았습니다") as refused:
        adopt_simulation(
            simulation=simulation,
            actor=ACTOR,
            applied_at=clock.now() + timedelta(days=days) if days else None,
        )

    assert said in refused.value.message
    assert (ContractVersion.objects.count(), CalculatorVersion.objects.count()) == count
    simulation.refresh_from_db()
    assert simulation.adopted == {}


def test_the_contract_a_partner_moves_to_must_stand_too(workspace, partner, month):
    simulation = simulate(workspace, move(workspace, partner))
    lower = Contract.objects.get(public_id="lower")
    update = parse(UpdateContract, {"platformFee": {"fixedRate": 1}})
    update_policy(policy=lower, update=update, actor=ACTOR)

    with pytest.raises(NotAdopted, match="계약 'lower'"):
        adopt_simulation(simulation=simulation, actor=ACTOR)


def test_one_refusal_leaves_everything_as_it_was(workspace, partner, month):
    """A linked partner cannot be planned for, and comes last: the contract's plan goes back."""
    lower = make_contract(workspace, "lower", platformFee={"fixedRate": 5_001})
    draft = contract(workspace, partner) | move_draft(partner, lower)
    simulation = simulate(workspace, draft)
    Partner.objects.filter(pk=partner.pk).update(connection_status="CONNECTED")

    with pytest.raises(NotAdopted, match="seller: "):
        adopt_simulation(
            simulation=simulation, actor=ACTOR, applied_at=clock.now() + timedelta(days=1)
        )

    assert not ContractVersion.objects.exclude(status="APPLIED").exists()
    simulation.refresh_from_db()
    assert simulation.adopted_at is None


def test_a_moment_that_has_passed_is_refused(workspace, partner, month):
    simulation = simulate(workspace, calculator_draft())

    with pytest.raises(InvalidRequest, match="이미 지났습니다"):
        adopt_simulation(simulation=simulation, actor=ACTOR, applied_at=clock.now())


def test_a_taken_back_plan_does_not_stand_in_the_way(workspace, partner, month):
    simulation = simulate(workspace, contract(workspace, partner))
    plan_a_fee(workspace, partner)
    cancel_schedule(row=partner.default_contract, actor=ACTOR)

    assert refusals(Simulation.objects.select_related("job").get(pk=simulation.pk)) == []


def test_a_draft_of_what_is_already_so_is_refused(workspace, partner, month):
    simulation = simulate(
        workspace,
        contract_draft(partner.default_contract) | {"calculator": DEFAULT_CALCULATOR.to_snapshot()},
    )

    with pytest.raises(NotAdopted, match="바꿀 것이 없습니다"):
        adopt_simulation(simulation=simulation, actor=ACTOR)


def test_the_same_draft_over_other_days_stands_on_the_same_terms(workspace, partner, month):
    simulation = simulate(workspace, contract(workspace, partner))
    raise_fee(workspace, partner)

    other = run_simulation(
        simulation=simulation,
        from_date=simulation.from_date,
        until_date=simulation.until_date,
        actor=ACTOR,
    )

    assert other.pk != simulation.pk
    assert other.base == simulation.base == {"contracts": {"basic": 1}}


WRITES = [Permission.CALCULATOR_WRITE, Permission.POLICY_WRITE, Permission.PARTNER_WRITE]


@pytest.mark.parametrize("missing", WRITES)
def test_it_takes_the_permission_of_every_change(workspace, partner, month, missing):
    simulation = simulate(workspace, mixed(workspace, partner))
    allowed = frozenset(Permission) - {missing}
    someone = Actor(Event.ActorKind.MEMBER, "1", "누군가", None, allowed)

    with pytest.raises(Forbidden):
        adopt_simulation(simulation=simulation, actor=someone)


CYCLES = [
    {"daily": {}},
    {"weekly": {"daysOfWeek": ["FRI", "MON"]}},
    {"monthly": {"daysOfMonth": [5, 20]}},
    {"manualDates": {"dates": [{"month": 3, "day": 31}]}},
]


@pytest.mark.parametrize("method", CYCLES)
def test_an_update_gives_exactly_its_draft(workspace, method):
    row = make_contract(workspace, memo="전에")
    body = {
        "name": "새 이름",
        "memo": "",
        "platformFee": {"fixedAmount": 500},
        "settlementCycle": {"lagDays": 3, "datePolicy": "CALENDAR_DAY", "method": method},
    }
    update = parse(UpdateContract, body)
    snapshot = drafted(row, update)

    found = update_to(row, snapshot)

    assert drafted(row, found) == snapshot
    assert found == update
    assert update_to(row, kinds.CONTRACT.snapshot(row)) is None


def test_an_update_of_a_fee_says_only_what_differs(workspace):
    make_fee_policy(workspace)
    row = AdditionalFeePolicy.objects.get()
    snapshot = kinds.ADDITIONAL_FEE.snapshot(row) | {"vatPayer": "MERCHANT"}

    update = update_to(row, snapshot)

    assert update == parse(kinds.ADDITIONAL_FEE.update_shape, {"vatPayer": "MERCHANT"})
