"""A process that kills itself at a named point of a provider call. Run as `python -m`.

    python -m tests.invoices.dying before:request request_invoice txi-…

`before:` dies with the reservation committed and nothing sent, `after:` with the provider
done and nothing recorded.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django

django.setup()

from core.events.actors import Actor  # noqa: E402
from core.jobs.models import Job  # noqa: E402
from core.jobs.services import run_job  # noqa: E402
from invoices import services  # noqa: E402
from invoices.models import TaxInvoice  # noqa: E402
from invoices.providers.sandbox.provider import SandboxProvider  # noqa: E402
from invoices.queries.invoices import reload  # noqa: E402


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def deadly(moment: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any) -> Any:
        if moment == "before":
            die()
        real(*args)
        die()

    return call


def main(point: str, verb: str, public_id: str) -> None:
    moment, method = point.split(":")
    setattr(SandboxProvider, method, deadly(moment, getattr(SandboxProvider, method)))
    if verb == "run_job":
        run_job(Job.objects.get(public_id=public_id).pk)
        return
    invoice = TaxInvoice.objects.get(public_id=public_id)
    getattr(services, verb)(invoice=reload(invoice), actor=Actor.system("시험"))


if __name__ == "__main__":
    main(*sys.argv[1:])
