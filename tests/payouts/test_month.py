"""The first page's month: exact sums, cancels subtracted, days as Korea counts them."""

from __future__ import annotations

from datetime import date

from core import clock
from payouts.queries.month import MoneyDay, MonthFlow, money_days, month_flow
from payouts.services import drain
from settlements.services import settle_due
from tests.payouts.factories import ACTOR, make_partner, make_started, owe
from tests.settlements.factories import make_cancel, make_manual, make_order

OCTOBER = date(2026, 10, 1)
DUE = date(2026, 10, 30)


def test_orders_become_pay_step_by_step(workspace, contract):
    partner = make_partner(contract)
    make_order(partner, DUE, 100_000)
    make_cancel(make_order(partner, DUE, 10_000), DUE)
    make_manual(partner, DUE, -500)
    make_order(partner, date(2026, 11, 2), 70_000)
    settle_due(workspace=workspace, actor=ACTOR, as_of=DUE)

    assert month_flow(workspace, OCTOBER) == MonthFlow(
        order=100_000,
        discount_share=0,
        platform_fee=10_000,
        additional_fee=0,
        vat=1_000,
        manual=-500,
        settlement=88_500,
        unpaid=88_500,
    )
    assert month_flow(workspace, OCTOBER).other == 0
    assert month_flow(workspace, OCTOBER).paid == 0


def test_a_month_without_settlements_is_all_zero(workspace):
    flow = month_flow(workspace, OCTOBER)

    assert (flow.order, flow.settlement, flow.paid, flow.other) == (0, 0, 0, 0)


def test_money_moves_on_the_day_it_moved(workspace, contract, account):
    owe(make_partner(contract), 30_000)
    make_started(account)
    drain(workspace=workspace)
    today = account.movements.get(type="WITHDRAWAL").traded_at.astimezone(clock.KST).date()

    days = money_days(workspace, today.replace(day=1))

    assert days == [MoneyDay(today, money_in=1_000_000_000, money_out=30_000)]
    assert month_flow(workspace, OCTOBER).paid == 30_000


def test_what_is_to_be_paid_waits_on_its_day(workspace, contract, monkeypatch):
    monkeypatch.setattr("core.clock.today", lambda: date(2026, 10, 29))
    owe(make_partner(contract), 30_000)
    owe(make_partner(contract), 5_000)

    assert money_days(workspace, OCTOBER) == [MoneyDay(DUE, expected=35_000)]
    assert money_days(workspace, date(2026, 11, 1)) == []
