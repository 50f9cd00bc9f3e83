"""How far a job is: rate, what is left, when it may end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from core import clock
from core.jobs.models import Job


@dataclass(frozen=True)
class Progress:
    done: int
    failed: int
    total: int
    elapsed: timedelta | None
    is_over: bool

    @classmethod
    def of(cls, job: Job) -> Progress:
        end = job.finished_at or clock.now()
        elapsed = end - job.started_at if job.started_at else None
        over = job.status not in {Job.Status.WAITING, Job.Status.RUNNING}
        return cls(job.done_count, job.failed_count, job.total_count, elapsed, over)

    @property
    def handled(self) -> int:
        return self.done + self.failed

    @property
    def left(self) -> int:
        return max(self.total - self.handled, 0)

    @property
    def per_cent(self) -> int:
        return min(self.handled * 100 // self.total, 100) if self.total else 0

    @property
    def per_second(self) -> int:
        seconds = int(self.elapsed.total_seconds()) if self.elapsed else 0
        return self.handled // seconds if seconds else 0

    @property
    def time_left(self) -> timedelta | None:
        """Unknown before anything is done."""
        if self.is_over or not self.per_second:
            return None
        return timedelta(seconds=self.left // self.per_second)
