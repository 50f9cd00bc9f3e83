"""How much money is where, and how much of it is spoken for (contract.md h.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum

from core.companies.access import rows
from core.companies.models import Workspace
from core.ledger.queries import balance, balances_by_subject
from partners.models import Partner
from payouts.models import FundingAccount, Payout, PayoutItem, PayoutStatus
from payouts.queries.plan import terms_of
from payouts.queries.problems import setting_of
from payouts.withholding import is_carried, payout_amounts
from settlements.accounts import AccountCode
from settlements.models import PartnerSettlement, SettlementStatus
from settlements.queries import signed

UNPAID = (
    PayoutStatus.CONFIRMED,
    PayoutStatus.SCHEDULED,
    PayoutStatus.PREPARED,
    PayoutStatus.PROCESSING,
    PayoutStatus.FAILED,
    PayoutStatus.STOPPED,
)
"""Payouts still to leave the account, in the order of contract.md h.5."""
EXPECTED = (SettlementStatus.PAYOUT_PREPARED, SettlementStatus.CANCELLED)

Owed = dict[int, tuple[int, int]]
"""Partner key → Σ settlement and Σ tax-free, signed won."""


def available_balance(account: FundingAccount) -> int:
    """Won on the account that no open transfer has reserved, by our books."""
    workspace, subject = account.workspace, account.public_id
    on_account = balance(workspace, AccountCode.FUNDING, subject)
    return on_account + balance(workspace, AccountCode.IN_TRANSIT, subject)


@dataclass(frozen=True)
class Expected:
    """One kind of money that is to be paid: settlements or payouts in one state. Won."""

    kind: str
    status: str
    count: int
    amount: int
    carried_count: int = 0
    """Partners to whom nothing is paid now: their sum is negative, it is carried."""


@dataclass(frozen=True)
class Funds:
    """An account, what is on it and what it still has to pay, in won."""

    account: FundingAccount
    balance: int
    reserved: int
    expected: list[Expected]
    is_default: bool
    """Settlements in no payout yet are counted here, and nowhere else."""

    @property
    def available(self) -> int:
        return self.balance - self.reserved

    @property
    def expected_amount(self) -> int:
        return sum(line.amount for line in self.expected)

    @property
    def recommended(self) -> int:
        """권장 출금 금액: what may be taken out without missing a payout (contract.md h.5)."""
        return self.balance - self.expected_amount


def default_account(workspace: Workspace) -> FundingAccount | None:
    """The account a new bulk payout pays from."""
    return rows(FundingAccount, workspace).filter(is_active=True).order_by("pk").first()


def funds_of(workspace: Workspace) -> list[Funds]:
    """Every account with its money; a fixed number of queries however many there are."""
    accounts = list(rows(FundingAccount, workspace).order_by("-is_active", "pk"))
    on_account = balances_by_subject(workspace, AccountCode.FUNDING)
    in_transit = balances_by_subject(workspace, AccountCode.IN_TRANSIT)
    payouts = _expected_payouts(workspace)
    first = default_account(workspace)
    unassigned = _expected_settlements(workspace) if first else []
    return [
        Funds(
            account=account,
            balance=on_account.get(account.public_id, 0),
            reserved=-in_transit.get(account.public_id, 0),
            expected=[*(unassigned if account == first else []), *payouts.get(account.pk, [])],
            is_default=account == first,
        )
        for account in accounts
    ]


def funds(account: FundingAccount) -> Funds:
    return next(each for each in funds_of(account.workspace) if each.account == account)


def _expected_payouts(workspace: Workspace) -> Mapping[int, list[Expected]]:
    """By funding account. Direct payouts leave from accounts we do not see."""
    sums = (
        rows(Payout, workspace)
        .filter(status__in=UNPAID, bulk_payout__funding_account__isnull=False)
        .order_by()
        .values("bulk_payout__funding_account", "status")
        .annotate(count=Count("pk"), total=Sum("amount"))
    )
    found: dict[int, list[Expected]] = {}
    for row in sorted(sums, key=lambda row: UNPAID.index(row["status"])):
        line = Expected("payout", row["status"], row["count"], row["total"])
        found.setdefault(row["bulk_payout__funding_account"], []).append(line)
    return found


def free_settlements(workspace: Workspace) -> QuerySet[PartnerSettlement]:
    """In 지급 예정 or 지급 취소 and in no payout: what a failed payout holds is counted there."""
    held = PayoutItem.objects.filter(
        partner_settlement=OuterRef("pk"), released_at=None, payout__isnull=False
    )
    found = rows(PartnerSettlement, workspace).filter(
        ~Exists(held), status__in=EXPECTED, settlement_currency="KRW"
    )
    return found.order_by()


def _expected_settlements(workspace: Workspace) -> list[Expected]:
    """Per state, what its partners would be paid by d.4 and d.5."""
    sums = (
        free_settlements(workspace)
        .values_list("status", "partner")
        .annotate(
            number=Count("pk"),
            owed=Sum(signed("settlement_amount")),
            free=Sum(signed("settlement_tax_free_amount")),
        )
    )
    by_status: dict[str, list[tuple[int, int, int, int]]] = {}
    for status, *row in sums:
        by_status.setdefault(status, []).append((row[0], row[1], row[2], row[3]))
    return [
        _expected(workspace, state, by_status[state]) for state in EXPECTED if state in by_status
    ]


def _expected(workspace: Workspace, status: str, sums: list[tuple[int, int, int, int]]) -> Expected:
    paid = _to_be_paid(workspace, {partner: (owed, free) for partner, _, owed, free in sums})
    return Expected(
        kind="settlement",
        status=status,
        count=sum(count for _, count, _, _ in sums),
        amount=sum(paid),
        carried_count=len(sums) - len(paid),
    )


def to_be_paid(workspace: Workspace, owed: Owed) -> int:
    """What these partners would receive, taxes considered; whoever is carried receives nothing."""
    return sum(_to_be_paid(workspace, owed))


def _to_be_paid(workspace: Workspace, owed: Owed) -> list[int]:
    """An amount for each partner that is not carried, 0 included."""
    setting = setting_of(workspace)
    partners = Partner.objects.only("type", "taxation_type").in_bulk(list(owed))
    shares = [(*owed[pk], terms_of(partner, setting)) for pk, partner in partners.items()]
    return [payout_amounts(*share).amount for share in shares if not is_carried(*share)]
