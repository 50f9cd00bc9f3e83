"""Settlement dates under a draft: which money moves to which day, and that it then does."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.companies.models import HolidayOverride
from partners.models import PlatformSetting
from partners.services import kinds
from settlements.models import SimulatedPartner, Transfer
from settlements.services import (
    adopt_simulation,
    register_cancel,
    register_order,
    settle_due,
)
from settlements.services.simulations import past_orders
from settlements.simulation.explaining import explain_draft
from tests.settlements.factories import (
    ACTOR,
    cancel_input,
    make_contract,
    make_partner,
    order_input,
)
from tests.settlements.test_simulated_moves import move_draft
from tests.settlements.test_simulations import (
    _file_rows,
    calculator_draft,
    contract_draft,
    month,
    simulate,
)

__all__ = ["month"]

FRIDAYS = {
    "lagDays": 2,
    "datePolicy": "HOLIDAY_BEFORE",
    "method": {"type": "WEEKLY", "daysOfWeek": ["FRI"]},
}
NEXT_DAY = {"lagDays": 1, "datePolicy": "CALENDAR_DAY", "method": {"type": "DAILY"}}


def sell(workspace, day: str, amount: int = 10_000, **wire) -> Transfer:
    wire = {"amount": amount, "settlementStartDate": day} | wire
    return register_order(workspace=workspace, actor=ACTOR, order=order_input(**wire))


def cancel(workspace, order: Transfer, amount: int, day: str, **wire) -> Transfer:
    wire = {"orderDetail": {"orderAmount": amount}, "settlementStartDate": day} | wire
    body = cancel_input(order, **wire)
    return register_cancel(workspace=workspace, actor=ACTOR, cancel=body)


@pytest.fixture
def august(workspace, partner) -> list[Transfer]:
    """Under the contract of the factories; one date is given by hand, one order is cancelled."""
    orders = [
        sell(workspace, "2023-08-01"),
        sell(workspace, "2023-08-02", 20_000),
        sell(workspace, "2023-08-03", 30_000, settlementDate="2023-08-21"),
    ]
    cancel(workspace, orders[1], 5_000, "2023-08-10")
    return orders


def dates_of(simulation) -> dict[str, tuple[str, str]]:
    """(now, drafted) by transfer, as the file tells them."""
    return {row[0]: (row[6], row[7]) for row in _file_rows(simulation)}


def test_another_cycle_moves_orders_and_cancels_but_no_date_given(workspace, contract, august):
    """Fridays from the second day on: 1st, 2nd → the 4th; the cancel of the 10th → the 18th."""
    simulation = simulate(workspace, contract_draft(contract, settlementCycle=FRIDAYS))

    now = dict(Transfer.objects.values_list("public_id", "settlement_date"))
    took_back = Transfer.objects.get(type="ORDER_CANCEL").public_id
    first, second, given = (each.public_id for each in august)
    drafted = {
        first: "2023-08-04",
        second: "2023-08-04",
        given: "2023-08-21",
        took_back: "2023-08-18",
    }
    assert dates_of(simulation) == {
        each: (now[each].isoformat(), day) for each, day in drafted.items()
    }
    assert now[given] == date(2023, 8, 21)
    totals = simulation.totals["KRW"]
    assert (totals["changed_count"], totals["moved_count"]) == (0, 3)
    assert simulation.partners.get().moved_count == 3


def test_the_money_of_each_day_is_told_before_and_after(workspace, contract, august):
    """8,900 and 17,800 go on the 4th, 26,700 stays on the 21st, 4,450 is back on the 18th."""
    simulation = simulate(workspace, contract_draft(contract, settlementCycle=FRIDAYS))

    dates = simulation.totals["KRW"]["dates"]
    drafted = {day: after for day, (_, after) in dates.items() if after}
    assert drafted == {"2023-08-04": 26_700, "2023-08-18": -4_450, "2023-08-21": 26_700}
    now: dict[str, int] = {}
    for transfer in Transfer.objects.all():
        day = transfer.settlement_date.isoformat()
        now[day] = now.get(day, 0) + transfer.signed_amount
    assert {day: before for day, (before, _) in dates.items() if before} == now
    assert list(dates) == sorted(dates)


def test_holidays_and_their_rule_are_those_of_the_workspace(workspace, partner, contract):
    """The 14th is a holiday here, the 15th anywhere: the 11th before them, or the 16th after."""
    order = sell(workspace, "2023-08-12")
    HolidayOverride.objects.create(
        company=workspace.company, day=date(2023, 8, 14), name="창립일", is_holiday=True
    )
    tuesdays = {
        "lagDays": 2,
        "datePolicy": "HOLIDAY_BEFORE",
        "method": {"type": "WEEKLY", "daysOfWeek": ["TUE"]},
    }
    draft = contract_draft(contract, settlementCycle=tuesdays)

    adjusted = simulate(workspace, draft)
    PlatformSetting.objects.update_or_create(
        workspace=workspace, defaults={"adjusts_date_after_holiday_if_earlier": False}
    )
    as_it_falls = simulate(workspace, draft)

    assert dates_of(adjusted)[order.public_id][1] == "2023-08-16"
    assert dates_of(as_it_falls)[order.public_id][1] == "2023-08-11"


def test_what_changes_no_cycle_moves_no_date(workspace, contract, august):
    """A holiday that became known since moves no registered order: the draft did not do that."""
    for before in Transfer.objects.values_list("settlement_date", flat=True).distinct():
        HolidayOverride.objects.create(
            company=workspace.company, day=before, name="임시 공휴일", is_holiday=True
        )

    simulation = simulate(
        workspace, contract_draft(contract, platformFee={"type": "FIXED_RATE", "rate": 5_000})
    )

    totals = simulation.totals["KRW"]
    assert (totals["changed_count"], totals["moved_count"], totals["dates"]) == (4, 0, {})
    assert all(before == after for before, after in dates_of(simulation).values())


def test_a_partner_that_moves_comes_under_the_cycle_of_its_new_contract(workspace, partner, august):
    weekly = make_contract(workspace, "weekly")
    snapshot = kinds.CONTRACT.snapshot(weekly) | {"settlementCycle": FRIDAYS}
    draft = {"partners": {partner.public_id: {"contractId": "weekly", "contract": snapshot}}}
    other = make_partner(partner.default_contract, "other")
    stays = sell(workspace, "2023-08-01", partner_id=other.public_id)

    simulation = simulate(workspace, draft)

    dates = dates_of(simulation)
    assert dates[august[0].public_id][1] == "2023-08-04"
    assert dates[stays.public_id] == (stays.settlement_date.isoformat(),) * 2
    moved = dict(simulation.partners.values_list("partner__public_id", "moved_count"))
    assert moved == {"seller": 3, "other": 0}


def test_what_a_draft_cannot_calculate_keeps_its_date(workspace, partner, contract):
    dollars = {"currency": "USD", "paidAt": "2023-08-11T03:00:00Z"}
    foreign = sell(workspace, "2023-08-11", 500, externalPaymentDetail=dollars)
    fixed = {"type": "FIXED_AMOUNT", "amount": 300}
    draft = contract_draft(contract, platformFee=fixed, settlementCycle=FRIDAYS)

    simulation = simulate(workspace, draft)

    day = foreign.settlement_date.isoformat()
    assert dates_of(simulation) == {foreign.public_id: (day, day)}


def test_those_that_only_move_are_remembered_by_name_behind_those_that_differ(
    workspace, contract, august
):
    [row] = simulate(workspace, contract_draft(contract, settlementCycle=FRIDAYS)).partners.all()
    moved = Transfer.objects.exclude(pk=august[2].pk).order_by("-pk")

    assert [each[0] for each in row.largest] == [each.public_id for each in moved]
    assert row.largest[-1][4:] == [august[0].settlement_date.isoformat(), "2023-08-04"]


def test_one_transfer_is_explained_with_its_date(workspace, contract, august):
    draft = contract_draft(contract, settlementCycle=FRIDAYS)
    drafted = past_orders(simulate(workspace, draft)).draft
    took_back = Transfer.objects.get(type="ORDER_CANCEL")

    assert explain_draft(august[0], drafted).settlement_date == date(2023, 8, 4)
    assert explain_draft(august[2], drafted).settlement_date == date(2023, 8, 21)
    assert explain_draft(took_back, drafted).settlement_date == date(2023, 8, 18)


def test_no_partner_moves_more_than_it_has(workspace, contract, august):
    simulation = simulate(workspace, contract_draft(contract, settlementCycle=FRIDAYS))

    for wrong in (5, -1):
        with pytest.raises(IntegrityError, match="moved_some"), transaction.atomic():
            SimulatedPartner.objects.filter(simulation=simulation).update(moved_count=wrong)


def cycle(workspace, partner):
    return contract_draft(partner.default_contract, settlementCycle=FRIDAYS)


def move(workspace, partner):
    daily = {"lagDays": 1, "datePolicy": "CALENDAR_DAY", "method": {"daily": {}}}
    return move_draft(partner, make_contract(workspace, "daily", settlementCycle=daily))


def mixed(workspace, partner):
    fixed = {"type": "FIXED_AMOUNT", "amount": 777}
    drafted = contract_draft(partner.default_contract, platformFee=fixed, settlementCycle=NEXT_DAY)
    return calculator_draft() | drafted


@pytest.mark.parametrize("draft_of", [cycle, move, mixed])
@pytest.mark.parametrize("is_planned", [False, True])
def test_once_adopted_the_real_run_settles_on_the_simulated_dates(
    workspace, partner, month, draft_of, is_planned, monkeypatch
):
    """The very orders that wait for their start day: two weeks of it, holidays and all."""
    ahead = [clock.today() + timedelta(days=7 + days) for days in range(14)]
    orders = [sell(workspace, day.isoformat(), 10_000 + day.day) for day in ahead]
    cancel(workspace, orders[3], 1_234, ahead[5].isoformat())
    given = (ahead[-1] + timedelta(days=3)).isoformat()
    sell(workspace, ahead[2].isoformat(), settlementDate=given)
    cancel(workspace, orders[4], 4_321, ahead[6].isoformat(), settlementDate=given)
    draft = draft_of(workspace, partner)
    simulation = simulate(workspace, draft, clock.today(), ahead[-1])
    tried = past_orders(simulation).try_orders(past_orders(simulation).orders()).tried

    moment = clock.kst_midnight(ahead[0]) if is_planned else None
    adopt_simulation(simulation=simulation, actor=ACTOR, applied_at=moment)
    later = clock.kst_midnight(ahead[-1]) + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    settle_due(workspace=workspace, actor=ACTOR, as_of=ahead[-1])

    mine = Transfer.objects.filter(settlement_start_date__gte=ahead[0])
    real = {each.public_id: each for each in mine}
    assert len(real) == 17
    assert {key: each.settlement_date for key, each in real.items()} == {
        each.public_id: each.after_date for each in tried
    }
    assert {key: each.settlement_amount for key, each in real.items()} == {
        each.public_id: each.after.settlement_amount for each in tried
    }
    assert sum(each.is_moved for each in tried) == simulation.totals["KRW"]["moved_count"] > 0
    settled: dict[str, int] = {}
    for each in real.values():
        day = each.settlement_date.isoformat()
        settled[day] = settled.get(day, 0) + each.signed_amount
    drafted = {day: after for day, (_, after) in simulation.totals["KRW"]["dates"].items()}
    assert {day: after for day, after in drafted.items() if after} == settled
