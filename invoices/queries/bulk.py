"""What a bulk consists of, counted when asked."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Sum

from core.companies.access import find, rows
from core.companies.models import Workspace
from invoices.errors import BulkTaxInvoiceNotFound
from invoices.models import BulkTaxInvoice, TaxInvoice


@dataclass(frozen=True)
class StatusSum:
    """Documents in one status and their total amount in won."""

    count: int
    amount: int


def find_bulk(workspace: Workspace, public_id: str) -> BulkTaxInvoice:
    return find(BulkTaxInvoice, workspace, public_id, BulkTaxInvoiceNotFound)


def status_counts(bulk: BulkTaxInvoice) -> dict[str, int]:
    return {status: row.count for status, row in status_sums(bulk).items()}


def status_sums(bulk: BulkTaxInvoice) -> dict[str, StatusSum]:
    """Per status of contract.md c.10; deleted documents no longer count."""
    grouped = (
        rows(TaxInvoice, bulk.workspace)
        .filter(bulk=bulk, deleted_at=None)
        .values_list("status")
        .annotate(Count("pk"), Sum("total_amount"))
        .order_by("status")
    )
    return {status: StatusSum(count, amount) for status, count, amount in grouped}
