"""What a payout worker does, to be killed while it does it."""

from __future__ import annotations

from datetime import timedelta

from core import clock
from core.companies.models import Workspace
from payouts.services import execute, resolve_unknown
from payouts.services.execution import engine, next_bulk_payouts

BATCH = 4


def work(workspace_key: int, minutes_ahead: int) -> None:
    engine.FLUSH_ROWS = 2
    workspace = Workspace.objects.get(pk=workspace_key)
    for bulk_payout in next_bulk_payouts(workspace):
        execute(bulk_payout=bulk_payout, batch_size=BATCH)
    resolve_unknown(now=clock.now() + timedelta(minutes=minutes_ahead), workspace=workspace)
