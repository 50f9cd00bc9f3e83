"""What a bulk payout has selected, and what it may."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import QuerySet, Sum

from payouts.models import BulkPayout, Payout, PayoutItem
from settlements.models import PartnerSettlement, SettlementStatus
from settlements.queries import PAYABLE, SettlementFilter, payable_settlements, signed


def locked_bulk_payout(bulk_payout: BulkPayout) -> BulkPayout:
    """The bulk payout as it is now, held until the transaction ends."""
    return (
        BulkPayout.objects.select_for_update(of=("self",))
        .select_related("workspace__company", "funding_account")
        .get(pk=bulk_payout.pk)
    )


def locked_bulk_payouts(payouts: QuerySet[Payout]) -> list[BulkPayout]:
    """Those these payouts belong to, held in the order of their ids."""
    of_payouts = BulkPayout.objects.filter(pk__in=payouts.order_by().values("bulk_payout"))
    held = of_payouts.select_for_update(of=("self",)).order_by("pk")
    return list(held.select_related("workspace__company", "funding_account"))


def selected_items(bulk_payout: BulkPayout) -> QuerySet[PayoutItem]:
    return PayoutItem.objects.filter(bulk_payout=bulk_payout, released_at=None)


def selectable_settlements(
    bulk_payout: BulkPayout, wanted: SettlementFilter
) -> QuerySet[PartnerSettlement]:
    """What a filter finds for a bulk payout: only 지급 예정 unless it names other states."""
    prepared = (SettlementStatus.PAYOUT_PREPARED,)
    wanted = replace(wanted, statuses=wanted.statuses or prepared)
    return payable_settlements(bulk_payout.workspace, wanted)


def currencies_of(settlements: QuerySet[PartnerSettlement]) -> list[str]:
    found = settlements.order_by("settlement_currency")
    return list(found.values_list("settlement_currency", flat=True).distinct())


def of_its_currency(
    bulk_payout: BulkPayout, settlements: QuerySet[PartnerSettlement]
) -> QuerySet[PartnerSettlement]:
    """Those it may take; one without a currency takes all."""
    if not bulk_payout.currency:
        return settlements
    return settlements.filter(settlement_currency=bulk_payout.currency)


def carried_settlements(bulk_payout: BulkPayout) -> list[int]:
    """Ids of settlements earlier bulk payouts carried, of the partners selected here.

    Two questions, not one join: fresh claims are not in the statistics yet, and a plan that
    takes them for one row looks at every settlement for every claim.
    """
    carried = PartnerSettlement.objects.filter(
        workspace=bulk_payout.workspace,
        status=SettlementStatus.PAYOUT_PREPARED,
        payout_items__release_reason=PayoutItem.Release.CARRIED,
    )
    found = of_its_currency(bulk_payout, carried).order_by()
    partner_of = dict(found.values_list("pk", "partner"))
    if not partner_of:
        return []
    selected = selected_items(bulk_payout).values_list("partner_settlement__partner", flat=True)
    partners = set(selected)
    return [pk for pk, partner in partner_of.items() if partner in partners]


def partner_sums(bulk_payout: BulkPayout) -> list[tuple[int, str, int, int]]:
    """Partner key, currency, Σ settlement and Σ tax-free of what is selected, all signed.

    Amounts as the settlements have them now; those no longer payable are left out.
    """
    sums = (
        PartnerSettlement.objects.filter(
            payout_items__in=selected_items(bulk_payout), status__in=PAYABLE
        )
        .order_by("partner", "settlement_currency")
        .values_list("partner", "settlement_currency")
        .annotate(
            owed=Sum(signed("settlement_amount")), free=Sum(signed("settlement_tax_free_amount"))
        )
    )
    return list(sums)
