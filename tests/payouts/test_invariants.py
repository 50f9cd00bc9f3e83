"""Each truth of payouts/invariants.py notices exactly the lie planted against it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db.models import F

from core.invariants import INVARIANTS, violations
from core.ledger.services import Posting, post
from partners.models import Partner, PlatformSetting
from payouts import invariants
from payouts.errors import SettlementsReturned
from payouts.models import AccountTransfer, BulkPayout, Payout
from payouts.services import drain, requeue_payouts
from payouts.services.invoicing import invoice_payouts
from settlements.models import PartnerSettlement, Transfer
from settlements.services import restore_settlements, settle_due
from tests.payouts.factories import ACTOR, DUE, make_partner, make_started, owe
from tests.settlements.factories import make_manual

BUSINESS = {
    "type": "BUSINESS",
    "business_registration_number": "1234567891",
    "company_name": "상회",
    "representative_name": "김",
    "taxation_type": "NORMAL",
}
OURS = {name for name, truth in INVARIANTS.items() if truth.app == "payouts"}


def book(*postings: Posting) -> Callable[[BulkPayout], None]:
    return lambda bulk_payout: (
        post(workspace=bulk_payout.workspace, key="lie", kind="lie", on=DUE, postings=postings)
        and None
    )


def spend_at_the_bank(bulk_payout: BulkPayout) -> None:
    invariants.get_rail("sandbox").deposit("110123456789", -1, "몰래 출금")
    AccountTransfer.objects.filter(type="DEPOSIT").update(bank_reference="SD000000000002")


def invoice_dollars(bulk_payout: BulkPayout) -> None:
    setting = {"requests_supply_invoices": True}
    PlatformSetting.objects.update_or_create(workspace=bulk_payout.workspace, defaults=setting)
    Payout.objects.update(partner_type="BUSINESS", taxation_type="NORMAL")
    Partner.objects.update(**BUSINESS)
    made = invoice_payouts(
        workspace=bulk_payout.workspace,
        payouts=Payout.objects.filter(status="SUCCEEDED"),
        write_date=DUE,
        actor=ACTOR,
        name="거짓",
    )
    assert len(made) == 1
    Payout.objects.filter(status="SUCCEEDED").update(currency="USD")


LIES: dict[str, Callable[[BulkPayout], object]] = {
    "a payout is the sum of its items, and an item is its settlement": lambda bulk: (
        PartnerSettlement.objects.update(settlement_amount=1)
    ),
    "what a partner is owed is its settlements less what was paid or is on its way": book(
        Posting("PARTNER_PAYABLE", 1, "paid"), Posting("SUSPENSE", -1)
    ),
    "money in transit is the sum of transfers without an answer": book(
        Posting("IN_TRANSIT", -1, "va-1"), Posting("FUNDING", 1, "va-1")
    ),
    "a payout succeeded exactly when one transfer paid its amount": lambda bulk: (
        AccountTransfer.objects.filter(status="SUCCEEDED", type="WITHDRAWAL").update(amount=1)
    ),
    "a settlement is where its payout is, and nowhere without one": lambda bulk: (
        PartnerSettlement.objects.filter(status="PAID_OUT").update(status="IN_PAYOUT"),
        Transfer.objects.filter(status="PAID_OUT").update(status="IN_PAYOUT"),
    ),
    "a payout has the open attempt its status speaks of, and no other": lambda bulk: (
        AccountTransfer.objects.filter(status="FAILED").update(status="STOPPED")
        and Payout.objects.filter(status="FAILED").update(status="PREPARED")
        and PartnerSettlement.objects.filter(status="PAYOUT_FAILED").update(status="IN_PAYOUT")
        and Transfer.objects.filter(status="SETTLED").update(status="IN_PAYOUT")
    ),
    "only what was paid in won makes a tax invoice": invoice_dollars,
    "the books and the sandbox bank agree on every account": spend_at_the_bank,
}


@pytest.fixture
def done(workspace, contract, open_account) -> BulkPayout:
    owe(make_partner(contract, "paid"), 10_000)
    owe(make_partner(contract, "failed", ending="999412"), 5_000)
    bulk_payout = make_started(open_account)
    drain(workspace=workspace)
    assert list(violations(workspace)) == []
    return bulk_payout


def test_there_is_a_lie_for_every_truth() -> None:
    assert set(LIES) == OURS


@pytest.mark.parametrize("name", sorted(LIES))
def test_the_lie_is_noticed(done, workspace, name) -> None:
    LIES[name](done)
    assert name in {violation.invariant.name for violation in violations(workspace)}


def test_a_lie_is_noticed_by_its_own_truth_alone(done, workspace) -> None:
    name = "money in transit is the sum of transfers without an answer"
    LIES[name](done)
    assert {violation.invariant.name for violation in violations(workspace)} == {name}


@pytest.fixture
def returned(done) -> PartnerSettlement:
    """Of a failed payout, payable again and grown since."""
    settlement = PartnerSettlement.objects.get(status="PAYOUT_FAILED")
    failed = PartnerSettlement.objects.filter(pk=settlement.pk)
    restore_settlements(workspace=done.workspace, settlements=failed, actor=ACTOR)
    make_manual(settlement.partner, DUE, 500)
    settle_due(workspace=done.workspace, actor=ACTOR, as_of=DUE)
    settlement.refresh_from_db()
    assert (settlement.settlement_amount, settlement.revision) == (5_500, 2)
    return settlement


def test_a_returned_settlement_may_grow(done, workspace, returned) -> None:
    assert list(violations(workspace)) == []
    with pytest.raises(SettlementsReturned):
        requeue_payouts(payouts=done.payouts.filter(status="FAILED"), actor=ACTOR)


def test_one_returned_settlement_hides_no_lie_about_another(done, workspace, returned) -> None:
    PartnerSettlement.objects.filter(status="PAID_OUT").update(settlement_amount=1)
    found = {each.invariant.name: each.offenders for each in violations(workspace)}
    offender = found["a payout is the sum of its items, and an item is its settlement"]
    assert [row["settlement_amount"] for row in offender] == [10_000]


def test_two_settlements_whose_lies_cancel_out_are_noticed(open_account, contract) -> None:
    owe(make_partner(contract), 1_000, 2_000)
    make_started(open_account)
    PartnerSettlement.objects.update(settlement_amount=3_000 - F("settlement_amount"))
    name = "a payout is the sum of its items, and an item is its settlement"
    assert name in {each.invariant.name for each in violations(open_account.workspace)}
