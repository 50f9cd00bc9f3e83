"""왜 이 금액?: from a payout down to its settlements, with what was taken and added."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum

from payouts.models import BulkPayout, Payout, PayoutItem, PayoutStatus


@dataclass(frozen=True)
class Parts:
    """정산 − 상계 − 원천징수 + 부가세 = 지급, in won. Deductions negative."""

    settled: int
    offset: int
    withheld: int
    added_vat: int
    amount: int


def parts_of(payouts: QuerySet[Payout]) -> Parts:
    """Σ over these payouts, two queries."""
    sums = payouts.order_by().aggregate(
        amount=Sum("amount", default=0),
        settlement=Sum("settlement_amount", default=0),
        income_tax=Sum("income_tax_amount", default=0),
        local=Sum("local_income_tax_amount", default=0),
    )
    items = PayoutItem.objects.filter(payout__in=payouts.order_by()).aggregate(
        offset=Sum("settlement_amount", filter=Q(settlement_amount__lt=0), default=0)
    )
    withheld = sums["income_tax"] + sums["local"]
    return Parts(
        settled=sums["settlement"] - items["offset"],
        offset=items["offset"],
        withheld=-withheld,
        added_vat=sums["amount"] + withheld - sums["settlement"],
        amount=sums["amount"],
    )


def bulk_parts(bulk_payout: BulkPayout) -> Parts:
    return parts_of(bulk_payout.payouts.exclude(status=PayoutStatus.CANCELLED))


def items_of(payout: Payout) -> Iterable[PayoutItem]:
    """Its settlements as they were frozen, the oldest first."""
    return payout.items.select_related("partner_settlement__contract").order_by(
        "partner_settlement__settlement_date", "pk"
    )
