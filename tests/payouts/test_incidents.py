"""What went wrong in other people's payout systems, each made impossible here."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from core import clock
from core.companies.identifiers import new_id
from core.errors import Conflict
from core.ledger.queries import balances_by_subject
from payouts import errors
from payouts.models import AccountTransfer, Payout, PayoutItem
from payouts.rails.base import Failed, Paid
from payouts.services import (
    cancel_payouts,
    create_bulk_payout,
    drain,
    execute,
    generate_payouts,
    record_deposit,
    requeue_payouts,
    resolve_unknown,
    start_bulk_payout,
)
from payouts.services.execution import Result, record_results
from settlements.models import PartnerSettlement
from settlements.services import restore_settlements, settle_due
from tests.payouts.conftest import FUNDS
from tests.payouts.factories import (
    ACTOR,
    DUE,
    books,
    make_partner,
    make_ready,
    make_started,
    owe,
    paid_by_bank,
    settlement_statuses,
    statuses,
)
from tests.settlements.factories import make_cancel, make_order


def owed(account) -> dict[str, int]:
    """Won per partner, as the ledger says."""
    balances = balances_by_subject(account.workspace, "PARTNER_PAYABLE")
    return {partner: -total for partner, total in balances.items() if total}


def an_attempt() -> AccountTransfer:
    return AccountTransfer.objects.get(type="WITHDRAWAL")


def test_01_accepted_but_the_answer_was_lost_is_not_paid_again(account, bank, contract) -> None:
    owe(make_partner(contract, "seller", ending="999001"), 10_000)
    bulk_payout = make_started(account)
    execute(bulk_payout=bulk_payout)
    for _ in range(200):
        with pytest.raises(errors.OutcomeStillUnknown):
            requeue_payouts(payouts=bulk_payout.payouts.all(), actor=ACTOR)
        assert execute(bulk_payout=bulk_payout) == 0
    with pytest.raises(Conflict):
        cancel_payouts(workspace=account.workspace, payouts=bulk_payout.payouts.all(), actor=ACTOR)
    resolve_unknown(now=clock.now() + timedelta(minutes=1))
    assert list(paid_by_bank(bank).values()) == [10_000]


def test_02_a_refused_key_never_fires_again(account, bank, contract) -> None:
    owe(make_partner(contract, ending="999412"), 10_000)
    bulk_payout = make_started(account)
    drain(workspace=account.workspace)
    requeue_payouts(payouts=bulk_payout.payouts.all(), actor=ACTOR)
    drain(workspace=account.workspace)
    keys = list(
        AccountTransfer.objects.filter(type="WITHDRAWAL").values_list("request_key", flat=True)
    )
    assert len(set(keys)) == 2
    assert [record.key for record in bank.transfers()] == keys
    assert bank.refused_duplicates() == []
    assert books(account)["FUNDING"] == FUNDS


def test_03_an_inquiry_means_one_attempt_not_its_namesake(account, bank, contract) -> None:
    """The first attempt failed, the second hangs: asking about one says nothing of the other."""
    owe(make_partner(contract, ending="999412"), 10_000)
    bulk_payout = make_started(account)
    drain(workspace=account.workspace)
    lost = make_partner(contract, ending="999002")
    bulk_payout.payouts.update(account_number_encrypted=lost.account_number_encrypted)
    requeue_payouts(payouts=bulk_payout.payouts.all(), actor=ACTOR)
    execute(bulk_payout=bulk_payout)
    resolve_unknown(now=clock.now() + timedelta(minutes=1))
    second = AccountTransfer.objects.get(attempt_number=2)
    assert (second.status, second.fail_code) == ("UNKNOWN", "")


@pytest.mark.django_db(transaction=True)
def test_04_the_row_is_committed_before_the_call(account, bank, contract, monkeypatch) -> None:
    """At the moment of the call another connection already sees the key as 처리 중."""
    owe(make_partner(contract), 10_000)
    bulk_payout = make_started(account)
    seen: dict[str, str] = {}
    real_send = type(bank).send

    def send(self, order):
        try:
            seen[order.request_key] = an_attempt().status
        finally:
            connection.close()
        return real_send(self, order)

    monkeypatch.setattr(type(bank), "send", send)
    execute(bulk_payout=bulk_payout)
    assert seen == {an_attempt().request_key: "PROCESSING"}


def test_05_a_failure_frees_the_money_once(account, bank, contract) -> None:
    """Reversing the reservation and freeing the lines must not both pay."""
    partner = make_partner(contract, "seller", ending="999412")
    owe(partner, 10_000)
    bulk_payout = make_started(account)
    drain(workspace=account.workspace)
    assert owed(account) == {"seller": 10_000}
    restore_settlements(
        workspace=account.workspace, settlements=PartnerSettlement.objects.all(), actor=ACTOR
    )
    again = make_ready(account, "다시")
    assert sum(again.payouts.values_list("amount", flat=True)) == 10_000
    with pytest.raises(Conflict):
        requeue_payouts(payouts=bulk_payout.payouts.all(), actor=ACTOR)
    assert owed(account) == {"seller": 10_000}
    assert PayoutItem.objects.filter(released_at=None).count() == 1


def test_06_a_refund_after_the_payout_is_offset_not_overpaid(account, bank, contract) -> None:
    partner = make_partner(contract, "seller")
    order = make_order(partner, DUE, 10_000)
    settle_due(workspace=account.workspace, actor=ACTOR, as_of=DUE)
    make_started(account)
    drain(workspace=account.workspace)
    assert sum(paid_by_bank(bank).values()) == 8_900
    november = DUE.replace(month=11)
    order.refresh_from_db()
    make_cancel(order, november)
    make_order(partner, november, 15_000)
    settle_due(workspace=account.workspace, actor=ACTOR, as_of=november)
    assert owed(account) == {"seller": 13_350 - 8_900}
    make_started(account, "11월")
    drain(workspace=account.workspace)
    assert sum(paid_by_bank(bank).values()) == 8_900 + 4_450
    assert owed(account) == {}


def test_06_a_refund_larger_than_the_next_sales_waits(account, bank, contract) -> None:
    partner = make_partner(contract, "seller")
    order = make_order(partner, DUE, 10_000)
    settle_due(workspace=account.workspace, actor=ACTOR, as_of=DUE)
    make_started(account)
    drain(workspace=account.workspace)
    november = DUE.replace(month=11)
    order.refresh_from_db()
    make_cancel(order, november)
    settle_due(workspace=account.workspace, actor=ACTOR, as_of=november)
    bulk_payout = create_bulk_payout(workspace=account.workspace, actor=ACTOR, name="11월")
    with pytest.raises(errors.NoSelectedPartnerSettlements):
        generate_payouts(bulk_payout=bulk_payout, actor=ACTOR)
    assert owed(account) == {"seller": -8_900}


def test_09_an_unpayable_partner_is_not_tried_every_cycle(account, bank, contract) -> None:
    bad = make_partner(contract, "bad", account_status="VERIFY_FAILED")
    owe(bad, 1_000)
    for cycle in range(3):
        owe(make_partner(contract, f"good-{cycle}"), 2_000)
        make_started(account, f"{cycle}")
        drain(workspace=account.workspace)
    assert [record.body["amount"] for record in bank.transfers()] == [2_000] * 3
    assert not Payout.objects.filter(partner=bad).exists()
    assert settlement_statuses(bad) == ["PAYOUT_PREPARED"]


def test_11_no_won_is_lost_between_settlements_and_payout(account, bank, contract) -> None:
    """Tax is taken once from the sum, not from each part."""
    partner = make_partner(contract, type="WHT_PAYER")
    owe(partner, 3_334, 3_333, 3_333)
    make_ready(account)
    payout = Payout.objects.get()
    assert (payout.settlement_amount, payout.income_tax_amount) == (10_000, 300)
    assert payout.amount + payout.income_tax_amount + payout.local_income_tax_amount == 10_000


def test_13_a_retry_is_the_same_payout_with_another_attempt(account, bank, contract) -> None:
    owe(make_partner(contract, ending="999412"), 10_000)
    bulk_payout = make_started(account)
    drain(workspace=account.workspace)
    for _ in range(3):
        requeue_payouts(payouts=bulk_payout.payouts.all(), actor=ACTOR)
        drain(workspace=account.workspace)
    assert Payout.objects.count() == 1
    attempts = AccountTransfer.objects.filter(type="WITHDRAWAL").order_by("attempt_number")
    assert list(attempts.values_list("attempt_number", flat=True)) == [1, 2, 3, 4]


def test_14_the_database_refuses_a_total_without_its_lines(account, contract) -> None:
    owe(make_partner(contract), 10_000)
    bulk_payout = make_ready(account)
    payout = bulk_payout.payouts.get()
    with pytest.raises(IntegrityError, match="payout_amount_is_its_parts"), transaction.atomic():
        Payout.objects.filter(pk=payout.pk).update(amount=10_500)


def test_16_a_double_click_sends_one_transfer(account, bank, contract) -> None:
    owe(make_partner(contract), 10_000)
    bulk_payout = make_ready(account)
    start_bulk_payout(bulk_payout=bulk_payout, actor=ACTOR)
    with pytest.raises(Conflict):
        start_bulk_payout(bulk_payout=bulk_payout, actor=ACTOR)
    drain(workspace=account.workspace)
    drain(workspace=account.workspace)
    assert list(paid_by_bank(bank).values()) == [10_000]


def test_16_the_database_allows_one_open_attempt(account, contract) -> None:
    owe(make_partner(contract), 10_000)
    make_started(account)
    attempt = an_attempt()
    key = new_id("at")
    copy = AccountTransfer.objects.get(pk=attempt.pk)
    copy.pk, copy.public_id, copy.request_key, copy.attempt_number = None, key, key, 2
    with pytest.raises(IntegrityError, match="payout_one_open_attempt"), transaction.atomic():
        copy.save(force_insert=True)


def test_17_a_duplicate_of_a_refusal_does_not_count_as_paid(account, bank, contract) -> None:
    """A late, contradicting answer changes nothing: the first definite one stays."""
    owe(make_partner(contract, ending="999412"), 10_000)
    bulk_payout = make_started(account)
    drain(workspace=account.workspace)
    late = Result(an_attempt().pk, Paid("SB-late", clock.now()))
    assert record_results(bulk_payout=bulk_payout, results=[late], actor=ACTOR) == 0
    assert list(statuses(bulk_payout).values()) == ["FAILED"]


def test_17_a_late_refusal_does_not_undo_a_payment(account, bank, contract) -> None:
    owe(make_partner(contract), 10_000)
    bulk_payout = make_started(account)
    drain(workspace=account.workspace)
    late = Result(an_attempt().pk, Failed("412", "계좌번호 없음"))
    assert record_results(bulk_payout=bulk_payout, results=[late] * 10, actor=ACTOR) == 0
    assert list(statuses(bulk_payout).values()) == ["SUCCEEDED"]


def test_18_the_same_bank_line_is_one_deposit(account, bank, contract) -> None:
    facts = {
        "account": account,
        "amount": 5_000,
        "depositor": "카카오페이",
        "bank_reference": bank.deposit("110123456789", 5_000, "카카오페이"),
        "traded_at": clock.now(),
        "actor": ACTOR,
    }
    first = record_deposit(**facts)
    assert record_deposit(**facts) == first
    assert record_deposit(**facts | {"amount": 9}) == first
    assert books(account)["FUNDING"] == FUNDS + 5_000


def test_every_fault_at_once_ends_without_a_person(account, bank, contract) -> None:
    """10 % paid timeouts, 10 % lost, 5 % paid 5xx, 2 % late refusals: nothing lost or doubled."""
    bank.behave(
        replace(
            bank.behaviour(),
            seed=42,
            late_seconds=600,
            rates={
                "TIMEOUT_PAID": 100,
                "TIMEOUT_UNPAID": 100,
                "ERROR_PAID": 50,
                "LATE_PAID": 20,
                "LATE_REJECT": 20,
                "LATE_ARRIVAL": 20,
                "REJECT": 20,
            },
        )
    )
    partners = [make_partner(contract, f"p{number}") for number in range(150)]
    for partner in partners:
        owe(partner, 1_000)
    bulk_payout = make_started(account)
    drained = drain(workspace=account.workspace)
    assert drained.unknown_count > 20
    bank.behave(replace(bank.behaviour(), rates={}, clock_offset_seconds=601))
    for days in range(1, 3):
        resolve_unknown(now=clock.now() + timedelta(days=days))
    ends = statuses(bulk_payout)
    assert set(ends.values()) == {"SUCCEEDED", "FAILED"}
    paid = AccountTransfer.objects.filter(type="WITHDRAWAL", status="SUCCEEDED")
    assert paid_by_bank(bank) == dict(paid.values_list("request_key", "amount"))
    assert bank.refused_duplicates() == []
    bulk_payout.refresh_from_db()
    assert bulk_payout.status == "COMPLETED"
