"""Two services meet in the middle: one waits for the other, nobody is killed by the database."""

from __future__ import annotations

from collections import Counter

import pytest

from core.errors import Conflict
from core.invariants import violations
from payouts.models import BulkPayout
from payouts.services import (
    bulk,
    execute,
    launching,
    progress,
    requeue_payouts,
    stop_bulk_payout,
)
from payouts.services.execution import reserving
from tests.concurrency.racing import Meeting, at_once, owe_many
from tests.payouts.factories import (
    ACTOR,
    make_partner,
    make_started,
    owe,
    paid_by_bank,
    statuses,
)
from tests.settlements.factories import make_contract

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def meeting(monkeypatch) -> Meeting:
    return Meeting(monkeypatch)


@pytest.fixture
def failed(account, bank) -> BulkPayout:
    """One payout the bank refused."""
    owe_many(account, 1, ending="999412")
    bulk_payout = make_started(account)
    execute(bulk_payout=bulk_payout)
    assert set(statuses(bulk_payout).values()) == {"FAILED"}
    bulk_payout.refresh_from_db()
    return bulk_payout


def test_two_workers_run_out_of_balance_together(account, bank, meeting) -> None:
    contract = make_contract(account.workspace)
    for number in range(10):
        owe(make_partner(contract, f"p{number}"), 300_000)
    bulk_payout = make_started(account)
    meeting.after(reserving, "_claimable")
    sent = at_once(*[lambda: execute(bulk_payout=bulk_payout, batch_size=5)] * 2)
    assert sum(sent) == 3
    assert Counter(statuses(bulk_payout).values()) == {"SUCCEEDED": 3, "STOPPED": 7}
    assert len(paid_by_bank(bank)) == 3
    assert list(violations(account.workspace)) == []


def test_a_stop_meets_the_last_reservation(account, bank, meeting) -> None:
    owe_many(account, 5)
    bulk_payout = make_started(account)
    meeting.after(reserving, "_claimable")
    meeting.before(launching, "stop_unsent")
    sent, stopped = at_once(
        lambda: execute(bulk_payout=bulk_payout),
        lambda: stop_bulk_payout(bulk_payout=bulk_payout, actor=ACTOR, reason="중단"),
    )
    stopped = 0 if isinstance(stopped, Conflict) else stopped
    assert sorted([sent, stopped]) == [0, 5]
    assert len(paid_by_bank(bank)) == sent
    bulk_payout.refresh_from_db()
    assert bulk_payout.status == "COMPLETED"
    assert list(violations(account.workspace)) == []


def test_rolling_up_does_not_end_what_was_just_retried(failed, meeting) -> None:
    """Counted before the retry, written after it: the new attempt would wait for ever."""
    BulkPayout.objects.filter(pk=failed.pk).update(status="ONGOING")
    meeting.after(progress, "_reached")
    meeting.before(bulk, "_run_again")
    at_once(
        lambda: progress.roll_up(bulk_payout=failed, actor=ACTOR),
        lambda: requeue_payouts(payouts=failed.payouts.all(), actor=ACTOR),
    )
    failed.refresh_from_db()
    assert failed.status == "ONGOING"
    assert statuses(failed) == {"p0": "PREPARED"}
