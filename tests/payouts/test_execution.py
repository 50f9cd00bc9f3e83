"""A bulk payout from selection to the bank, on a bank that behaves and on one that does not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core import clock
from core.companies.services import create_company
from core.errors import Conflict
from partners.models import PlatformSetting
from payouts.models import AccountTransfer, BulkPayout, FundingAccount, Payout
from payouts.services import (
    drain,
    execute,
    import_deposits,
    open_funding_account,
    requeue_payouts,
    resolve_unknown,
    set_funding_account_active,
    stop_bulk_payout,
)
from payouts.services.execution import next_bulk_payouts, reserve
from payouts.services.inquiries import declare_silent
from tests.payouts.conftest import FUNDS
from tests.payouts.factories import (
    ACTOR,
    books,
    make_partner,
    make_ready,
    make_started,
    owe,
    paid_by_bank,
    settlement_statuses,
    statuses,
    transfer_statuses,
)
from tests.settlements.factories import make_contract


def later(**delta: int):
    return clock.now() + timedelta(**delta)


def test_everyone_is_paid_once(account, bank, contract) -> None:
    a, b = make_partner(contract, "a"), make_partner(contract, "b", type="WHT_PAYER")
    owe(a, 100_000)
    owe(b, 1_000_000, -50_000)
    bulk_payout = make_started(account)

    drained = drain(workspace=account.workspace)

    bulk_payout.refresh_from_db()
    assert (drained.sent_count, drained.unknown_count) == (2, 0)
    assert bulk_payout.status == "COMPLETED"
    assert statuses(bulk_payout) == {"a": "SUCCEEDED", "b": "SUCCEEDED"}
    assert sorted(paid_by_bank(bank).values()) == [100_000, 950_000 - 28_500 - 2_850]
    assert set(settlement_statuses(a, b)) == {"PAID_OUT"}
    assert transfer_statuses(a, b) == {"PAID_OUT"}
    paid = 100_000 + 950_000 - 31_350
    assert books(account) == {
        "FUNDING": FUNDS - paid,
        "SUSPENSE": -FUNDS,
        "MANUAL_ADJUSTMENT": 1_050_000,
        "WITHHOLDING_PAYABLE": -31_350,
    }
    assert bank.balance("110123456789") == FUNDS - paid


def test_vat_on_top_is_input_vat(account, bank, contract) -> None:
    partner = make_partner(
        contract, type="BUSINESS", business_registration_number="1234567891", taxation_type="NORMAL"
    )
    PlatformSetting.objects.create(workspace=account.workspace, settlement_amount_type="NET")
    owe(partner, 1_000_000)
    make_started(account)
    drain(workspace=account.workspace)
    assert books(account) == {
        "FUNDING": FUNDS - 1_100_000,
        "SUSPENSE": -FUNDS,
        "MANUAL_ADJUSTMENT": 1_000_000,
        "VAT_INPUT": 100_000,
    }


def test_a_refusal_fails_alone_and_reverses_its_reservation(account, bank, contract) -> None:
    good, bad = make_partner(contract, "good"), make_partner(contract, "bad", ending="999412")
    owe(good, 10_000)
    owe(bad, 20_000)
    bulk_payout = make_started(account)
    drain(workspace=account.workspace)

    assert statuses(bulk_payout) == {"good": "SUCCEEDED", "bad": "FAILED"}
    payout = Payout.objects.get(partner=bad)
    assert payout.fail_reason == "계좌번호 없음"
    assert payout.attempts.get().fail_code == "412"
    assert settlement_statuses(bad) == ["PAYOUT_FAILED"]
    assert books(account) == {
        "FUNDING": FUNDS - 10_000,
        "SUSPENSE": -FUNDS,
        "MANUAL_ADJUSTMENT": 30_000,
        "PARTNER_PAYABLE": -20_000,
    }
    bulk_payout.refresh_from_db()
    assert bulk_payout.status == "COMPLETED"


@pytest.mark.parametrize("ending", ["999001", "999003"])
def test_an_unanswered_payment_is_unknown_until_the_bank_says_paid(
    account, bank, contract, ending
) -> None:
    partner = make_partner(contract, ending=ending)
    owe(partner, 10_000)
    bulk_payout = make_started(account)

    assert execute(bulk_payout=bulk_payout) == 1

    attempt = AccountTransfer.objects.get(type="WITHDRAWAL")
    assert attempt.status == "UNKNOWN"
    assert list(statuses(bulk_payout).values()) == ["PROCESSING"]
    assert settlement_statuses(partner) == ["IN_PAYOUT"]
    assert books(account)["IN_TRANSIT"] == -10_000
    bulk_payout.refresh_from_db()
    assert bulk_payout.status == "POST_PROCESS_PENDING"

    assert resolve_unknown(now=clock.now()) == 0
    assert resolve_unknown(now=later(seconds=31)) == 1

    attempt.refresh_from_db()
    bulk_payout.refresh_from_db()
    assert (attempt.status, attempt.inquiry_count) == ("SUCCEEDED", 1)
    assert (bulk_payout.status, settlement_statuses(partner)) == ("COMPLETED", ["PAID_OUT"])
    assert paid_by_bank(bank) == {attempt.request_key: 10_000}
    assert "IN_TRANSIT" not in books(account)


def test_silence_is_a_fact_only_after_the_window(account, bank, contract) -> None:
    partner = make_partner(contract, ending="999002")
    owe(partner, 10_000)
    bulk_payout = make_started(account)
    execute(bulk_payout=bulk_payout)

    assert resolve_unknown(now=later(minutes=29)) == 0
    assert AccountTransfer.objects.get(type="WITHDRAWAL").status == "UNKNOWN"
    assert resolve_unknown(now=later(minutes=31)) == 1

    attempt = AccountTransfer.objects.get(type="WITHDRAWAL")
    assert (attempt.status, attempt.fail_code) == ("FAILED", "NOT_SENT")
    assert settlement_statuses(partner) == ["PAYOUT_FAILED"]
    assert bank.refused_duplicates() == []


@pytest.mark.parametrize(
    ("ending", "status"), [("999004", "SUCCEEDED"), ("999005", "FAILED"), ("999006", "SUCCEEDED")]
)
def test_late_ends_are_accepted(account, bank, contract, ending, status) -> None:
    bank.behave(replace(bank.behaviour(), late_seconds=600))
    owe(make_partner(contract, ending=ending), 10_000)
    bulk_payout = make_started(account)
    execute(bulk_payout=bulk_payout)
    resolve_unknown(now=later(seconds=31))
    assert list(statuses(bulk_payout).values()) == ["PROCESSING"]

    bank.behave(replace(bank.behaviour(), clock_offset_seconds=600))
    resolve_unknown(now=later(hours=1))
    assert list(statuses(bulk_payout).values()) == [status]


def test_inquiries_wait_longer_each_time(account, bank, contract) -> None:
    bank.behave(replace(bank.behaviour(), late_seconds=10**6))
    owe(make_partner(contract, ending="999004"), 10_000)
    execute(bulk_payout=make_started(account))
    now = later(minutes=1)
    waits = []
    for _ in range(6):
        resolve_unknown(now=now)
        due = AccountTransfer.objects.get(type="WITHDRAWAL").next_inquiry_at
        waits.append((due - now).total_seconds())
        now = due
    assert waits == [30, 120, 600, 3600, 3600, 3600]


def test_a_dead_worker_leaves_unknown_never_failed(account, bank, contract) -> None:
    owe(make_partner(contract), 10_000)
    bulk_payout = make_started(account)
    reserve(claim="dead", bulk_payout=bulk_payout)

    assert execute(bulk_payout=bulk_payout) == 0
    assert declare_silent(now=later(minutes=5)) == 0
    assert declare_silent(now=later(minutes=7)) == 1
    assert AccountTransfer.objects.get(type="WITHDRAWAL").status == "UNKNOWN"
    assert paid_by_bank(bank) == {}


def test_nothing_is_sent_beyond_the_balance(account, bank, contract) -> None:
    for number in range(3):
        owe(make_partner(contract, f"p{number}"), FUNDS // 2)
    bulk_payout = make_started(account)
    drain(workspace=account.workspace)
    assert statuses(bulk_payout) == {"p0": "SUCCEEDED", "p1": "SUCCEEDED", "p2": "STOPPED"}
    assert "잔액 부족" in Payout.objects.get(partner__public_id="p2").fail_reason
    assert bank.balance("110123456789") == 0


def test_nothing_is_sent_while_the_bank_is_closed(account, bank, contract, monkeypatch) -> None:
    """An approval at 22:49 starts at 22:50, a retry may come at midnight."""
    owe(make_partner(contract, "a"), 1_000)
    bulk_payout = make_started(account)
    with monkeypatch.context() as night:
        night.setattr(bank, "is_open", lambda moment: False)
        assert execute(bulk_payout=bulk_payout) == 0
        assert drain(workspace=account.workspace).sent_count == 0
    assert (bank.transfers(), statuses(bulk_payout)) == ([], {"a": "PREPARED"})
    assert drain(workspace=account.workspace).sent_count == 1
    assert statuses(bulk_payout) == {"a": "SUCCEEDED"}


def test_nothing_is_sent_for_a_payout_that_waits_no_more(open_account, bank, contract) -> None:
    """Whatever made such an attempt: its settlement may already be paid in another payout."""
    owe(make_partner(contract, "a"), 1_000)
    owe(make_partner(contract, "b"), 2_000)
    bulk_payout = make_started(open_account)
    bulk_payout.payouts.filter(partner__public_id="a").update(status="CANCELLED")
    assert drain(workspace=open_account.workspace).sent_count == 1
    assert list(paid_by_bank(bank).values()) == [2_000]


def test_an_account_whose_bank_is_gone_keeps_nobody_waiting(account, bank, contract) -> None:
    elsewhere = create_company(slug="market-b", name="마켓 B").workspaces.get(environment="LIVE")
    facts = {"bank": "SHINHAN", "account_number": "110999", "holder": "마켓 B", "name": "지급"}
    gone = open_funding_account(workspace=elsewhere, actor=ACTOR, **facts)
    bank.deposit("110999", FUNDS, "PG")
    import_deposits(account=gone, actor=ACTOR)
    for each, terms in ((gone, make_contract(elsewhere)), (account, contract)):
        owe(make_partner(terms, "a"), 1_000)
        sound = make_started(each)
    FundingAccount.objects.filter(pk=gone.pk).update(rail="gone")
    assert list(next_bulk_payouts()) == [sound]


def test_stop_leaves_the_unsent_unsent(account, bank, contract) -> None:
    for number in range(5):
        owe(make_partner(contract, f"p{number}"), 1_000)
    bulk_payout = make_started(account)
    batch = reserve(claim="busy", bulk_payout=bulk_payout, limit=2)
    assert batch
    assert stop_bulk_payout(bulk_payout=bulk_payout, actor=ACTOR, reason="잘못 올림") == 3
    assert execute(bulk_payout=bulk_payout) == 0
    assert sorted(statuses(bulk_payout).values()) == ["PROCESSING"] * 2 + ["STOPPED"] * 3
    bulk_payout.refresh_from_db()
    assert bulk_payout.status == "POST_PROCESS_PENDING"
    assert sorted(settlement_statuses(*(p.partner for p in bulk_payout.payouts.all()))) == [
        "CONFIRMED",
        "CONFIRMED",
        "CONFIRMED",
        "IN_PAYOUT",
        "IN_PAYOUT",
    ]


def test_nothing_is_sent_again_from_an_account_that_is_not_used_any_more(
    account, bank, contract
) -> None:
    owe(make_partner(contract, "bad", ending="999412"), 10_000)
    bulk_payout = make_started(account)
    drain(workspace=account.workspace)
    set_funding_account_active(account=account, is_active=False, actor=ACTOR)
    with pytest.raises(Conflict, match="사용을 중지한 지급 계좌"):
        requeue_payouts(payouts=bulk_payout.payouts.all(), actor=ACTOR)
    assert statuses(bulk_payout) == {"bad": "FAILED"}
    set_funding_account_active(account=account, is_active=True, actor=ACTOR)
    assert requeue_payouts(payouts=bulk_payout.payouts.all(), actor=ACTOR) == 1


def test_a_retry_is_a_new_attempt_with_a_new_key(account, bank, contract) -> None:
    partner = make_partner(contract, ending="999412")
    owe(partner, 10_000)
    bulk_payout = make_started(account)
    drain(workspace=account.workspace)
    Payout.objects.update(account_number_encrypted=make_partner(contract).account_number_encrypted)

    requeue_payouts(payouts=bulk_payout.payouts.all(), actor=ACTOR)
    drain(workspace=account.workspace)

    first, second = AccountTransfer.objects.filter(type="WITHDRAWAL").order_by("attempt_number")
    assert (first.status, second.status) == ("FAILED", "SUCCEEDED")
    assert paid_by_bank(bank) == {second.request_key: 10_000}
    assert BulkPayout.objects.get().status == "COMPLETED"
    assert settlement_statuses(partner) == ["PAID_OUT"]


def test_a_payout_of_nothing_succeeds_without_a_transfer(account, bank, contract) -> None:
    partner, other = make_partner(contract, "even"), make_partner(contract, "other")
    owe(partner, 5_000, -5_000)
    owe(other, 1)
    bulk_payout = make_started(account)
    assert statuses(bulk_payout)["even"] == "SUCCEEDED"
    drain(workspace=account.workspace)
    assert list(paid_by_bank(bank).values()) == [1]
    assert settlement_statuses(partner) == ["PAID_OUT", "PAID_OUT"]


def test_generated_payouts_wait_for_their_start(account, bank, contract) -> None:
    owe(make_partner(contract), 10_000)
    bulk_payout = make_ready(account)
    assert drain(workspace=account.workspace).sent_count == 0
    assert execute(bulk_payout=bulk_payout) == 0


def test_one_bulk_payout_nobody_can_ask_about_holds_up_no_other(account, bank, contract) -> None:
    """The transfers leased behind it are asked about in the same round."""
    started = []
    for name in ("one", "two"):
        owe(make_partner(contract, name, ending="999001"), 1_000)
        started.append(make_started(account, name))
        execute(bulk_payout=started[-1])
    broken, fine = started
    elsewhere = FundingAccount.objects.create(
        workspace=account.workspace, public_id="va-x", name="x", rail="gone", bank="SHINHAN"
    )
    unknown = AccountTransfer.objects.filter(status="UNKNOWN")
    unknown.filter(payout__bulk_payout=broken).update(funding_account=elsewhere)
    assert resolve_unknown(now=later(minutes=1)) == 1
    assert statuses(fine) == {"two": "SUCCEEDED"}
    unknown.update(funding_account=account)
    assert resolve_unknown(now=later(minutes=10)) == 1
    assert statuses(broken) == {"one": "SUCCEEDED"}
