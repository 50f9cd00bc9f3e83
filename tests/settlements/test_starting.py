"""What was registered ahead is calculated with the terms of its start day (contract.md e.2, g)."""

from datetime import date, datetime, timedelta

import pytest

from core import clock
from core.events.models import Event, Notice
from partners.models import ContractVersion
from settlements.calculator import DEFAULT_CALCULATOR
from settlements.models import CalculatorVersion, Transfer
from settlements.services import SettleOutcome, register_cancel, register_order, settle_due
from tests.settlements.factories import (
    ACTOR,
    broken_truths,
    cancel_input,
    line,
    make_discount_policy,
    order_input,
)

START = clock.today() + timedelta(days=10)
LATER = START + timedelta(days=5)


@pytest.fixture
def ahead(workspace, partner) -> Transfer:
    """An order of lines and a discount that starts in ten days."""
    make_discount_policy(workspace)
    order = order_input(
        amount=None,
        orderDetail={"orderLines": [line("A", 3_000, 3), line("B", 1_000, 1)]},
        discounts=[{"sharePolicyId": "half", "amount": 1_000}],
        settlementStartDate=START.isoformat(),
    )
    return register_order(workspace=workspace, actor=ACTOR, order=order)


def cancel(workspace, order: Transfer, start: date, **wire) -> Transfer:
    body = cancel_input(order, settlementStartDate=start.isoformat(), **wire)
    return register_cancel(workspace=workspace, actor=ACTOR, cancel=body)


def change_terms(contract, **content) -> ContractVersion:
    """A version that comes into force before the start day."""
    first = contract.versions.get(number=1)
    return contract.versions.create(
        workspace=contract.workspace,
        number=2,
        applied_at=clock.now() + timedelta(days=1),
        content=first.content | content,
        actor_name="시험",
    )


def settle(workspace, day: date) -> SettleOutcome:
    return settle_due(workspace=workspace, actor=ACTOR, as_of=day)


def test_nothing_happens_before_the_start_day(workspace, ahead):
    assert settle(workspace, START - timedelta(days=1)).started_count == 0

    ahead.refresh_from_db()
    assert ahead.status == "SCHEDULED"


def test_unchanged_terms_give_the_same_order(workspace, ahead):
    before = Transfer.objects.values().get(pk=ahead.pk)

    assert settle(workspace, START).started_count == 1

    after = Transfer.objects.values().get(pk=ahead.pk)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"status", "status_updated_at"}
    assert after["status"] == "IN_PROCESS"


def test_the_terms_of_the_start_day_count(workspace, contract, ahead):
    version = change_terms(
        contract,
        platformFee={"type": "FIXED_RATE", "rate": 20_000},
        settlementCycle={
            "lagDays": 1,
            "datePolicy": "CALENDAR_DAY",
            "method": {"type": "DAILY"},
        },
    )

    settle(workspace, START)

    ahead.refresh_from_db()
    assert ahead.contract_version == version
    assert ahead.platform_fee_amount == 2_000
    assert ahead.settlement_amount == 10_000 - 2_000 - 200 - 500
    assert ahead.settlement_date == START + timedelta(days=1)
    event = Event.objects.get(kind="transfer.in_process")
    assert event.changes == {"status": "IN_PROCESS", "count": 1}


def plan_formulas(workspace, at: datetime) -> CalculatorVersion:
    """Every order settles at 7 won more from then on."""
    content = DEFAULT_CALCULATOR.to_snapshot()
    content["settlementFormula"]["settlement"]["formula"] += " + 7"
    return CalculatorVersion.objects.create(
        workspace=workspace, status="SCHEDULED", applied_at=at, content=content, actor_name="시험"
    )


def test_the_formulas_of_the_start_day_count(workspace, ahead):
    version = plan_formulas(workspace, clock.now() + timedelta(days=1))
    before = ahead.settlement_amount

    settle(workspace, START)

    ahead.refresh_from_db()
    assert ahead.calculator_version == version
    assert ahead.settlement_amount == before + 7


@pytest.mark.parametrize(
    ("runs_at", "planned_for", "counts"),
    [("00:10", "15:00", False), ("00:10", "00:05", True), ("15:10", "15:00", True)],
)
def test_formulas_of_the_start_day_count_from_their_moment(
    monkeypatch, workspace, ahead, runs_at, planned_for, counts
):
    before = ahead.settlement_amount
    version = plan_formulas(workspace, at_start(planned_for))
    monkeypatch.setattr(clock, "now", lambda: at_start(runs_at))

    assert settle(workspace, START).started_count == 1

    ahead.refresh_from_db()
    assert ahead.calculator_version == (version if counts else None)
    assert ahead.settlement_amount == before + (7 if counts else 0)


