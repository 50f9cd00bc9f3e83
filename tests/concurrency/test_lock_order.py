"""Two services meet in the middle: one waits for the other, nobody is killed by the database."""

from __future__ import annotations

from collections import Counter

import pytest

from core import clock
from core.errors import Conflict
from core.invariants import violations
from partners.models import PlatformSetting
from payouts.errors import ContentChanged, NonPayablePartnerSettlements
from payouts.models import AccountTransfer, BulkPayout, Payout
from payouts.services import (
    approvals,
    approve,
    bulk,
    cancel_payouts,
    complete_payout,
    create_bulk_payout,
    direct,
    execute,
    generate_payouts,
    generation,
    launching,
    progress,
    request_approval,
    requeue_payouts,
    set_memos,
    start_bulk_payout,
    stop_bulk_payout,
)
from payouts.services.execution import reserving
from payouts.services.launching import schedule_bulk_payout
from settlements.models import PartnerSettlement, Transfer
from settlements.services import delete_transfer, deleting, settle_due
from tests.concurrency.racing import Meeting, at_once, owe_many
from tests.payouts.factories import (
    ACTOR,
    DUE,
    make_partner,
    make_ready,
    make_started,
    owe,
    paid_by_bank,
    statuses,
)
from tests.settlements.factories import make_contract, make_manual

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


def test_nothing_is_sent_of_a_payout_cancelled_while_it_is_approved(
    account, bank, meeting, settings
) -> None:
    settings.PAYOUT_RECALL_SECONDS = 0
    PlatformSetting.objects.update_or_create(
        workspace=account.workspace,
        defaults={"requires_second_person": False, "requires_otp": False},
    )
    owe_many(account, 2)
    bulk_payout = make_ready(account)
    approval = request_approval(bulk_payout=bulk_payout, actor=ACTOR)
    one = Payout.objects.filter(partner__public_id="p0")
    meeting.after(bulk, "cancel_and_release")
    meeting.before(approvals, "_launch")
    cancelled, approved = at_once(
        lambda: cancel_payouts(workspace=account.workspace, payouts=one, actor=ACTOR),
        lambda: approve(approval=approval, actor=ACTOR),
    )
    if cancelled == 1:
        assert isinstance(approved, ContentChanged)
        assert statuses(bulk_payout) == {"p0": "CANCELLED", "p1": "CONFIRMED"}
        assert not AccountTransfer.objects.filter(payout__isnull=False).exists()
    else:
        assert isinstance(cancelled, Conflict)
        assert statuses(bulk_payout) == {"p0": "PREPARED", "p1": "PREPARED"}
    assert list(violations(account.workspace)) == []


def test_a_retry_meets_a_cancel(failed, meeting) -> None:
    meeting.after(bulk, "locked_ids")
    meeting.before(bulk, "cancel_and_release")
    payouts = failed.payouts.all()
    retried, cancelled = at_once(
        lambda: requeue_payouts(payouts=payouts, actor=ACTOR),
        lambda: cancel_payouts(workspace=failed.workspace, payouts=payouts, actor=ACTOR),
    )
    assert sorted([retried == 1, cancelled == 1]) == [False, True]
    assert list(violations(failed.workspace)) == []


def test_memos_meet_the_start(account, meeting) -> None:
    owe_many(account, 2)
    bulk_payout = make_ready(account)
    schedule_bulk_payout(bulk_payout=bulk_payout, moment=clock.now(), actor=ACTOR)
    meeting.after(bulk, "locked_ids")
    meeting.after(launching, "_prepare_attempts")
    noted, started = at_once(
        lambda: set_memos(
            payouts=bulk_payout.payouts.all(), memos={"deposit_memo": "10월"}, actor=ACTOR
        ),
        lambda: start_bulk_payout(bulk_payout=bulk_payout, actor=ACTOR),
    )
    assert isinstance(started, BulkPayout)
    sent_with = AccountTransfer.objects.filter(payout__isnull=False, status="PREPARED")
    memos = set(sent_with.values_list("deposit_memo", flat=True))
    assert (noted, memos) in [(2, {"10월"}), (0, {""})]


def test_a_retry_meets_a_payment_by_hand(failed, meeting) -> None:
    ids = list(PartnerSettlement.objects.values_list("public_id", flat=True))
    meeting.after(bulk, "locked_ids")
    meeting.after(direct, "_refuse_stuck")
    retried, completed = at_once(
        lambda: requeue_payouts(payouts=failed.payouts.all(), actor=ACTOR),
        lambda: complete_payout(
            workspace=failed.workspace, settlement_ids=ids, bulk_payout_id="by-hand", actor=ACTOR
        ),
    )
    if retried == 1:
        assert isinstance(completed, NonPayablePartnerSettlements)
    else:
        assert isinstance(retried, Conflict)
        assert completed.payout_count == 1
    assert list(violations(failed.workspace)) == []


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


def test_deleting_an_order_meets_generation(account, meeting) -> None:
    partner = make_partner(make_contract(account.workspace))
    owe(partner, 1_000)
    make_manual(partner, DUE, 500)
    settle_due(workspace=account.workspace, actor=ACTOR, as_of=DUE)
    late = Transfer.objects.order_by("pk").last()
    bulk_payout = create_bulk_payout(workspace=account.workspace, actor=ACTOR, name="10월")
    meeting.before(deleting, "_shrink")
    meeting.after(generation, "_freeze_selection")
    deleted, generated = at_once(
        lambda: delete_transfer(
            workspace=account.workspace, transfer_id=late.public_id, actor=ACTOR
        ),
        lambda: generate_payouts(bulk_payout=bulk_payout, actor=ACTOR),
    )
    assert not isinstance(generated, Exception)
    assert generated.total == (1_000 if deleted is None else 1_500)
    assert list(violations(account.workspace)) == []
