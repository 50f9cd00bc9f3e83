"""지급 사전점검: who is paid, who is not and why, and what an approver should look at."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet, Sum

from core import clock, crypto
from core.console.formats import sum_in
from partners.models import Partner
from partners.queries.payable import payment_warnings
from payouts.models import BulkPayout, BulkPayoutStatus, FundingAccount, Payout, PayoutStatus
from payouts.queries.explaining import bulk_parts
from payouts.queries.funds import available_balance
from payouts.queries.plan import draft_payouts, offset_of_plan, plan
from payouts.queries.problems import reasons_not_to_pay, setting_of

UNUSUAL_FACTOR = 3
"""A payout above this many times the partner's last one is pointed out."""


@dataclass(frozen=True)
class Total:
    count: int
    amount: int


@dataclass(frozen=True)
class Flag:
    """Something an approver should see about one payout; it forbids nothing."""

    code: str
    message: str
    payout_id: str
    partner_id: str
    partner_name: str
    amount: int


@dataclass(frozen=True)
class Preflight:
    """The real numbers of a generated bulk payout, in its currency."""

    paid: Total
    settlement_amount: int
    offset_amount: int
    """Negative settlements inside what is paid; already taken from settlement_amount."""
    withheld_amount: int
    added_vat_amount: int
    balance: int
    last_month: Total
    carried: list[dict[str, Any]]
    skipped: list[dict[str, Any]]
    flags: list[Flag]

    @property
    def balance_after(self) -> int:
        return self.balance - self.paid.amount

    @property
    def difference(self) -> int:
        """To last month's payouts."""
        return self.paid.amount - self.last_month.amount

    def as_summary(self, account: FundingAccount) -> dict[str, Any]:
        """What an approval keeps: exactly what its decider was shown."""
        return asdict(self) | {
            "balance_after": self.balance_after,
            "difference": self.difference,
            "account": {
                "id": account.public_id,
                "name": account.name,
                "bank": account.bank,
                "last4": account.account_number_last4,
            },
        }


def preflight(bulk_payout: BulkPayout) -> Preflight:
    """The pre-flight of a bulk payout, generated or still selecting; writes nothing.

    While selecting it shows what generating now would do (payouts.queries.plan).
    """
    if bulk_payout.status == BulkPayoutStatus.PREPARING:
        planned = plan(bulk_payout)
        payouts = draft_payouts(bulk_payout, planned.paid, planned.setting)
        payouts.sort(key=lambda payout: payout.partner.name)
        offset = offset_of_plan(bulk_payout, planned)
        left = ([asdict(each) for each in planned.carried], [asdict(e) for e in planned.skipped])
    else:
        found = live_payouts(bulk_payout).select_related("partner")
        payouts = list(found.order_by("partner__name", "pk"))
        offset = bulk_parts(bulk_payout).offset
        left = (bulk_payout.report.get("carried", []), bulk_payout.report.get("skipped", []))
    return _preflight(bulk_payout, payouts, offset, *left)


def _preflight(
    bulk_payout: BulkPayout,
    payouts: list[Payout],
    offset: int,
    carried: list[dict[str, Any]],
    skipped: list[dict[str, Any]],
) -> Preflight:
    amount = sum(payout.amount for payout in payouts)
    settlement = sum(payout.settlement_amount for payout in payouts)
    withheld = sum(p.income_tax_amount + p.local_income_tax_amount for p in payouts)
    account = bulk_payout.funding_account
    return Preflight(
        paid=Total(len(payouts), amount),
        settlement_amount=settlement,
        offset_amount=offset,
        withheld_amount=withheld,
        added_vat_amount=amount + withheld - settlement,
        balance=available_balance(account) if account else 0,
        last_month=paid_last_month(bulk_payout, clock.now()),
        carried=carried,
        skipped=skipped,
        flags=_flags(bulk_payout, payouts),
    )


def live_payouts(bulk_payout: BulkPayout) -> QuerySet[Payout]:
    return bulk_payout.payouts.exclude(status=PayoutStatus.CANCELLED)


def paid_last_month(bulk_payout: BulkPayout, now: datetime) -> Total:
    """What was paid the same way, in the same currency, in the calendar month before, in Korea."""
    this_month = now.astimezone(clock.KST).date().replace(day=1)
    last_month = (this_month - timedelta(days=1)).replace(day=1)
    paid = Payout.objects.filter(
        workspace=bulk_payout.workspace,
        method=bulk_payout.method,
        currency=bulk_payout.currency,
        status=PayoutStatus.SUCCEEDED,
        paid_at__gte=clock.kst_midnight(last_month),
        paid_at__lt=clock.kst_midnight(this_month),
    ).aggregate(count=Count("pk"), amount=Sum("amount"))
    return Total(paid["count"], paid["amount"] or 0)


def _flags(bulk_payout: BulkPayout, payouts: list[Payout]) -> list[Flag]:
    reasons = reasons_not_to_pay(
        (payout.partner for payout in payouts), setting_of(bulk_payout.workspace)
    )
    last_paid = _last_paid(bulk_payout, payouts)
    hashes = [crypto.search_hash(payout.account_number) for payout in payouts]
    owners = Counter(hashes)
    flags: list[Flag] = []
    for payout, account_hash in zip(payouts, hashes, strict=True):
        notes = _notes(payout, reasons.get(payout.partner_id, []), account_hash)
        if owners[account_hash] > 1:
            notes.append(("SAME_ACCOUNT", "다른 파트너와 같은 계좌입니다."))
        notes += _against_last(payout, last_paid)
        flags += [_flag(payout, code, message) for code, message in notes]
    return flags


def _notes(payout: Payout, reasons: list[str], account_hash: str) -> list[tuple[str, str]]:
    partner: Partner = payout.partner
    notes = [("PROBLEM", reason) for reason in reasons]
    notes += [(warning.code, warning.message) for warning in payment_warnings(partner)]
    if partner.account_number_hash != account_hash:
        notes.append(("ACCOUNT_CHANGED", "지급을 만든 뒤 파트너의 계좌가 바뀌었습니다."))
    return notes


def _against_last(payout: Payout, last_paid: dict[int, Payout]) -> list[tuple[str, str]]:
    last = last_paid.get(payout.partner_id)
    if last is None:
        return [("FIRST_PAYOUT", "이 파트너에게 처음 지급합니다.")]
    notes = []
    if last.amount and payout.amount > last.amount * UNUSUAL_FACTOR:
        notes.append(
            (
                "UNUSUAL_AMOUNT",
                f"지난 지급 {sum_in(last.amount, last.currency)}의 {UNUSUAL_FACTOR}배가 넘습니다.",
            )
        )
    if last.account_number != payout.account_number:
        notes.append(("NEW_ACCOUNT", "지난 지급과 다른 계좌로 보냅니다."))
    return notes


def _last_paid(bulk_payout: BulkPayout, payouts: list[Payout]) -> dict[int, Payout]:
    """Of each partner, in this currency: dollars are not compared with won."""
    paid = (
        Payout.objects.filter(
            workspace=bulk_payout.workspace,
            currency=bulk_payout.currency,
            partner__in=[payout.partner_id for payout in payouts],
            status=PayoutStatus.SUCCEEDED,
        )
        .order_by("partner", "-pk")
        .distinct("partner")
    )
    return {payout.partner_id: payout for payout in paid}


def _flag(payout: Payout, code: str, message: str) -> Flag:
    partner = payout.partner
    return Flag(code, message, payout.public_id, partner.public_id, partner.name, payout.amount)
