"""Which contract an order falls under: the one it names, else its partner's of the start day."""

import io
from datetime import date, timedelta

import pytest

from core import clock
from core.events.models import Event
from partners.inputs import UpdatePartner
from partners.models import PartnerVersion
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
from tests.settlements.upload.flows import register as registered_file
from tests.settlements.upload.flows import upload

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
    move_partner(partner, "lower", START + timedelta(days=1))

    settle_due(workspace=workspace, actor=ACTOR, as_of=START + timedelta(days=2))

    assert fees(ahead) == [("basic", 1_000)]


def test_of_several_moves_on_a_day_the_last_counts(workspace, partner, lower, register):
    make_contract(workspace, "free", platformFee={"fixedRate": 0})
    ahead = register(settlementStartDate=START.isoformat())
    move_partner(partner, "lower", START)
    move_partner(partner, "free", START, number=3)

    settle_due(workspace=workspace, actor=ACTOR, as_of=START)

    assert fees(ahead, register(settlementStartDate=START.isoformat())) == [("free", 0)] * 2


def test_an_order_whose_cancel_has_started_stays_with_it(workspace, partner, lower, register):
    ahead = register(settlementStartDate=START.isoformat())
    cancel = register_cancel(
        workspace=workspace,
        actor=ACTOR,
        cancel=cancel_input(ahead, orderDetail={"orderAmount": 4_000}),
    )
    move_partner(partner, "lower", START)

    settle_due(workspace=workspace, actor=ACTOR, as_of=START)

    assert fees(ahead, cancel) == [("basic", 1_000), ("basic", 400)]
    assert broken_truths(workspace) == {}


def test_an_order_that_cannot_move_keeps_its_contract(workspace, partner, register):
    """A fee in won says nothing about dollars."""
    make_contract(workspace, "won", platformFee={"fixedAmount": 500})
    payment = {"currency": "USD", "paidAt": "2023-08-11T03:00:00Z"}
    ahead = register(settlementStartDate=START.isoformat(), externalPaymentDetail=payment)
    move_partner(partner, "won", START)

    settle_due(workspace=workspace, actor=ACTOR, as_of=START)

    assert fees(ahead) == [("basic", 1_000)]
    assert Event.objects.get(kind="transfer.kept_terms").object_id == ahead.public_id


class TestAPlanWhoseMomentHasCome:
    """It counts at once, also before anybody has put it onto its row."""

    @pytest.fixture(autouse=True)
    def planned(self, partner, lower):
        update = UpdatePartner(default_contract_id="lower")
        soon = clock.now() + timedelta(seconds=1)
        schedule_update(row=partner, update=update, applied_at=soon, actor=ACTOR)
        partner.versions.filter(status="SCHEDULED").update(applied_at=clock.now())

    def test_for_an_order(self, workspace, register):
        assert fees(register(settlementStartDate=clock.today().isoformat())) == [("lower", 500)]
        assert not PartnerVersion.objects.filter(status="SCHEDULED").exists()

    @pytest.mark.django_db(transaction=True)
    def test_for_a_file(self, workspace):
        lines = ["구분,결제 ID,파트너 ID,주문 금액,결제 일시,정산 시작일"]
        lines.append(f"주문,p-1,seller,10000,2023-08-11,{clock.today()}")
        registered_file(upload(workspace, io.BytesIO("\n".join(lines).encode())))
        assert fees(Transfer.objects.get()) == [("lower", 500)]

    def test_for_what_starts(self, workspace, partner, register):
        order = order_input(settlementStartDate=clock.today().isoformat())
        plans = partner.versions.filter(status="SCHEDULED")
        plans.update(applied_at=clock.now() + timedelta(hours=1))
        ahead = register_order(workspace=workspace, actor=ACTOR, order=order)
        Transfer.objects.filter(pk=ahead.pk).update(status="SCHEDULED")
        plans.update(applied_at=clock.now())

        settle_due(workspace=workspace, actor=ACTOR)

        assert fees(ahead) == [("lower", 500)]


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
        True,
        True,
    ]
