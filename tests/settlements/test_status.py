from datetime import date
from itertools import product

import pytest

from core import clock
from core.errors import IllegalTransition, InvalidRequest, LostRace
from core.events.models import Event
from core.ledger.queries import balance, trial_balance
from payouts.models import BulkPayout, PayoutItem
from settlements import errors
from settlements.models import (
    FOLLOWING_STATUS,
    PartnerSettlement,
    SettlementStatus,
    Transfer,
    TransferStatus,
)
from settlements.queries import find_settlements
from settlements.services import (
    delete_settlements,
    delete_transfer,
    exclude_settlements,
    follow_payout,
    hold_settlements,
    restore_settlements,
    settle_due,
)
from tests.settlements.factories import make_cancel, make_manual, make_order

OCTOBER = date(2026, 10, 30)
EVERYTHING = PartnerSettlement.objects.all()

BY_HAND = {
    hold_settlements: ("PAYOUT_WITHHELD", {"PAYOUT_PREPARED", "PAYOUT_EXCLUDED"}),
    exclude_settlements: (
        "PAYOUT_EXCLUDED",
        {"PAYOUT_PREPARED", "PAYOUT_WITHHELD", "CANCELLED"},
    ),
    restore_settlements: (
        "PAYOUT_PREPARED",
        {"PAYOUT_WITHHELD", "PAYOUT_EXCLUDED", "PAYOUT_FAILED", "CANCELLED"},
    ),
}


@pytest.fixture
def settled(workspace, partner, actor):
    make_order(partner, OCTOBER)
    settle_due(workspace=workspace, as_of=OCTOBER, actor=actor)
    return PartnerSettlement.objects.get()


def put(settlement: PartnerSettlement, status: str) -> None:
    PartnerSettlement.objects.filter(pk=settlement.pk).update(status=status)
    Transfer.objects.filter(partner_settlement=settlement).update(status=FOLLOWING_STATUS[status])


@pytest.mark.parametrize(("verb", "came_from"), [*product(BY_HAND, SettlementStatus.values)])
def test_what_people_may_do_in_each_status(workspace, settled, actor, verb, came_from):
    to, allowed = BY_HAND[verb]
    put(settled, came_from)

    if came_from in allowed:
        assert (
            verb(workspace=workspace, settlements=EVERYTHING.all(), actor=actor, reason="확인") == 1
        )
        settled.refresh_from_db()
        assert (settled.status, settled.memo) == (to, "확인")
        event = Event.objects.get(object_id=settled.public_id)
        assert event.kind == f"partnersettlement.{to.lower()}"
        assert event.changes == {"status": [came_from, to]}
        assert event.reason == "확인"
    else:
        with pytest.raises(IllegalTransition):
            verb(workspace=workspace, settlements=EVERYTHING.all(), actor=actor, reason="확인")
        settled.refresh_from_db()
        assert settled.status == came_from
        assert not Event.objects.filter(object_id=settled.public_id).exists()


@pytest.mark.parametrize("verb", [hold_settlements, exclude_settlements])
def test_holding_and_excluding_need_a_reason(workspace, settled, actor, verb):
    with pytest.raises(InvalidRequest):
        verb(workspace=workspace, settlements=EVERYTHING.all(), actor=actor, reason=" ")


@pytest.mark.parametrize(
    ("reason", "memo"), [("", "세금 확인"), (" ", "세금 확인"), ("끝남", "끝남")]
)
def test_restoring_without_a_reason_keeps_the_memo(workspace, settled, actor, reason, memo):
    hold_settlements(
        workspace=workspace, settlements=EVERYTHING.all(), actor=actor, reason="세금 확인"
    )

    restore_settlements(
        workspace=workspace, settlements=EVERYTHING.all(), actor=actor, reason=reason
    )

    settled.refresh_from_db()
    assert (settled.status, settled.memo) == ("PAYOUT_PREPARED", memo)


