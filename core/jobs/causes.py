"""Why rows of a job did not go through, grouped for people."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count, Window
from django.db.models.functions import RowNumber

from core.jobs.models import Job, JobFailure

MAX_CAUSES = 20
EXAMPLES = 5


@dataclass
class Cause:
    """Failures of one column for one reason."""

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
    groups = job.failures.values("code", "column").annotate(count=Count("pk"))
    causes = [Cause(**group) for group in groups.order_by("-count", "code", "column")[:MAX_CAUSES]]
    place = Window(RowNumber(), partition_by=["code", "column"], order_by=["row_number", "pk"])
    by_key = {(cause.code, cause.column): cause for cause in causes}
    first = job.failures.annotate(place=place).filter(place__lte=EXAMPLES)
    for failure in first.order_by("row_number", "pk"):
        cause = by_key.get((failure.code, failure.column))
        if cause:
            cause.examples.append(failure)
    return causes
