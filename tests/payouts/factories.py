"""Settled money ready to be paid, with only what matters."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count

from core import clock, crypto
from core.events.actors import Actor
from core.ledger.queries import trial_balance
from partners.models import Contract, Partner
from payouts.models import BulkPayout, FundingAccount, Payout
from payouts.rails.sandbox import SandboxBank
from payouts.services import create_bulk_payout, generate_payouts, start_bulk_payout
from settlements.models import PartnerSettlement, Transfer
from settlements.services import settle_due
from tests.settlements.factories import make_manual
from tests.settlements.factories import make_partner as make_any_partner

DUE = date(2026, 10, 30)
LONG_AGO = datetime(2026, 1, 1, tzinfo=clock.KST)
ACTOR = Actor.system("시험")
numbers = count(1)


def make_partner(contract: Contract, public_id: str = "", ending: str = "", **facts) -> Partner:
    """A partner whose account is verified; `ending` makes the bank behave (MAGIC_FAULTS)."""
    number = next(numbers)
    account_number = f"110{number:06d}{ending or '000000'}"
    return make_any_partner(
        contract,
        public_id or f"seller-{number}",
        **{
            "account_status": "VERIFIED",
            "account_number_encrypted": crypto.encrypt(account_number),
            "account_number_hash": crypto.search_hash(account_number),
            "account_number_last4": account_number[-4:],
            "account_changed_at": LONG_AGO,
        }
        | facts,
    )


def owe(
    partner: Partner, *amounts: int, on: date = DUE, currency: str = "KRW"
) -> list[PartnerSettlement]:
    """One settlement in 지급 예정 per amount (negative ones too), entered in the ledger."""
    made = []
    for days_before, amount in enumerate(amounts):
        day = on - timedelta(days=days_before)
        transfer = make_manual(partner, day, amount, settlement_currency=currency)
        settle_due(workspace=partner.workspace, actor=ACTOR, as_of=on)
        transfer.refresh_from_db()
        made.append(PartnerSettlement.objects.get(pk=transfer.partner_settlement_id))
    return made


def make_ready(account: FundingAccount, name: str = "10월") -> BulkPayout:
    """Everything payable, generated."""
    bulk_payout = create_bulk_payout(workspace=account.workspace, actor=ACTOR, name=name)
    generate_payouts(bulk_payout=bulk_payout, actor=ACTOR)
    bulk_payout.refresh_from_db()
    return bulk_payout


def make_started(account: FundingAccount, name: str = "10월") -> BulkPayout:
    """As after the approval: handed to the engine, nothing sent yet."""
    bulk_payout = make_ready(account, name)
    return start_bulk_payout(bulk_payout=bulk_payout, actor=ACTOR)


def paid_by_bank(bank: SandboxBank) -> dict[str, int]:
    """Request key → won the bank really moved."""
    return {record.key: record.body["amount"] for record in bank.transfers("PAID")}


def statuses(bulk_payout: BulkPayout) -> dict[str, str]:
    """Partner → payout status."""
    payouts = Payout.objects.filter(bulk_payout=bulk_payout)
    return dict(payouts.values_list("partner__public_id", "status"))


def settlement_statuses(*partners: Partner) -> list[str]:
    found = PartnerSettlement.objects.filter(partner__in=partners).order_by("pk")
    return list(found.values_list("status", flat=True))


def transfer_statuses(*partners: Partner) -> set[str]:
    found = Transfer.objects.filter(partner__in=partners)
    return set(found.values_list("status", flat=True))


def books(account: FundingAccount) -> dict[str, int]:
    """Balances that are not zero."""
    balances = trial_balance(account.workspace)
    assert sum(balances.values()) == 0
    return {code: total for code, total in balances.items() if total}
