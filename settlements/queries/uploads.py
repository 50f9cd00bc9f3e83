"""Uploads: which rejected rows still wait for someone."""

from __future__ import annotations

from django.db.models import Q, Sum

from core.companies.access import rows
from core.companies.models import Workspace
from settlements.models import LIVE_UPLOADS, OrderUpload

OPEN_REJECTIONS = Q(
    rejected_row_count__gt=0,
    status__in=["READY", "REGISTERED", "REFUSED"],
    rejections_closed_at=None,
) & ~Q(corrections__status__in=LIVE_UPLOADS)
"""Uploads with rejected rows that nobody corrected or gave up."""


def open_rejected_rows(workspace: Workspace) -> int:
    """How many rejected rows still wait, over all uploads."""
    waiting = rows(OrderUpload, workspace).filter(OPEN_REJECTIONS)
    return waiting.aggregate(sum=Sum("rejected_row_count"))["sum"] or 0