def test_one_that_cannot_move_keeps_all_from_moving(workspace, partner, settled, actor):
    put(settled, "IN_PAYOUT")
    make_manual(partner, OCTOBER, 500)
    settle_due(workspace=workspace, as_of=OCTOBER, actor=actor)

    with pytest.raises(IllegalTransition, match="1건이 지급 중"):
        hold_settlements(
            workspace=workspace, settlements=EVERYTHING.all(), actor=actor, reason="확인"
        )

    assert sorted(PartnerSettlement.objects.values_list("status", flat=True)) == [
        "IN_PAYOUT",
        "PAYOUT_PREPARED",
    ]


@pytest.mark.parametrize(
    ("came_from", "to"), [*product(SettlementStatus.values, SettlementStatus.values)]
)
def test_following_a_payout_moves_settlement_and_transfers_or_nothing(
    workspace, settled, actor, came_from, to
):
    put(settled, came_from)

    def follow() -> None:
        follow_payout(
            workspace=workspace,
            settlement_ids=[settled.pk],
            to=SettlementStatus(to),
            actor=actor,
            object_id="bp-1",
        )

    if to in PartnerSettlement.TRANSITIONS[came_from]:
        follow()
        expected = to
    else:
        with pytest.raises(LostRace):
            follow()
        expected = came_from
    settled.refresh_from_db()
    transfer = Transfer.objects.get()
    assert (settled.status, transfer.status) == (expected, FOLLOWING_STATUS[expected])


def test_every_status_has_a_following_one():
    assert set(FOLLOWING_STATUS) == set(SettlementStatus.values)
    assert set(PartnerSettlement.TRANSITIONS) == set(SettlementStatus.values)
    assert set(PartnerSettlement.FACES) == set(SettlementStatus.values)
    assert set(Transfer.TRANSITIONS) == set(TransferStatus.values)
    assert set(Transfer.FACES) == set(TransferStatus.values)


@pytest.mark.parametrize("status", SettlementStatus.values)
def test_which_settlements_may_be_deleted(workspace, settled, actor, status):
    put(settled, status)

    if status in {"PAYOUT_PREPARED", "PAYOUT_WITHHELD", "PAYOUT_EXCLUDED", "CANCELLED"}:
        delete_settlements(workspace=workspace, settlements=EVERYTHING.all(), actor=actor)
        assert not Transfer.objects.exists()
        assert not PartnerSettlement.objects.exists()
        assert set(trial_balance(workspace).values()) == {0}
        event = Event.objects.get(kind="partnersettlement.deleted")
        assert event.changes["settlement_amount"] == 8_900
        assert event.changes["partner"] == "seller"
    else:
        with pytest.raises(errors.NonDeletablePartnerSettlements) as refusal:
            delete_settlements(workspace=workspace, settlements=EVERYTHING.all(), actor=actor)
        assert refusal.value.extra["ids"] == [settled.public_id]
        assert balance(workspace, "PARTNER_PAYABLE", "seller") == -8_900


def test_deleting_a_revised_settlement_reverses_every_revision(workspace, partner, settled, actor):
    make_order(partner, OCTOBER, 5_000)
    settle_due(workspace=workspace, as_of=OCTOBER, actor=actor)

    delete_settlements(workspace=workspace, settlements=EVERYTHING.all(), actor=actor)

    assert set(trial_balance(workspace).values()) == {0}


def test_an_order_goes_only_together_with_its_cancels(workspace, settled, actor):
    order = Transfer.objects.get()
    make_cancel(order, OCTOBER)
    settle_due(workspace=workspace, as_of=OCTOBER, actor=actor)

    with pytest.raises(errors.ReferencedCancelOrderTransfersExist) as refusal:
        delete_settlements(
            workspace=workspace,
            settlements=EVERYTHING.filter(pk=settled.pk),
            actor=actor,
        )
    assert refusal.value.extra["ids"] == [settled.public_id]

    assert delete_settlements(workspace=workspace, settlements=EVERYTHING.all(), actor=actor) == 2


def test_an_unsettled_cancel_also_protects_its_order(workspace, settled, actor):
    make_cancel(Transfer.objects.get(), date(2026, 11, 30))

    with pytest.raises(errors.ReferencedCancelOrderTransfersExist):
        delete_settlements(workspace=workspace, settlements=EVERYTHING.all(), actor=actor)


