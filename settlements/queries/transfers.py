"""Transfers: listed and summed."""

from __future__ import annotations

from typing import Any

from django.db.models import Aggregate, Count, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from core.companies.access import rows
from core.companies.models import Workspace
from settlements.models import AMOUNT_COLUMNS, PartnerSettlement, Transfer, TransferStatus
from settlements.queries.filters import TransferFilter
from settlements.queries.partner_settlements import signed

UNSETTLED = (TransferStatus.SCHEDULED, TransferStatus.IN_PROCESS)
TRANSFER_NODE = 6
"""Node number inside a transfer's graphql id (contract.md a.7)."""


def transfers_matching(
    workspace: Workspace, wanted: TransferFilter | None = None
) -> QuerySet[Transfer]:
    """Newest settlement date first; partner and contract come along (contract.md c.11)."""
    return (
        rows(Transfer, workspace)
        .filter((wanted or TransferFilter()).condition())
        .select_related("partner__default_contract", "contract")
        .order_by("-settlement_date", "-id")
    )


def count_matching(workspace: Workspace, wanted: TransferFilter) -> int:
    """How many transfers match, exactly. Settlements know how many they have: where they can be
    asked, only what is not settled yet is counted one by one; in one statement."""
    if not wanted.holds_for_whole_settlements():
        return transfers_matching(workspace, wanted).count()
    settled = rows(PartnerSettlement, workspace).filter(wanted.condition())
    open_ = rows(Transfer, workspace).filter(wanted.condition(), status__in=UNSETTLED)
    counted = Workspace.objects.filter(pk=workspace.pk).values_list(
        _of_all(settled, Sum("transfer_count")) + _of_all(open_, Count("pk"))
    )
    (total,) = counted.get()
    return int(total)


def _of_all(found: QuerySet[Any], total: Aggregate) -> Coalesce:
    grouped = found.order_by().values("workspace").annotate(total=total).values("total")
    return Coalesce(Subquery(grouped), 0)


def signed_totals(transfers: QuerySet[Transfer]) -> dict[str, int]:
    """Σ of every amount column over these transfers in won; cancels subtract."""
    sums = transfers.order_by().aggregate(
        **{column: Sum(signed(column)) for column in AMOUNT_COLUMNS}
    )
    return {column: total or 0 for column, total in sums.items()}
