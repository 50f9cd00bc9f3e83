"""kill -9 of a whole month, again and again: started once more, it ends as if nothing had been."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db.models import Sum

from core import clock
from core.companies.models import Workspace
from core.invariants import violations
from core.jobs.models import Job
from core.notifications.models import Message
from invoices.models import TaxInvoice
from payouts.models import Payout, Statement
from tests.live import environment

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]

POINTS = ["send.after_call", "statements.after_commit"]
"""One paid and not recorded, the others reserved and never sent; some told, others not."""


def demo(point: str = "") -> int:
    done = subprocess.run(
        [sys.executable, "manage.py", "demo", "--no-serve", "--orders=60", "--partners=9"],
        env=os.environ | environment() | {"JEONGSAN_FAILPOINT": point},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr
    return done.returncode


def kinds(model: type) -> dict[str, int]:
    statuses = list(model.objects.values_list("status", flat=True))
    return {status: statuses.count(status) for status in sorted(set(statuses))}


def test_a_month_killed_twice_ends_with_the_same_books(installation_bank) -> None:
    for point in POINTS:
        assert demo(point) == -signal.SIGKILL, f"{point} was not reached"
        Job.objects.filter(status="RUNNING").update(heartbeat_at=clock.now() - timedelta(minutes=5))
    assert demo() == 0

    found = [kinds(model) for model in (Payout, Statement, TaxInvoice, Message)]
    assert found == [{"SUCCEEDED": 8}, {"SENT": 8}, {"ISSUED": 9}, {"SENT": 17}]
    paid = Payout.objects.aggregate(total=Sum("amount"))["total"]
    assert sum(record.body["amount"] for record in installation_bank.transfers("PAID")) == paid
    assert installation_bank.refused_duplicates() == []
    assert list(violations(Workspace.objects.get(environment="LIVE"))) == []
