from datetime import timedelta

import pytest

from core import clock
from core.errors import Conflict, InvalidRequest
from core.events.models import Event
from settlements.calculator import DEFAULT_CALCULATOR, Decimal, FormulaError
from settlements.errors import ScheduledVersionAlreadyExists
from settlements.models import CalculatorVersion, SettlementParameter
from settlements.queries.calculators import (
    calculator_in_force,
    formulas_of,
    planned_calculator,
)
from settlements.services import (
    create_parameter,
    delete_calculator,
    register_order,
    save_calculator,
    update_parameter,
)
from tests.settlements.factories import ACTOR, order_input

TOMORROW = clock.now() + timedelta(days=1)


def formulas(settlement: str = "ORDER_AMOUNT - PLATFORM_FEE_AMOUNT", users=()) -> dict:
    content = DEFAULT_CALCULATOR.to_snapshot()
    content["settlementFormula"]["settlement"]["formula"] = settlement
    for key in users:
        user = {"key": key, "name": key, "formula": "ORDER_AMOUNT", "roundType": "DOWN"}
        content["settlementFormula"]["userDefined"].append(user)
        content["settlementFormula"]["orderKeys"].append(key)
    return content


@pytest.fixture
def save(workspace):
    def save(content: dict | None = None, **options) -> CalculatorVersion:
        return save_calculator(
            workspace=workspace, actor=ACTOR, content=content or formulas(), **options
        )

    return save


def test_a_workspace_starts_with_the_documented_formulas(workspace):
    assert calculator_in_force(workspace) is None
    assert formulas_of(workspace, None) == DEFAULT_CALCULATOR


def test_formulas_are_in_force_at_once(workspace, save):
    first, second = save(), save(formulas("ORDER_AMOUNT"))

    assert calculator_in_force(workspace) == second
    assert first.status == second.status == "APPLIED"
    assert formulas_of(workspace, second).settlement.text == "ORDER_AMOUNT"
    assert Event.objects.filter(kind="calculatorversion.applied").count() == 2


def test_a_planned_version_waits_for_its_time(workspace, save):
    now = save()
    planned = save(formulas("ORDER_AMOUNT"), scheduled_at=TOMORROW)

    assert (planned.status, calculator_in_force(workspace)) == ("SCHEDULED", now)
    assert planned_calculator(workspace) == planned
    with pytest.raises(ScheduledVersionAlreadyExists):
        save(scheduled_at=TOMORROW + timedelta(days=1))

    CalculatorVersion.objects.filter(pk=planned.pk).update(applied_at=clock.now())
    assert calculator_in_force(workspace) == planned
    assert planned_calculator(workspace) is None
    save(scheduled_at=TOMORROW)
    planned.refresh_from_db()
    assert planned.status == "APPLIED"


def test_only_a_plan_is_deleted(workspace, save):
    applied, planned = save(), save(scheduled_at=TOMORROW)

    delete_calculator(version=planned, actor=ACTOR)

    assert planned_calculator(workspace) is None
    with pytest.raises(Conflict):
        delete_calculator(version=applied, actor=ACTOR)
    with pytest.raises(Conflict):
        delete_calculator(version=planned, actor=ACTOR)


def test_a_past_moment_and_wrong_formulas_are_refused(save):
    with pytest.raises(InvalidRequest):
        save(scheduled_at=clock.now() - timedelta(seconds=1))
    with pytest.raises(FormulaError) as refusal:
        save(formulas("ORDER_AMOUNT + NOTHING"))

    problem = refusal.value.problems[0]
    assert (problem.formula, problem.start, problem.end) == ("settlement", 15, 22)
    assert not CalculatorVersion.objects.exists()


def test_a_saved_formula_of_the_user_stays(save):
    save(formulas(users=["BONUS"]))

    with pytest.raises(InvalidRequest, match="BONUS"):
        save(formulas())
    save(formulas(users=["BONUS", "MORE"]))


def test_parameters_are_created_and_changed(workspace, save):
    parameter = create_parameter(
        workspace=workspace, actor=ACTOR, key="RATE", name="비율", default=Decimal(35, 3)
    )
    update_parameter(parameter=parameter, actor=ACTOR, name="요율", default=Decimal(-5, 2))

    stored = SettlementParameter.objects.get()
    assert (stored.name, stored.default_decimal, stored.default_scale) == ("요율", -5, 2)
    events = Event.objects.filter(object_type="parameter").order_by("pk")
    assert [event.changes for event in events] == [
        {"default": [None, "0.035"]},
        {"name": ["비율", "요율"], "default": ["0.035", "-0.05"]},
    ]
    assert save(formulas("ORDER_AMOUNT * RATE")).status == "APPLIED"


