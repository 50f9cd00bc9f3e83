"""Partner settlements: found, listed, counted and summed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import BigIntegerField, Case, Count, F, QuerySet, Sum, When
from django.db.models.expressions import Combinable

from core.companies.access import rows
from core.companies.identifiers import graphql_id
from core.companies.models import Workspace
from settlements.errors import PartnerSettlementsNotFound
from settlements.models import PartnerSettlement, SettlementStatus
from settlements.queries.filters import SettlementFilter

SETTLEMENT_NODE = 11
"""Node number inside a settlement's graphql id; the contract names none (contract.md a.7)."""

PAYABLE = (
    SettlementStatus.PAYOUT_PREPARED,
    SettlementStatus.PAYOUT_FAILED,
    SettlementStatus.CANCELLED,
)
"""States a payout may be made of (contract.md c.6)."""


def find_settlements(workspace: Workspace, ids: Sequence[str]) -> QuerySet[PartnerSettlement]:
    """Settlements by public id. Raises PartnerSettlementsNotFound naming the missing ones."""
    found = rows(PartnerSettlement, workspace).filter(public_id__in=ids)
    missing = sorted(set(ids) - set(found.values_list("public_id", flat=True)))
    if missing:
        raise PartnerSettlementsNotFound(
            ids=missing, graphqlIds=[graphql_id(SETTLEMENT_NODE, each) for each in missing]
        )
    return found


def settlements_matching(
    workspace: Workspace, wanted: SettlementFilter | None = None
) -> QuerySet[PartnerSettlement]:
    """Newest first; partner and contract come along (contract.md c.11)."""
    condition = (wanted or SettlementFilter()).condition()
    return (
        rows(PartnerSettlement, workspace)
        .filter(condition)
        .select_related("partner__default_contract", "contract")
        .order_by("-settlement_date", "-id")
    )


def payable_settlements(
    workspace: Workspace, wanted: SettlementFilter | None = None
) -> QuerySet[PartnerSettlement]:
    """What a payout may be made of, by partner (contract.md c.6, h.4)."""
    matching = settlements_matching(workspace, wanted)
    return matching.filter(status__in=PAYABLE).order_by("partner__name", "partner_id", "id")


def count_by_status(workspace: Workspace, wanted: SettlementFilter | None = None) -> dict[str, int]:
    """How many settlements each status has, zeros included; ignores the status filter (a.7)."""
    condition = (wanted or SettlementFilter()).condition(with_statuses=False)
    counted = (
        rows(PartnerSettlement, workspace)
        .filter(condition)
        .values_list("status")
        .annotate(count=Count("id"))
        .order_by()
    )
    return dict.fromkeys(SettlementStatus.values, 0) | dict(counted)


def signed(column: str) -> Combinable:
    """A column as it adds to what is owed: cancels subtract (contract.md d.3)."""
    return Case(
        When(type="ORDER_CANCEL", then=-F(column)),
        default=F(column),
        output_field=BigIntegerField(),
    )


@dataclass(frozen=True)
class StatusTotal:
    """The dashboard's line of one currency and status, in the currency's unit; cancels subtract."""

    currency: str
    status: str
    settlement_count: int
    settlement_amount: int
    order_amount: int
    deduction_amount: int
    """Fees, their VAT, the discount share and the VAT burden (contract.md h.1)."""
    manual_amount: int


DEDUCTIONS = (
    "platform_fee_amount",
    "platform_fee_vat_amount",
    "additional_fee_amount",
    "additional_fee_vat_amount",
    "discount_share_amount",
    "payment_vat_burden_amount",
)


def unpaid_totals(workspace: Workspace) -> list[StatusTotal]:
    """What is settled and not yet paid, per currency and status (contract.md h.1)."""
    unpaid = rows(PartnerSettlement, workspace).exclude(status=SettlementStatus.PAID_OUT)
    return totals_by_status(unpaid)


def totals_by_status(settlements: QuerySet[PartnerSettlement]) -> list[StatusTotal]:
    """Sums of these settlements per currency and status."""
    deduction = sum((signed(column) for column in DEDUCTIONS[1:]), signed(DEDUCTIONS[0]))
    manual = Case(When(type="MANUAL", then=F("settlement_amount")), default=0)
    sums = (
        settlements.order_by()
        .values("settlement_currency", "status")
        .annotate(
            count=Count("id"),
            settlement=Sum(signed("settlement_amount")),
            order=Sum(signed("order_amount")),
            deduction=Sum(deduction),
            manual=Sum(manual),
        )
        .order_by("settlement_currency", "status")
    )
    return [
        StatusTotal(
            currency=row["settlement_currency"],
            status=row["status"],
            settlement_count=row["count"],
            settlement_amount=row["settlement"],
            order_amount=row["order"],
            deduction_amount=row["deduction"],
            manual_amount=row["manual"],
        )
        for row in sums
    ]