@pytest.mark.parametrize(("planned_for", "counts"), [("00:00", True), ("00:01", False)])
def test_a_run_of_a_day_to_come_sees_plans_until_that_day_begins(
    workspace, ahead, planned_for, counts
):
    before = ahead.settlement_amount
    plan_formulas(workspace, at_start(planned_for))

    assert settle(workspace, START).started_count == 1

    ahead.refresh_from_db()
    assert ahead.settlement_amount == before + (7 if counts else 0)


def at_start(time: str) -> datetime:
    return datetime.fromisoformat(f"{START}T{time}+09:00")


def test_a_given_settlement_date_stays(workspace, contract, partner):
    order = order_input(settlementStartDate=START.isoformat(), settlementDate=LATER.isoformat())
    registered = register_order(workspace=workspace, actor=ACTOR, order=order)
    change_terms(contract, platformFee={"type": "FIXED_RATE", "rate": 20_000})

    settle(workspace, START)

    registered.refresh_from_db()
    assert registered.settlement_date == LATER
    assert registered.platform_fee_amount == 2_000


def test_scheduled_cancels_follow_their_order(workspace, contract, ahead):
    some = {"orderDetail": {"orderLines": [{"productId": "A", "quantity": 1}]}}
    part = cancel(workspace, ahead, LATER, **some)
    rest = cancel(workspace, ahead, LATER)
    change_terms(contract, platformFee={"type": "FIXED_RATE", "rate": 33_333})

    assert settle(workspace, START).started_count == 1
    ahead.refresh_from_db()
    part.refresh_from_db()
    rest.refresh_from_db()
    assert {part.status, rest.status} == {"SCHEDULED"}
    assert part.contract_version == ahead.contract_version
    assert ahead.settlement_amount == part.settlement_amount + rest.settlement_amount

    assert settle(workspace, LATER).started_count == 2
    assert not [name for name in broken_truths(workspace) if "cancels" in name]


def test_a_started_cancel_keeps_its_orders_terms(workspace, contract, ahead):
    cancel(workspace, ahead, clock.today())
    change_terms(contract, platformFee={"type": "FIXED_RATE", "rate": 20_000})

    settle(workspace, START)

    ahead.refresh_from_db()
    assert ahead.status != "SCHEDULED"
    assert ahead.platform_fee_amount == 1_000
    assert not [name for name in broken_truths(workspace) if "cancels" in name]


def too_large(workspace) -> Transfer:
    """An order whose amount `square_amounts` cannot hold."""
    huge = order_input(amount=9_000_000_000_000, settlementStartDate=START.isoformat())
    return register_order(workspace=workspace, actor=ACTOR, order=huge)


def square_amounts(workspace) -> None:
    content = DEFAULT_CALCULATOR.to_snapshot()
    content["settlementFormula"]["settlement"]["formula"] = "ORDER_AMOUNT * ORDER_AMOUNT"
    CalculatorVersion.objects.create(
        workspace=workspace,
        applied_at=clock.now() + timedelta(days=1),
        content=content,
        actor_name="시험",
    )


def test_one_order_that_cannot_be_calculated_keeps_its_terms(workspace, partner, ahead):
    kept = too_large(workspace)
    square_amounts(workspace)

    assert settle(workspace, START).started_count == 2

    kept.refresh_from_db()
    ahead.refresh_from_db()
    assert kept.calculator_version is None
    assert ahead.settlement_amount == 10_000 * 10_000
    event = Event.objects.get(kind="transfer.kept_terms")
    assert event.object_id == kept.public_id
    assert "너무 큽니다" in event.reason
    assert (kept.kept_terms_on, ahead.kept_terms_on) == (START, None)


def test_many_that_keep_their_terms_are_one_notice(monkeypatch, workspace, partner):
    monkeypatch.setattr("settlements.services.starting.CHUNK", 2)
    first, *_ = [too_large(workspace) for _ in range(5)]
    square_amounts(workspace)

    settle(workspace, START)

    notice = Notice.objects.get()
    assert (notice.kind, notice.count, notice.day) == ("transfer.kept_terms", 5, START)
    assert notice.object_id == first.public_id
    assert notice.reason == Event.objects.filter(kind="transfer.kept_terms").first().reason


def test_many_orders_start_in_chunks(monkeypatch, workspace, partner):
    monkeypatch.setattr("settlements.services.starting.CHUNK", 3)
    for _ in range(7):
        order = order_input(settlementStartDate=START.isoformat())
        register_order(workspace=workspace, actor=ACTOR, order=order)

    assert settle(workspace, START).started_count == 7
