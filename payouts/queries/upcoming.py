"""The next payout days: what will be due, and whether the accounts cover it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum

from core import clock
from core.companies.access import rows
from core.companies.models import Workspace
from payouts.models import BulkPayout, BulkPayoutStatus, Payout, PayoutStatus
from payouts.queries.funds import Owed, free_settlements, funds_of, to_be_paid
from settlements.models import Transfer, TransferStatus
from settlements.queries import signed

DAYS = 3


@dataclass(frozen=True)
class PayoutDay:
    """Won. `cover` is what the accounts have left for this day after the days before it."""

    day: date
    settled: int
    """What is settled and not in a payout yet; overdue days count as today."""
    coming: int
    """What orders already known will settle that day; it may still change."""
    scheduled: int
    """Payouts made and waiting: for their time, or for an approval or the bank (today)."""
    cover: int

    @property
    def expected(self) -> int:
        return self.settled + self.coming + self.scheduled

    @property
    def missing(self) -> int:
        return max(self.expected - max(self.cover, 0), 0)


def next_payout_days(workspace: Workspace, count: int = DAYS) -> list[PayoutDay]:
    """The first days with something to pay, today included."""
    today = clock.today()
    settled, coming = _settled(workspace, today), _coming(workspace, today, count)
    scheduled = _scheduled(workspace, today)
    cover = sum(each.available for each in funds_of(workspace) if each.account.is_active)
    days = []
    for day in sorted({*settled, *coming, *scheduled})[:count]:
        found = PayoutDay(
            day,
            to_be_paid(workspace, settled.get(day, {})),
            to_be_paid(workspace, coming.get(day, {})),
            scheduled.get(day, 0),
            cover,
        )
        cover -= found.expected
        days.append(found)
    return days


def _settled(workspace: Workspace, today: date) -> dict[date, Owed]:
    """Offsets reach over days, so a partner is summed once: on the first day it is due."""
    sums = (
        free_settlements(workspace)
        .values_list("partner")
        .annotate(
            owed=Sum(signed("settlement_amount")), free=Sum(signed("settlement_tax_free_amount"))
        )
    )
    owed = {partner: (amount, free) for partner, amount, free in sums}
    return {today: owed} if owed else {}


def _coming(workspace: Workspace, today: date, count: int) -> dict[date, Owed]:
    transfers = _unsettled(workspace, today)
    dates = list(
        transfers.order_by("settlement_date").values_list("settlement_date").distinct()[:count]
    )
    sums = (
        transfers.filter(settlement_date__in=[day for (day,) in dates])
        .order_by()
        .values_list("settlement_date", "partner")
        .annotate(
            owed=Sum(signed("settlement_amount")), free=Sum(signed("settlement_tax_free_amount"))
        )
    )
    found: dict[date, Owed] = defaultdict(dict)
    for day, partner, amount, free in sums:
        found[day][partner] = (amount, free)
    return found


def _unsettled(workspace: Workspace, today: date) -> QuerySet[Transfer]:
    waiting = (TransferStatus.SCHEDULED, TransferStatus.IN_PROCESS)
    return rows(Transfer, workspace).filter(
        status__in=waiting, settlement_date__gt=today, settlement_currency="KRW"
    )


def _scheduled(workspace: Workspace, today: date) -> dict[date, int]:
    """Unsent payouts on the day of their slot, else today; what is sent is reserved already."""
    waiting = Q(
        status__in=(PayoutStatus.CONFIRMED, PayoutStatus.SCHEDULED),
        bulk_payout__status=BulkPayoutStatus.PREPARED,
    )
    sums = (
        rows(Payout, workspace)
        .filter(waiting | Q(status=PayoutStatus.PREPARED))
        .filter(bulk_payout__funding_account__isnull=False)
        .order_by()
        .values_list("bulk_payout")
        .annotate(Sum("amount"))
    )
    slots = dict(
        BulkPayout.objects.filter(pk__in=[pk for pk, _ in sums]).values_list("pk", "scheduled_at")
    )
    found: dict[date, int] = defaultdict(int)
    for bulk_payout, amount in sums:
        slot = slots[bulk_payout]
        found[max(clock.kst_date(slot), today) if slot else today] += amount
    return found
