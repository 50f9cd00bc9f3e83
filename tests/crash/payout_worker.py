"""A payout worker in a process of its own, to be killed.

    python -m tests.crash.payout_worker <workspace key> <minutes ahead>

JEONGSAN_FAILPOINT names the point at which it kills itself.
"""

from __future__ import annotations

import sys
from datetime import timedelta

import django

django.setup()

from core import clock  # noqa: E402
from core.companies.models import Workspace  # noqa: E402
from payouts.services import execute, resolve_unknown  # noqa: E402
from payouts.services.execution import engine, next_bulk_payouts  # noqa: E402

BATCH = 4


def main(workspace_key: str, minutes_ahead: str) -> None:
    engine.FLUSH_ROWS = 2
    workspace = Workspace.objects.get(pk=workspace_key)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for bulk_payout in next_bulk_payouts(workspace):
        execute(bulk_payout=bulk_payout, batch_size=BATCH)
    resolve_unknown(now=clock.now() + timedelta(minutes=int(minutes_ahead)), workspace=workspace)


if __name__ == "__main__":
    main(*sys.argv[1:])
