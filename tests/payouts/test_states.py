"""Every pair of states, through the one door: moved with an event, or refused and unchanged."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from django.db import transaction

from core import clock
from core.errors import IllegalTransition, LostRace
from core.events.models import Event
from core.events.transitions import transition
from payouts.models import (
    AccountTransfer,
    AccountTransferStatus,
    Approval,
    BulkPayout,
    BulkPayoutStatus,
    Payout,
    PayoutStatus,
)
from tests.payouts.factories import ACTOR, make_partner, make_ready, make_started, owe

PAID_AT = clock.kst_midnight(date(2026, 10, 31))


def fields_of(model: type, status: str) -> dict[str, object]:
    """What the database demands beside the status."""
    if model is Payout:
        return {"paid_at": PAID_AT if status == "SUCCEEDED" else None}
    if model is AccountTransfer and status == "SUCCEEDED":
        return {"traded_at": PAID_AT}
    if model is Approval and status == "APPROVED":
        return {"decider_user_id": 2}
    return {}


def walk(row, states) -> None:
    """Put the row in every state and try to move it to every other."""
    model, allowed = type(row), 0
    for came_from, to in product(states, states):
        with transaction.atomic():
            model.objects.filter(pk=row.pk).update(status=came_from, **fields_of(model, came_from))
            row.refresh_from_db()
            events = Event.objects.count()
            if to in model.TRANSITIONS[came_from]:
                transition(row, to, actor=ACTOR, **fields_of(model, to))
                assert Event.objects.count() == events + 1
                allowed += 1
            else:
                with pytest.raises(IllegalTransition):
                    transition(row, to, actor=ACTOR)
                assert Event.objects.count() == events
            row.refresh_from_db()
            assert row.status == (to if to in model.TRANSITIONS[came_from] else came_from)
            transaction.set_rollback(True)
    assert allowed == sum(len(targets) for targets in model.TRANSITIONS.values())


@pytest.fixture
def started(account, contract) -> BulkPayout:
    owe(make_partner(contract), 10_000)
    return make_started(account)


def test_bulk_payout(started) -> None:
    walk(started, BulkPayoutStatus.values)


def test_payout(started) -> None:
    walk(started.payouts.get(), PayoutStatus.values)


def test_account_transfer(started) -> None:
    walk(started.payouts.get().attempts.get(), AccountTransferStatus.values)


def test_approval(account, contract) -> None:
    owe(make_partner(contract), 10_000)
    approval = Approval.objects.create(
        workspace=account.workspace,
        public_id="apv-1",
        bulk_payout=make_ready(account),
        summary={},
        requester_user_id=1,
        requester_name="요청자",
    )
    walk(approval, ["REQUESTED", "APPROVED", "REFUSED", "WITHDRAWN"])


def test_a_second_writer_loses(started) -> None:
    mine, theirs = started.payouts.get(), started.payouts.get()
    transition(theirs, PayoutStatus.PROCESSING, actor=ACTOR)
    with pytest.raises(LostRace):
        transition(mine, PayoutStatus.STOPPED, actor=ACTOR)
    transition(theirs, PayoutStatus.FAILED, actor=ACTOR)
    Payout.objects.update(status="PREPARED")


@pytest.mark.parametrize("model", [BulkPayout, Payout, AccountTransfer, Approval])
def test_every_state_has_a_face_and_only_real_states_have(model) -> None:
    assert set(model.FACES) == set(model.TRANSITIONS)


def test_an_unknown_transfer_has_no_way_back_to_sending() -> None:
    assert AccountTransfer.TRANSITIONS["UNKNOWN"] == {"SUCCEEDED", "FAILED"}
    for state in ("SUCCEEDED", "FAILED", "STOPPED", "CANCELLED"):
        assert not AccountTransfer.TRANSITIONS[state]
