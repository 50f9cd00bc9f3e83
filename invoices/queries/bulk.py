"""What a bulk consists of, counted when asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Sum

from core.companies.access import find
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


StatusSums = dict[str, StatusSum]


def status_sums(bulk: BulkTaxInvoice) -> StatusSums:
    """Per status of contract.md c.10; deleted documents no longer count."""
    return status_sums_of([bulk])[bulk.pk]


def status_sums_of(bulks: Sequence[BulkTaxInvoice]) -> dict[int, StatusSums]:
    """The same for many bulks, in one query."""
    found: dict[int, StatusSums] = {bulk.pk: {} for bulk in bulks}
    grouped = (
        TaxInvoice.objects.filter(bulk__in=found, deleted_at=None)
        .values_list("bulk", "status")
        .annotate(Count("pk"), Sum("total_amount"))
        .order_by("bulk", "status")
    )
    for bulk_id, status, count, amount in grouped:
        found[bulk_id or 0][status] = StatusSum(count, amount)
    return found
