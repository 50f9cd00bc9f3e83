"""A worker that writes statements, to be killed while it does."""

from __future__ import annotations

from core.jobs.services import run_job
from payouts.services.statements import writing


def work(job_key: int) -> None:
    writing.BATCH = 2
    run_job(job_key)
