"""A process that kills itself at a named point of a provider call: before:request, after:issue.

`before:` dies with the reservation committed and nothing sent, `after:` with the provider
done and nothing recorded.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

from core.events.actors import Actor
from core.jobs.models import Job
from core.jobs.services import run_job
from invoices import services
from invoices.models import TaxInvoice
from invoices.providers.sandbox.provider import SandboxProvider
from invoices.queries.invoices import reload


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def deadly(moment: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any) -> Any:
        if moment == "before":
            die()
        real(*args)
        die()

    return call


def work(point: str, verb: str, public_id: str) -> None:
    moment, method = point.split(":")
    setattr(SandboxProvider, method, deadly(moment, getattr(SandboxProvider, method)))
    if verb == "run_job":
        run_job(Job.objects.get(public_id=public_id).pk)
        return
    invoice = TaxInvoice.objects.get(public_id=public_id)
    getattr(services, verb)(invoice=reload(invoice), actor=Actor.system("시험"))
