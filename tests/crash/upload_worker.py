"""A worker that registers one upload, to be killed while it does.

Parts are written by this very process where it dies at a point, and by several otherwise.
"""

from __future__ import annotations

from core import failpoints
from core.jobs.services import run_job
from settlements.upload import spool, work

PART_BYTES = 512


def register(job_key: int) -> None:
    spool.PART_BYTES = PART_BYTES
    if failpoints.CHOSEN:
        work.PARTS_WORTH_A_PROCESS = spool.MAX_PARTS
    run_job(job_key)
