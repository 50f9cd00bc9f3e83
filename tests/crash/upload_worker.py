"""A worker that registers one upload in a process of its own, to be killed.

    python -m tests.crash.upload_worker <job key>

JEONGSAN_FAILPOINT names the point at which it kills itself; parts are then written by this very
process, and by several otherwise.
"""

from __future__ import annotations

import sys

import django

django.setup()

from core.failpoints import CHOSEN  # noqa: E402
from core.jobs.services import run_job  # noqa: E402
from settlements.upload import spool, work  # noqa: E402

PART_BYTES = 512


def main(job_key: str) -> None:
    spool.PART_BYTES = PART_BYTES
    if CHOSEN:
        work.PARTS_WORTH_A_PROCESS = spool.MAX_PARTS
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    run_job(int(job_key))


if __name__ == "__main__":
    main(*sys.argv[1:])
