"""How far a bulk payout is: what arrived, what failed, what nobody knows, what is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q, Sum

from core import clock
from payouts.models import AccountTransferStatus, BulkPayout, BulkPayoutStatus, PayoutStatus
from payouts.queries.preflight import Total

OVER = (BulkPayoutStatus.COMPLETED, BulkPayoutStatus.CANCELLED)


@dataclass(frozen=True)
class Running:
    """Counts and won of one moment; every live payout is in exactly one of the parts."""

    total: Total
    done: Total
    failed: Total
    stopped: Total
    at_bank: Total
    unknown: Total
    left: Total
    elapsed: timedelta | None
    is_over: bool

    @property
    def handled_count(self) -> int:
        return self.done.count + self.failed.count + self.stopped.count

    @property
    def per_cent(self) -> int:
        return self.handled_count * 100 // self.total.count if self.total.count else 0

    @property
    def per_second(self) -> int:
        seconds = int(self.elapsed.total_seconds()) if self.elapsed else 0
        return (self.done.count + self.failed.count) // seconds if seconds else 0

    @property
    def time_left(self) -> timedelta | None:
        """For what is still to be sent; nobody knows when a bank answers."""
        if self.is_over or not self.per_second or not self.left.count:
            return None
        return timedelta(seconds=-(-self.left.count // self.per_second))


def status_totals(bulk_payout: BulkPayout) -> dict[str, Total]:
    """Count and won of its payouts per status; absent ones are left out."""
    sums = bulk_payout.payouts.order_by().values_list("status").annotate(Count("pk"), Sum("amount"))
    return {status: Total(count, amount) for status, count, amount in sums}


def currency_totals(bulk_payout: BulkPayout) -> dict[str, Total]:
    """Count and sum of its live payouts per currency."""
    live = bulk_payout.payouts.exclude(status=PayoutStatus.CANCELLED).order_by("currency")
    sums = live.values_list("currency").annotate(Count("pk"), Sum("amount"))
    return {currency: Total(count, amount) for currency, count, amount in sums}


def live_total(bulk_payout: BulkPayout) -> Total:
    """Count and sum of its live payouts; several currencies have no sum, it is 0 (c.6)."""
    totals = currency_totals(bulk_payout).values()
    amount = sum(each.amount for each in totals) if bulk_payout.currency else 0
    return Total(sum(each.count for each in totals), amount)


def running(bulk_payout: BulkPayout) -> Running:
    """The progress of now, in three queries."""
    by_status = status_totals(bulk_payout)

    def total(*statuses: str) -> Total:
        found = [by_status[status] for status in statuses if status in by_status]
        return Total(sum(each.count for each in found), sum(each.amount for each in found))

    unknown, processing = _unknown(bulk_payout), total(PayoutStatus.PROCESSING)
    live = [status for status in by_status if status != PayoutStatus.CANCELLED]
    is_over = bulk_payout.status in OVER
    return Running(
        total=total(*live),
        done=total(PayoutStatus.SUCCEEDED),
        failed=total(PayoutStatus.FAILED),
        stopped=total(PayoutStatus.STOPPED),
        at_bank=Total(processing.count - unknown.count, processing.amount - unknown.amount),
        unknown=unknown,
        left=total(PayoutStatus.CONFIRMED, PayoutStatus.SCHEDULED, PayoutStatus.PREPARED),
        elapsed=_elapsed(bulk_payout, is_over),
        is_over=is_over,
    )


def _unknown(bulk_payout: BulkPayout) -> Total:
    sums = bulk_payout.payouts.filter(attempts__status=AccountTransferStatus.UNKNOWN).aggregate(
        count=Count("pk"), amount=Sum("amount")
    )
    return Total(sums["count"], sums["amount"] or 0)


def _elapsed(bulk_payout: BulkPayout, is_over: bool) -> timedelta | None:
    """From the first transfer handed to the bank to now, or to the last answer."""
    times = bulk_payout.payouts.aggregate(
        first=Min("attempts__sent_at"),
        last=Max(
            "attempts__status_updated_at", filter=Q(attempts__status__in=("SUCCEEDED", "FAILED"))
        ),
    )
    first: datetime | None = times["first"]
    if first is None:
        return None
    end = times["last"] if is_over and times["last"] else clock.now()
    return max(end - first, timedelta())


@dataclass(frozen=True)
class Cause:
    """Failures of one kind. Only definite ones: an unknown result is no failure."""

    code: str
    reason: str
    count: int
    amount: int


def causes(bulk_payout: BulkPayout) -> list[Cause]:
    """Why payouts did not arrive, the most frequent cause first."""
    last = bulk_payout.payouts.filter(
        status__in=(PayoutStatus.FAILED, PayoutStatus.STOPPED)
    ).order_by()
    groups = last.values_list("status", "fail_reason").annotate(Count("pk"), Sum("amount"))
    found = [Cause(status, reason, count, amount) for status, reason, count, amount in groups]
    return sorted(found, key=lambda cause: (-cause.count, cause.reason))
