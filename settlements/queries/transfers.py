"""Transfers: listed and summed."""

from __future__ import annotations

from django.db.models import QuerySet, Sum

from core.companies.access import rows
from core.companies.models import Workspace
from settlements.models import AMOUNT_COLUMNS, Transfer
from settlements.queries.filters import TransferFilter
from settlements.queries.partner_settlements import signed

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


def signed_totals(transfers: QuerySet[Transfer]) -> dict[str, int]:
    """Σ of every amount column over these transfers in won; cancels subtract."""
    sums = transfers.order_by().aggregate(
        **{column: Sum(signed(column)) for column in AMOUNT_COLUMNS}
    )
    return {column: total or 0 for column, total in sums.items()}