def test_unknown_settlements_are_named(workspace, settled):
    with pytest.raises(errors.PartnerSettlementsNotFound) as refusal:
        find_settlements(workspace, [settled.public_id, "stl-none"])

    assert refusal.value.extra == {"ids": ["stl-none"], "graphqlIds": ["MTE6c3RsLW5vbmU="]}


@pytest.mark.parametrize("status", TransferStatus.values)
def test_which_transfers_may_be_deleted(workspace, settled, actor, status):
    transfer = Transfer.objects.get()
    if status in {"SCHEDULED", "IN_PROCESS"}:
        Transfer.objects.update(status=status, partner_settlement=None)
    else:
        Transfer.objects.update(status=status)

    if status in {"SCHEDULED", "IN_PROCESS", "SETTLED"}:
        delete_transfer(workspace=workspace, transfer_id=transfer.public_id, actor=actor)
        assert not Transfer.objects.exists()
        assert Event.objects.filter(kind="transfer.deleted").count() == 1
    else:
        with pytest.raises(errors.TransferNonDeletableStatus):
            delete_transfer(workspace=workspace, transfer_id=transfer.public_id, actor=actor)


@pytest.mark.parametrize("status", ["CONFIRMED", "PAYOUT_SCHEDULED", "PAYOUT_FAILED"])
def test_a_settled_transfer_stays_while_a_payout_has_its_settlement(
    workspace, settled, actor, status
):
    PartnerSettlement.objects.update(status=status)
    Transfer.objects.update(status="SETTLED")

    with pytest.raises(errors.TransferNonDeletableStatus):
        delete_transfer(
            workspace=workspace, transfer_id=Transfer.objects.get().public_id, actor=actor
        )

    assert Transfer.objects.count() == 1


def test_deleting_a_settled_transfer_shrinks_its_settlement(workspace, partner, settled, actor):
    extra = make_order(partner, OCTOBER, 5_000, settlement_start_date=date(2026, 10, 1))
    settle_due(workspace=workspace, as_of=OCTOBER, actor=actor)

    delete_transfer(workspace=workspace, transfer_id=extra.public_id, actor=actor)

    settled.refresh_from_db()
    assert settled.settlement_amount == 8_900
    assert settled.transfer_count == 1
    assert settled.revision == 3
    assert settled.start_date_from == OCTOBER
    assert balance(workspace, "PARTNER_PAYABLE", "seller") == -8_900


def test_deleting_the_last_transfer_removes_its_settlement(workspace, settled, actor):
    delete_transfer(workspace=workspace, transfer_id=Transfer.objects.get().public_id, actor=actor)

    assert not PartnerSettlement.objects.exists()
    assert set(trial_balance(workspace).values()) == {0}


def test_an_order_with_cancels_is_not_deleted(workspace, partner, actor):
    order = make_order(partner, OCTOBER)
    make_cancel(order, OCTOBER)

    with pytest.raises(errors.CancelOrderTransfersExists):
        delete_transfer(workspace=workspace, transfer_id=order.public_id, actor=actor)


def test_a_foreign_transfer_is_not_found(workspace, settled, actor):
    other = workspace.company.workspaces.get(environment="TEST")

    with pytest.raises(errors.TransferNotFound):
        delete_transfer(workspace=other, transfer_id=Transfer.objects.get().public_id, actor=actor)


def test_what_a_payout_remembers_is_not_deleted(workspace, settled, actor):
    """A released line still belongs to the history of the payout that was cancelled."""
    payout = BulkPayout.objects.create(
        workspace=workspace, public_id="bp-1", name="10월", creator_id="1", creator_name="재무"
    )
    PayoutItem.objects.create(
        workspace=workspace,
        bulk_payout=payout,
        partner_settlement=settled,
        released_at=clock.now(),
        release_reason=PayoutItem.Release.CANCELLED,
    )
    put(settled, "CANCELLED")

    with pytest.raises(errors.NonDeletablePartnerSettlements):
        delete_settlements(workspace=workspace, settlements=EVERYTHING.all(), actor=actor)
    with pytest.raises(errors.TransferNonDeletableStatus):
        delete_transfer(
            workspace=workspace, transfer_id=Transfer.objects.get().public_id, actor=actor
        )

    assert Transfer.objects.get().partner_settlement == settled
    assert balance(workspace, "PARTNER_PAYABLE", "seller") == -8_900
