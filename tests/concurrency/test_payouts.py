"""Races over the same money, each with a control that loses once its guard is taken away."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Event
from time import sleep

import pytest
from django.db import IntegrityError, transaction

from core.invariants import violations
from payouts.errors import ActiveBulkPayoutAlreadyExists, NonPayablePartnerSettlements
from payouts.models import AccountTransfer, BulkPayout, FundingAccount, PayoutItem
from payouts.rails.sandbox import Behaviour
from payouts.services import (
    complete_payout,
    create_bulk_payout,
    execute,
    generate_payouts,
    requeue_payouts,
    resolve_unknown,
    start_bulk_payout,
    stop_bulk_payout,
)
from payouts.services.direct import Completed
from payouts.services.execution import reserving
from settlements.models import PartnerSettlement
from settlements.queries import SettlementFilter
from settlements.services import hold_settlements, settle_due
from tests.concurrency.racing import FUNDS, Meeting, at_once, owe_many
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


def unlocked(bulk_payout: BulkPayout) -> BulkPayout:
    return BulkPayout.objects.select_related("workspace").get(pk=bulk_payout.pk)


def in_batches_of(size: int) -> Callable[[BulkPayout], int]:
    return lambda bulk_payout: execute(bulk_payout=bulk_payout, batch_size=size)


def test_four_workers_send_each_transfer_once(account, bank) -> None:
    owe_many(account, 60)
    bulk_payout = make_started(account)
    bank.behave(Behaviour(latency_ms=5))
    send = in_batches_of(5)
    sent = at_once(*[lambda: send(bulk_payout)] * 4)
    assert sum(sent) == 60
    assert sum(1 for count in sent if count) > 1
    assert len(paid_by_bank(bank)) == 60
    assert bank.refused_duplicates() == []
    resolve_unknown()
    bulk_payout.refresh_from_db()
    assert bulk_payout.status == "COMPLETED"
    assert list(violations(account.workspace)) == []


def test_control_without_the_bulk_payout_lock_two_workers_call_the_bank_twice(
    account, bank, monkeypatch
) -> None:
    owe_many(account, 3)
    bulk_payout = make_started(account)
    monkeypatch.setattr(reserving, "locked_bulk_payout", unlocked)
    Meeting(monkeypatch).after(reserving, "_claimable")
    at_once(*[lambda: execute(bulk_payout=bulk_payout)] * 2)
    assert len(bank.refused_duplicates()) == 3


def test_two_schedulers_start_a_bulk_payout_once(account, bank) -> None:
    owe_many(account, 5)
    bulk_payout = make_ready(account)
    start = lambda: start_bulk_payout(bulk_payout=bulk_payout, actor=ACTOR)  # noqa: E731
    answers = at_once(*[start] * 4)
    assert sum(isinstance(answer, BulkPayout) for answer in answers) == 1
    assert AccountTransfer.objects.filter(type="WITHDRAWAL").count() == 5


def test_stopping_while_sending_leaves_nothing_half_done(account, bank) -> None:
    owe_many(account, 40)
    bulk_payout = make_started(account)
    bank.behave(Behaviour(latency_ms=20))
    send = in_batches_of(4)
    sent, stopped = at_once(
        lambda: send(bulk_payout),
        lambda: stop_bulk_payout(bulk_payout=bulk_payout, actor=ACTOR, reason="중단"),
    )
    assert sent + stopped == 40
    assert stopped > 0
    assert len(paid_by_bank(bank)) == sent
    assert list(violations(account.workspace)) == []


def test_two_resolvers_record_a_result_once(account, bank) -> None:
    owe_many(account, 20, ending="999001")
    bulk_payout = make_started(account)
    execute(bulk_payout=bulk_payout)
    AccountTransfer.objects.filter(status="UNKNOWN").update(next_inquiry_at="2020-01-01T00:00Z")
    resolved = at_once(*[resolve_unknown] * 3)
    assert sum(resolved) == 20
    assert set(statuses(bulk_payout).values()) == {"SUCCEEDED"}
    assert list(violations(account.workspace)) == []


def test_double_clicking_retry_makes_one_attempt(account, bank) -> None:
    owe_many(account, 1, ending="999412")
    bulk_payout = make_started(account)
    execute(bulk_payout=bulk_payout)
    retry = lambda: requeue_payouts(payouts=bulk_payout.payouts.all(), actor=ACTOR)  # noqa: E731
    answers = at_once(*[retry] * 4)
    assert sorted(map(str, answers)).count("1") == 1
    assert AccountTransfer.objects.filter(payout__isnull=False).count() == 2


def test_two_people_opening_a_bulk_payout_claim_each_settlement_once(account, bank) -> None:
    owe_many(account, 10)
    create = lambda: create_bulk_payout(  # noqa: E731
        workspace=account.workspace, actor=ACTOR, name="10월"
    )
    at_once(*[create] * 3)
    assert BulkPayout.objects.count() == 1
    assert PayoutItem.objects.filter(released_at=None).count() == 10


def test_two_batches_cannot_spend_the_same_won(account, bank) -> None:
    contract = make_contract(account.workspace)
    bulk_payouts = []
    for number in range(2):
        owe(make_partner(contract, f"p{number}"), FUNDS * 6 // 10)
        bulk_payouts.append(make_started(account, f"{number}"))
    one, two = bulk_payouts
    at_once(lambda: execute(bulk_payout=one), lambda: execute(bulk_payout=two))
    ends = sorted([*statuses(one).values(), *statuses(two).values()])
    assert ends == ["STOPPED", "SUCCEEDED"]
    assert bank.transfers("REJECTED") == []


def test_control_without_the_account_lock_both_batches_reserve(account, bank, monkeypatch) -> None:
    contract = make_contract(account.workspace)
    bulk_payouts = []
    for number in range(2):
        owe(make_partner(contract, f"p{number}"), FUNDS * 6 // 10)
        bulk_payouts.append(make_started(account, f"{number}"))
    both_have_looked = Barrier(2)
    real_balance = reserving.available_balance

    def balance_then_wait(account: FundingAccount) -> int:
        available = real_balance(account)
        both_have_looked.wait(timeout=30)
        return available

    monkeypatch.setattr(reserving, "_held_account", lambda key: FundingAccount.objects.get(pk=key))
    monkeypatch.setattr(reserving, "available_balance", balance_then_wait)
    one, two = bulk_payouts
    reserve = reserving.reserve
    at_once(
        lambda: reserve(claim="1", bulk_payout=one),
        lambda: reserve(claim="2", bulk_payout=two),
    )
    assert real_balance(account) == FUNDS - 2 * (FUNDS * 6 // 10) < 0


def test_what_is_withheld_meanwhile_is_not_called_paid(account) -> None:
    """Recorded as paid by hand: every settlement that was named, or none."""
    partner = make_partner(make_contract(account.workspace))
    kept, withheld = owe(partner, 1_000, 500)
    is_withheld = Event()

    def withhold() -> None:
        some = PartnerSettlement.objects.filter(pk=withheld.pk)
        with transaction.atomic():
            hold_settlements(
                workspace=account.workspace, settlements=some, actor=ACTOR, reason="확인"
            )
            is_withheld.set()
            sleep(0.5)  # the other one reads 지급 예정 and waits

    def complete() -> Completed:
        assert is_withheld.wait(timeout=30)
        return complete_payout(
            workspace=account.workspace,
            settlement_ids=[kept.public_id, withheld.public_id],
            bulk_payout_id="bp-1",
            actor=ACTOR,
        )

    _, refusal = at_once(withhold, complete)
    assert isinstance(refusal, NonPayablePartnerSettlements)
    assert refusal.extra["ids"] == [withheld.public_id]
    kept.refresh_from_db()
    assert kept.status == "PAYOUT_PREPARED"


def test_late_transfers_and_generation_meet_without_a_gap(account, bank) -> None:
    """A settlement grows while it is being paid: the growth is in this payout or in the next."""
    partner = make_partner(make_contract(account.workspace))
    owe(partner, 1_000)
    bulk_payout = create_bulk_payout(workspace=account.workspace, actor=ACTOR, name="10월")
    make_manual(partner, DUE, 500)
    at_once(
        lambda: generate_payouts(bulk_payout=bulk_payout, actor=ACTOR),
        lambda: settle_due(workspace=account.workspace, actor=ACTOR, as_of=DUE),
    )
    paid = bulk_payout.payouts.get().settlement_amount
    waiting = PartnerSettlement.objects.filter(status="PAYOUT_PREPARED")
    assert paid + sum(waiting.values_list("settlement_amount", flat=True)) == 1_500
    assert list(violations(account.workspace)) == []


def test_two_selections_opened_at_once_are_one(account) -> None:
    for name in ("a", "b"):
        owe(make_partner(make_contract(account.workspace, name), name), 1_000)

    def opened(partner_id: str) -> BulkPayout:
        return create_bulk_payout(
            workspace=account.workspace,
            actor=ACTOR,
            name=partner_id,
            method="DIRECT",
            wanted=SettlementFilter(partner_ids=(partner_id,)),
        )

    answers = at_once(lambda: opened("a"), lambda: opened("b"))
    assert {type(answer) for answer in answers} == {BulkPayout, ActiveBulkPayoutAlreadyExists}
    assert BulkPayout.objects.filter(status="PREPARING").count() == 1


@pytest.mark.parametrize("method", ["DIRECT", "AGENCY"])
def test_the_database_keeps_one_selection(account, method) -> None:
    facts = {"workspace": account.workspace, "creator_id": "x", "creator_name": "x"}
    BulkPayout.objects.create(public_id="bp-1", method="DIRECT", **facts)
    with pytest.raises(IntegrityError, match="bulk_payout_one_preparing"):
        BulkPayout.objects.create(public_id="bp-2", method=method, **facts)


def test_what_was_paid_by_hand_is_written_down_beside_a_selection(account) -> None:
    contract = make_contract(account.workspace)
    owe(make_partner(contract, "a"), 1_000)
    [paid] = owe(make_partner(contract, "b"), 500)
    wanted = SettlementFilter(partner_ids=("a",))
    create_bulk_payout(
        workspace=account.workspace, actor=ACTOR, name="10월", method="DIRECT", wanted=wanted
    )
    done = complete_payout(
        workspace=account.workspace,
        settlement_ids=[paid.public_id],
        bulk_payout_id="bp-1",
        actor=ACTOR,
    )
    assert done.bulk_payout.status == "COMPLETED"
