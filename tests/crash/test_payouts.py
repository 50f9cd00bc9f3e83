"""kill -9 of the payout worker anywhere: nothing lost, nothing paid twice. The bank is judge."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from datetime import timedelta

import pytest

from core import clock
from core.companies.services import create_company
from core.invariants import violations
from core.ledger.queries import trial_balance
from payouts.models import AccountTransfer, BulkPayout, Payout
from payouts.rails.sandbox import Behaviour, SandboxBank
from payouts.services import import_deposits, open_funding_account, requeue_payouts
from payouts.services.execution import Sender, record_results, reserve
from payouts.services.execution.reserving import SEND_WITHIN
from tests.crash.payout_worker import work
from tests.mortal import Mortal, dies, lives
from tests.payouts.factories import ACTOR, make_partner, make_started, owe, statuses
from tests.settlements.factories import make_contract

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]

FUNDS = 100_000_000
AN_HOUR, A_DAY = 60, 24 * 60
POINTS = [
    "reserve.before_commit",
    "reserve.after_commit",
    "send.before_call",
    "send.after_call",
    "record.before",
    "record.before_commit",
    "record.after_commit",
    "inquire.before_call",
    "inquire.after_call",
]
ENDINGS = ["", "", "", "999001", "", "999412", "", "999003", "", ""]
"""Ordinary accounts, two the bank pays without an answer, one it refuses."""


@pytest.fixture
def bank(installation_bank: SandboxBank) -> SandboxBank:
    return installation_bank


def market(bank: SandboxBank, slug: str, endings: list[str], number: str) -> BulkPayout:
    """A company that owes each partner another amount, its bulk payout approved."""
    workspace = create_company(slug=slug, name=slug).workspaces.get(environment="LIVE")
    account = open_funding_account(
        workspace=workspace,
        actor=ACTOR,
        name="지급",
        bank="SHINHAN",
        account_number=number,
        holder=slug,
    )
    bank.deposit(number, FUNDS, "PG")
    import_deposits(account=account, actor=ACTOR)
    contract = make_contract(workspace)
    for position, ending in enumerate(endings):
        owe(make_partner(contract, f"seller-{position}", ending), 1_000 + position)
    return make_started(account)


def run(bulk_payout: BulkPayout, minutes_ahead: int = 0, point: str = "") -> None:
    if point:
        dies(work, bulk_payout.workspace_id, minutes_ahead, point=point)
    else:
        lives(work, bulk_payout.workspace_id, minutes_ahead)


def finish(bulk_payout: BulkPayout) -> None:
    """What people and beat do after a crash: ask the bank, then send again what never left."""
    run(bulk_payout, A_DAY)
    never_left = bulk_payout.payouts.filter(
        status="FAILED", attempts__status="FAILED", attempts__fail_code="NOT_SENT"
    ).distinct()
    if never_left:
        requeue_payouts(payouts=never_left, actor=ACTOR)
        run(bulk_payout, 2 * A_DAY)


def judge(bank: SandboxBank, bulk_payout: BulkPayout) -> None:
    """Every payout has one end, and the bank's journal knows the same ends."""
    workspace = bulk_payout.workspace
    bulk_payout.refresh_from_db()
    assert bulk_payout.status == "COMPLETED"
    assert set(statuses(bulk_payout).values()) <= {"SUCCEEDED", "FAILED"}
    ours = AccountTransfer.objects.filter(workspace=workspace, type="WITHDRAWAL")
    keys = set(ours.values_list("request_key", flat=True))
    paid_at_bank = {
        record.key: record.body["amount"] for record in bank.transfers("PAID") if record.key in keys
    }
    succeeded = ours.filter(status="SUCCEEDED").values_list("request_key", "amount")
    assert paid_at_bank == dict(succeeded)
    assert bank.refused_duplicates() == []
    to_partner = Counter(
        record.body["account_number"] for record in bank.transfers("PAID") if record.key in keys
    )
    assert max(to_partner.values()) == 1
    assert list(violations(workspace)) == []


def picture(bulk_payout: BulkPayout) -> tuple[dict[str, str], dict[str, int]]:
    return statuses(bulk_payout), trial_balance(bulk_payout.workspace)


def test_a_crash_at_any_point_ends_like_no_crash_at_all(bank) -> None:
    undisturbed = market(bank, "undisturbed", ENDINGS, "110900000001")
    finish(undisturbed)
    judge(bank, undisturbed)
    assert Counter(statuses(undisturbed).values()) == {"SUCCEEDED": 9, "FAILED": 1}
    for number, point in enumerate(POINTS):
        crashed = market(bank, f"crashed-{number}", ENDINGS, f"11080000000{number}")
        if point.startswith("inquire"):
            run(crashed)
        run(crashed, AN_HOUR, point)
        finish(crashed)
        judge(bank, crashed)
        assert picture(crashed) == picture(undisturbed), point


def test_random_kills_lose_and_double_nothing(bank) -> None:
    dice = random.Random(20261031)
    bulk_payout = market(bank, "killed", ENDINGS * 8, "110900000002")
    bank.behave(Behaviour(latency_ms=30))
    kills = 0
    for _ in range(20):
        minutes_ahead = AN_HOUR if dice.random() < 0.2 else 0
        worker = Mortal(work, bulk_payout.workspace_id, minutes_ahead)
        worker.wait_until_alive()
        time.sleep(dice.uniform(0, 0.25))
        worker.kill()
        kills += worker.end() == -signal.SIGKILL
    assert kills >= 10
    bank.behave(Behaviour())
    finish(bulk_payout)
    judge(bank, bulk_payout)
    assert Counter(statuses(bulk_payout).values()) == {"SUCCEEDED": 72, "FAILED": 8}


def test_a_worker_too_slow_does_not_send_what_was_given_up(bank, monkeypatch) -> None:
    """A worker that slept between reserve and send finds its time over."""
    bulk_payout = market(bank, "slow", ["", ""], "110900000003")
    batch = reserve(claim="slow", bulk_payout=bulk_payout)
    assert batch
    later = clock.now() + SEND_WITHIN + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with Sender(bank) as sender:
        sender.send(batch)
        results = sender.results(limit=2, seconds=10)
    record_results(bulk_payout=bulk_payout, results=results, actor=ACTOR)
    assert set(statuses(bulk_payout).values()) == {"FAILED"}
    assert bank.transfers() == []
    assert Payout.objects.filter(fail_reason__startswith="보내지 않음").count() == 2
