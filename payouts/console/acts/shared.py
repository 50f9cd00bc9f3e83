"""What acts on bulk payouts share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from core.companies.models import Permission
from payouts.models import BulkPayout, Payout, PayoutMethod
from payouts.queries.preflight import Total
from payouts.queries.running import status_totals

Data = Mapping[str, Any]
"""The cleaned inputs of a sheet."""
WRITE, APPROVE = Permission.PAYOUT_WRITE, Permission.PAYOUT_APPROVE
PREPARING, PREPARED = BulkPayout.Status.PREPARING, BulkPayout.Status.PREPARED


def total_in(bulk_payout: BulkPayout, *statuses: str) -> Total:
    """Count and won of its payouts in these states."""
    found = [each for status, each in status_totals(bulk_payout).items() if status in statuses]
    return Total(sum(each.count for each in found), sum(each.amount for each in found))


def payouts_in(bulk_payout: BulkPayout, *statuses: str) -> QuerySet[Payout]:
    return Payout.objects.filter(bulk_payout=bulk_payout, status__in=statuses)


def is_agency(bulk_payout: BulkPayout) -> bool:
    return bulk_payout.method == PayoutMethod.AGENCY