def test_a_default_that_no_formula_takes_is_refused(workspace, partner):
    """Nobody could register an order with it."""
    facts = {"actor": ACTOR, "name": "이벤트", "default": Decimal(10**16)}
    with pytest.raises(InvalidRequest, match="너무 큽니다"):
        create_parameter(workspace=workspace, key="EVENT", **facts)
    event = create_parameter(workspace=workspace, key="EVENT", **facts | {"default": Decimal(1)})
    with pytest.raises(InvalidRequest, match="너무 큽니다"):
        update_parameter(parameter=event, **facts)

    assert register_order(workspace=workspace, actor=ACTOR, order=order_input()).pk


def test_a_parameter_never_takes_a_key_in_use(workspace, save):
    save(formulas(users=["BONUS"]))

    for key in ("BONUS", "ORDER_AMOUNT", "12"):
        with pytest.raises(FormulaError):
            create_parameter(workspace=workspace, actor=ACTOR, key=key, name="", default=Decimal(0))
    create_parameter(workspace=workspace, actor=ACTOR, key="RATE", name="", default=Decimal(0))
    with pytest.raises(Conflict):
        create_parameter(workspace=workspace, actor=ACTOR, key="RATE", name="", default=Decimal(0))


FEE_VAT = "ORDER_AMOUNT - PLATFORM_FEE_AMOUNT - PLATFORM_FEE_VAT"


def changed(content: dict, **texts: str) -> dict:
    for key, text in texts.items():
        content["settlementFormula"][key]["formula"] = text
    return content


def planned_content(workspace) -> dict:
    planned = planned_calculator(workspace)
    assert planned is not None
    return planned.content


def test_a_plan_that_adds_a_formula_stops_no_save_without_it(workspace, save):
    save(formulas())
    save(formulas(users=["BONUS"]), scheduled_at=TOMORROW)

    saved = save(formulas(FEE_VAT))

    assert (saved.status, saved.content) == ("APPLIED", formulas(FEE_VAT))
    assert planned_content(workspace) == formulas(FEE_VAT, users=["BONUS"])


def test_a_formula_saved_beside_a_plan_outlives_it(workspace, save):
    save(formulas(users=["BONUS"]))
    save(formulas("ORDER_AMOUNT", users=["BONUS"]), scheduled_at=TOMORROW)

    save(formulas(users=["BONUS", "MORE"]))

    assert planned_content(workspace) == formulas("ORDER_AMOUNT", users=["BONUS", "MORE"])


def test_a_correction_of_today_is_not_undone_by_a_plan(workspace, save):
    """The plan changes the text of the fee; the correction its rounding and everything else."""
    save(formulas())
    fee = "ORDER_AMOUNT * FIXED_RATE"
    first = save(changed(formulas(), platformFee=fee), scheduled_at=TOMORROW)
    correction = formulas(FEE_VAT) | {"vatRoundType": "UP"}
    correction["settlementFormula"]["platformFee"]["roundType"] = "UP"

    save(correction)

    assert planned_content(workspace) == changed(correction, platformFee=fee)
    first.refresh_from_db()
    assert (first.status, first.content) == ("CANCELLED", changed(formulas(), platformFee=fee))


def test_a_plan_over_new_formulas_keeps_its_moment_and_planner(workspace, save):
    first = save(formulas("ORDER_AMOUNT"), scheduled_at=TOMORROW)

    save(changed(formulas(), platformFee="ORDER_AMOUNT * FIXED_RATE"))

    plan = planned_calculator(workspace)
    assert plan is not None
    assert (plan.applied_at, plan.actor_name) == (first.applied_at, first.actor_name)
    assert list(Event.objects.filter(object_id=str(plan.pk)).values_list("kind", flat=True)) == [
        "calculatorversion.rebased"
    ]


def test_a_plan_that_stays_as_it_is_stays_the_same_row(workspace, save):
    save(formulas())
    plan = save(formulas("ORDER_AMOUNT"), scheduled_at=TOMORROW)

    save(formulas(FEE_VAT))

    assert planned_calculator(workspace) == plan
    assert planned_content(workspace) == formulas("ORDER_AMOUNT")


def test_formulas_that_break_the_plan_are_refused(workspace, save):
    """Together they would be eleven."""
    save(formulas())
    plan = save(formulas(users=[f"PLAN{n}" for n in range(6)]), scheduled_at=TOMORROW)

    with pytest.raises(InvalidRequest) as refusal:
        save(formulas(users=[f"NOW{n}" for n in range(5)]))

    assert refusal.value.message == (
        "저장하지 않았습니다. 예약된 수식을 이 수식 위에 얹으면 계산할 수 없습니다. "
        "예약을 삭제하면 저장할 수 있습니다: 사용자 정의 수식은 10개까지 만들 수 있습니다."
    )
    assert planned_calculator(workspace) == plan
    assert formulas_of(workspace, calculator_in_force(workspace)).user_defined == ()


def test_a_plan_loses_no_formula_in_force(workspace, save):
    save(formulas(users=["BONUS"]))

    with pytest.raises(InvalidRequest, match="BONUS"):
        save(formulas(), scheduled_at=TOMORROW)

    assert planned_calculator(workspace) is None
