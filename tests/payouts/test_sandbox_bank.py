"""The sandbox bank keeps its word: once per key, durable, failing exactly as told."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.sandbox import Journal
from payouts.rails.base import (
    Failed,
    NeverSeen,
    OutcomeUnknown,
    Paid,
    Pending,
    Rejected,
    TransferOrder,
)
from payouts.rails.sandbox import Behaviour, SandboxBank

ORDER = TransferOrder("at-1", "110-1", "SHINHAN", "110222333444", "홍길동", 10_000)
A_DAY = 24 * 3600


@pytest.fixture
def bank(tmp_path: Path) -> SandboxBank:
    bank = SandboxBank(Journal(tmp_path / "bank.sqlite3"))
    bank.deposit("110-1", 25_000, "토스페이먼츠")
    return bank


def to(ending: str, key: str = "at-1") -> TransferOrder:
    return replace(ORDER, account_number=f"110{ending}", request_key=key)


def pass_time(bank: SandboxBank, seconds: int) -> None:
    bank.behave(replace(bank.behaviour(), clock_offset_seconds=seconds))


def test_a_transfer_takes_the_money_once(bank: SandboxBank) -> None:
    accepted = bank.send(ORDER)
    assert bank.balance("110-1") == 15_000
    assert accepted.paid_at is not None
    assert bank.inquire("at-1") == Paid(accepted.reference, accepted.paid_at)


def test_a_known_key_is_unknown_not_refused_and_moves_nothing(bank: SandboxBank) -> None:
    bank.send(ORDER)
    with pytest.raises(OutcomeUnknown):
        bank.send(ORDER)
    assert bank.balance("110-1") == 15_000
    assert bank.refused_duplicates() == ["at-1"]


def test_a_refused_key_cannot_be_used_again(bank: SandboxBank) -> None:
    with pytest.raises(Rejected):
        bank.send(to("999412"))
    with pytest.raises(OutcomeUnknown):
        bank.send(ORDER)
    assert bank.balance("110-1") == 25_000


@pytest.mark.parametrize("code", ["412", "415", "419", "420", "815"])
def test_magic_rejections(bank: SandboxBank, code: str) -> None:
    with pytest.raises(Rejected) as refusal:
        bank.send(to(f"999{code}"))
    assert refusal.value.code == code
    assert bank.inquire("at-1") == Failed(code, refusal.value.reason)


def test_money_that_is_not_there_is_refused(bank: SandboxBank) -> None:
    with pytest.raises(Rejected) as refusal:
        bank.send(replace(ORDER, amount=25_001))
    assert refusal.value.code == "001"
    assert bank.balance("110-1") == 25_000


@pytest.mark.parametrize("ending", ["999001", "999003"])
def test_paid_without_an_answer(bank: SandboxBank, ending: str) -> None:
    with pytest.raises(OutcomeUnknown):
        bank.send(to(ending))
    assert isinstance(bank.inquire("at-1"), Paid)
    assert bank.balance("110-1") == 15_000


def test_lost_on_the_way(bank: SandboxBank) -> None:
    with pytest.raises(OutcomeUnknown):
        bank.send(to("999002"))
    pass_time(bank, A_DAY)
    assert bank.inquire("at-1") == NeverSeen()
    assert bank.balance("110-1") == 25_000


@pytest.mark.parametrize(
    ("ending", "before", "after", "balance"),
    [
        ("999004", Pending, Paid, 15_000),
        ("999005", Pending, Failed, 25_000),
        ("999006", NeverSeen, Paid, 15_000),
    ],
)
def test_late_ends(bank: SandboxBank, ending: str, before, after, balance: int) -> None:
    if ending == "999006":
        with pytest.raises(OutcomeUnknown):
            bank.send(to(ending))
    else:
        assert bank.send(to(ending)).paid_at is None
    assert isinstance(bank.inquire("at-1"), before)
    assert bank.balance("110-1") == 25_000
    pass_time(bank, A_DAY)
    assert isinstance(bank.inquire("at-1"), after)
    assert isinstance(bank.inquire("at-1"), after)
    assert bank.balance("110-1") == balance


def test_seeded_rates_draw_the_same_faults_again(tmp_path: Path) -> None:
    def run(name: str, seed: int) -> list[str]:
        bank = SandboxBank(Journal(tmp_path / name))
        bank.deposit("110-1", 10**9, "PG")
        bank.behave(Behaviour(seed=seed, rates={"TIMEOUT_PAID": 200, "REJECT": 200}))
        answers = []
        for number in range(60):
            order = replace(ORDER, request_key=f"at-{name}-{number}", account_number=f"{number}")
            try:
                bank.send(order)
                answers.append("paid")
            except (Rejected, OutcomeUnknown) as answer:
                answers.append(type(answer).__name__)
        return answers

    first = run("a", seed=7)
    assert set(first) == {"paid", "Rejected", "OutcomeUnknown"}
    assert run("b", seed=7) == first
    assert run("c", seed=8) != first


def test_deposits_are_read_after_the_last_known_one(bank: SandboxBank) -> None:
    second = bank.deposit("110-1", 7_000, "카카오페이", "9월")
    bank.deposit("110-2", 1, "남의 돈")
    first, *rest = bank.deposits("110-1", after="")
    assert (first.amount, [d.reference for d in rest]) == (25_000, [second])
    assert [d.depositor for d in bank.deposits("110-1", after=first.reference)] == ["카카오페이"]
    assert bank.deposits("110-1", after=second) == []
