"""A worker that writes statements in a process of its own, to be killed.

    python -m tests.crash.statement_worker <job key>

JEONGSAN_FAILPOINT names the point at which it kills itself.
"""

from __future__ import annotations

import sys

import django

django.setup()

from core.jobs.services import run_job  # noqa: E402
from payouts.services.statements import writing  # noqa: E402

if __name__ == "__main__":
    writing.BATCH = 2
    run_job(int(sys.argv[1]))
