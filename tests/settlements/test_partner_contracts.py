"""Which contract an order falls under: the one it names, else its partner's of the start day."""

from datetime import date, timedelta

import pytest

from core import clock
from partners.inputs import UpdatePartner
from partners.services import apply_due_schedules, schedule_update, update_partner
from settlements.models import Transfer
from settlements.services import register_cancel, register_order, settle_due
from tests.migrating import earlier
from tests.settlements.factories import (
    ACTOR,
    broken_truths,
    cancel_input,
    make_contract,
    move_partner,
    order_input,
)

START = clock.today() + timedelta(days=10)


@pytest.fixture
def lower(workspace):
    return make_contract(workspace, "lower", platformFee={"fixedRate": 5_000})


@pytest.fixture
def register(workspace, partner):
    def register(**wire) -> Transfer:
        return register_order(workspace=workspace, actor=ACTOR, order=order_input(**wire))

    return register


def fees(*orders: Transfer) -> list[tuple[str, int]]:
    for order in orders:
        order.refresh_from_db()
    return [(order.contract.public_id, order.platform_fee_amount) for order in orders]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2022-05-05", ("basic", 1_000)),
        ("2023-08-09", ("basic", 1_000)),
        ("2023-08-10", ("lower", 500)),
        ("2026-01-01", ("lower", 500)),
    ],
)
def test_the_partners_contract_of_the_start_day_counts(partner, lower, register, start, expected):
    move_partner(partner, "lower", date(2023, 8, 10))

    assert fees(register(settlementStartDate=start)) == [expected]


def test_a_named_contract_counts_on_any_day(partner, lower, register):
    move_partner(partner, "lower", date(2023, 8, 10))

    named = register(settlementStartDate="2026-01-01", contractId="basic")

    assert (named.contract_is_named, *fees(named)) == (True, ("basic", 1_000))


def test_what_was_registered_ahead_follows_its_partner(workspace, partner, lower, register):
    """A move planned for a day before the start, made on that day."""
    follows, stays = (
        register(settlementStartDate=START.isoformat(), **wire)
        for wire in ({}, {"contractId": "basic"})
    )
    cancels = [
        register_cancel(
            workspace=workspace,
            actor=ACTOR,
            cancel=cancel_input(
                order,
                orderDetail={"orderAmount": 4_000},
                settlementStartDate=START.isoformat(),
            ),
        )
        for order in (follows, stays)
    ]
    update = UpdatePartner(default_contract_id="lower")
    move_at = clock.now() + timedelta(days=5)
    schedule_update(row=partner, update=update, applied_at=move_at, actor=ACTOR)
    assert fees(follows, stays) == [("basic", 1_000), ("basic", 1_000)]

    apply_due_schedules(now=move_at)
    assert settle_due(workspace=workspace, actor=ACTOR, as_of=START).started_count == 4

    assert fees(follows, stays) == [("lower", 500), ("basic", 1_000)]
    assert fees(*cancels) == [("lower", 200), ("basic", 400)]
    assert broken_truths(workspace) == {}


def test_a_move_after_the_start_day_changes_nothing(workspace, partner, lower, register):
    ahead = register(settlementStartDate=START.isoformat())
    partner.versions.create(
        workspace=workspace,
        number=2,
        applied_at=clock.kst_midnight(START + timedelta(days=1)),
        content=partner.versions.get().content | {"defaultContractId": "lower"},
        actor_name="시험",
    )

    settle_due(workspace=workspace, actor=ACTOR, as_of=START + timedelta(days=2))

    assert fees(ahead) == [("basic", 1_000)]


def test_orders_of_before_that_named_a_contract_still_do(
    transactional_db, workspace, partner, lower, register
):
    make_contract(workspace, "named")
    update_partner(partner=partner, update=UpdatePartner(default_contract_id="lower"), actor=ACTOR)
    own, once, named = (
        register(settlementStartDate=start, **wire)
        for start, wire in (
            (START.isoformat(), {}),
            ("2023-08-10", {"contractId": "basic"}),
            (START.isoformat(), {"contractId": "named"}),
        )
    )
    with earlier("settlements", "0008_open_transfers"):
        pass

    told = Transfer.objects.in_bulk([own.pk, once.pk, named.pk])
    assert [told[each.pk].contract_is_named for each in (own, once, named)] == [
        False,
        False,  # it was the partner's once: nothing tells the two apart
        True,
    ]
