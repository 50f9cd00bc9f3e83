"""What a bulk payout may still choose from, grouped by partner (contract.md h.4 select)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from core.companies.access import rows
from payouts.models import BulkPayout, PayoutItem, PayoutStatus
from payouts.queries.preflight import Total
from payouts.queries.selecting import selected_items
from settlements.models import PartnerSettlement
from settlements.queries import PAYABLE, SettlementFilter, signed


@dataclass(frozen=True)
class Choice:
    """One partner of the list. Amounts signed, in the currency's unit."""

    partner_id: str
    partner_name: str
    currency: str
    count: int
    amount: int
    taken_count: int
    taken_amount: int

    @property
    def is_taken(self) -> bool:
        return self.taken_count == self.count

    @property
    def is_partly_taken(self) -> bool:
        return 0 < self.taken_count < self.count


def filter_of(bulk_payout: BulkPayout) -> SettlementFilter:
    """The filter it was made with, read back from its JSON."""
    kept = {name: tuple(values) for name, values in bulk_payout.filter.items()}
    days = tuple(date.fromisoformat(text) for text in kept.pop("settlement_dates", ()))
    return SettlementFilter(settlement_dates=days, **kept)


def candidates(bulk_payout: BulkPayout) -> QuerySet[PartnerSettlement]:
    """Payable settlements of the filter that nothing else holds, and what is selected already.

    A failed payout lets its settlements go when they are chosen (services.selection). `taken`
    says which are selected.
    """
    here = selected_items(bulk_payout).filter(partner_settlement=OuterRef("pk"))
    elsewhere = PayoutItem.objects.filter(partner_settlement=OuterRef("pk"), released_at=None)
    elsewhere = elsewhere.exclude(bulk_payout=bulk_payout)
    elsewhere = elsewhere.filter(Q(payout=None) | ~Q(payout__status=PayoutStatus.FAILED))
    return (
        rows(PartnerSettlement, bulk_payout.workspace)
        .filter(status__in=PAYABLE)
        .annotate(taken=Exists(here), held=Exists(elsewhere))
        .filter(Q(taken=True) | (filter_of(bulk_payout).condition() & Q(held=False)))
    )


def choices(settlements: QuerySet[PartnerSettlement]) -> list[Choice]:
    """Per partner and currency: what there is and what is taken, by partner name."""
    owed = signed("settlement_amount")
    groups = (
        settlements.order_by()
        .values_list("partner__public_id", "partner__name", "settlement_currency")
        .annotate(
            number=Count("pk"),
            owed=Sum(owed),
            taken_number=Count("pk", filter=Q(taken=True)),
            taken_owed=Sum(owed, filter=Q(taken=True), default=0),
        )
        .order_by("partner__name", "partner__public_id", "settlement_currency")
    )
    return [Choice(*row) for row in groups]


def taken_total(bulk_payout: BulkPayout) -> Total:
    """Count and signed sum of what is selected, by the settlements' amounts of now."""
    taken = PartnerSettlement.objects.filter(payout_items__in=selected_items(bulk_payout))
    sums = taken.aggregate(count=Count("pk"), amount=Sum(signed("settlement_amount")))
    return Total(sums["count"], sums["amount"] or 0)
