"""Uploads: which rejected rows still wait for someone, and why rows were rejected."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count, Q, Sum, Window
from django.db.models.functions import RowNumber

from core.companies.access import rows
from core.companies.models import Workspace
from core.jobs.models import Job, JobFailure
from settlements.models import LIVE_UPLOADS, OrderUpload

OPEN_REJECTIONS = Q(
    rejected_row_count__gt=0,
    status__in=["READY", "REGISTERED", "REFUSED"],
    rejections_closed_at=None,
) & ~Q(corrections__status__in=LIVE_UPLOADS)
"""Uploads with rejected rows that nobody corrected or gave up."""

MAX_CAUSES = 20
EXAMPLES = 5


def open_rejected_rows(workspace: Workspace) -> int:
    """How many rejected rows still wait, over all uploads."""
    waiting = rows(OrderUpload, workspace).filter(OPEN_REJECTIONS)
    return waiting.aggregate(sum=Sum("rejected_row_count"))["sum"] or 0


@dataclass
class Cause:
    """Rejected cells of one column for one reason."""

    code: str
    column: str
    count: int
    examples: list[JobFailure] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The reason without the row that the first example names."""
        message = self.examples[0].message if self.examples else self.code
        return message.partition(": ")[2] if message.startswith(self._place()) else message

    def _place(self) -> str:
        return f"{self.examples[0].row_number:,}행"


def causes_of(job: Job) -> list[Cause]:
    """The most frequent first, with their first rows; two queries whatever their number."""
    groups = (
        job.failures.values("code", "column").annotate(count=Count("pk")).order_by("-count", "code")
    )
    causes = [Cause(**group) for group in groups[:MAX_CAUSES]]
    place = Window(RowNumber(), partition_by=["code", "column"], order_by=["row_number", "pk"])
    by_key = {(cause.code, cause.column): cause for cause in causes}
    for failure in (
        job.failures.annotate(place=place).filter(place__lte=EXAMPLES).order_by("row_number", "pk")
    ):
        cause = by_key.get((failure.code, failure.column))
        if cause:
            cause.examples.append(failure)
    return causes
