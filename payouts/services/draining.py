"""Run a workspace's payouts to their end without workers: tests, commands, month close."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from core import clock
from core.companies.models import Workspace
from payouts.models import AccountTransfer, AccountTransferStatus
from payouts.services.execution import execute, next_bulk_payouts
from payouts.services.inquiries import resolve_unknown
from payouts.services.launching import start_due


@dataclass(frozen=True)
class Drained:
    """What a drain left behind."""

    sent_count: int
    unknown_count: int


def drain(*, workspace: Workspace, now: datetime | None = None) -> Drained:
    """Run everything that is due in a workspace to its end, in this process.

    Starts what is scheduled until `now` (by default also what could still be recalled), sends,
    and asks the bank about what is unknown and due for an inquiry.
    """
    recall = timedelta(seconds=settings.PAYOUT_RECALL_SECONDS)
    start_due(now or clock.now() + recall, workspace=workspace)
    sent = 0
    while waiting := list(next_bulk_payouts(workspace)):
        sent += sum(execute(bulk_payout=bulk_payout) for bulk_payout in waiting)
    resolve_unknown(now=now or clock.now(), workspace=workspace)
    unknown = AccountTransfer.objects.filter(
        workspace=workspace, status=AccountTransferStatus.UNKNOWN
    )
    return Drained(sent, unknown.count())
