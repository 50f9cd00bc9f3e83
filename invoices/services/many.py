"""One verb on many documents: each by itself, failures with their reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.companies.access import rows
from core.companies.models import Workspace
from core.errors import DomainError
from core.events.actors import Actor
from core.jobs.models import Job, JobFailure
from core.jobs.services import Run, job_kind, start_job
from invoices.models import TaxInvoice
from invoices.queries.invoices import RELATED
from invoices.services.actions import (
    cancel_issuance,
    cancel_request,
    issue_invoice,
    request_invoice,
    send_to_nts,
)
from invoices.services.drafts import delete_invoice
from invoices.services.letters import resend_letter

KIND = "invoices.many"

Act = Callable[[TaxInvoice, Actor, str], object]


def _send(invoice: TaxInvoice, actor: Actor, reason: str) -> object:
    verb = request_invoice if invoice.is_reverse else issue_invoice
    return verb(invoice=invoice, actor=actor)


ACTS: dict[str, tuple[str, Act]] = {
    "send": ("발행·요청", _send),
    "resend": ("메일 재전송", lambda i, actor, reason: resend_letter(invoice=i, actor=actor)),
    "cancel_request": (
        "요청 회수",
        lambda i, actor, reason: cancel_request(invoice=i, actor=actor, reason=reason),
    ),
    "cancel_issuance": (
        "발행취소",
        lambda i, actor, reason: cancel_issuance(invoice=i, actor=actor, reason=reason),
    ),
    "transmit": ("국세청 전송", lambda i, actor, reason: send_to_nts(invoice=i, actor=actor)),
    "delete": (
        "삭제",
        lambda i, actor, reason: delete_invoice(invoice=i, actor=actor, reason=reason),
    ),
}


@dataclass
class Outcome:
    done: int = 0
    failures: list[tuple[TaxInvoice, DomainError]] = field(default_factory=list)


def act_on(
    *, workspace: Workspace, actor: Actor, act: str, ids: Sequence[int], reason: str = ""
) -> Outcome:
    """Apply an act now; a refused document stays as it was and does not stop the others."""
    outcome = Outcome()
    found = rows(TaxInvoice, workspace).select_related(*RELATED).filter(pk__in=ids)
    for invoice in found.order_by("pk"):
        try:
            ACTS[act][1](invoice, actor, reason)
            outcome.done += 1
        except DomainError as error:
            outcome.failures.append((invoice, error))
    return outcome


def start_acting(
    *, workspace: Workspace, actor: Actor, act: str, ids: Sequence[int], reason: str = ""
) -> Job:
    """The same as a job; its failed rows say why."""
    return start_job(
        workspace=workspace,
        actor=actor,
        kind=KIND,
        title=f"세금계산서 {len(ids):,}건 {ACTS[act][0]}",
        params={"act": act, "ids": list(ids), "reason": reason},
    )


@job_kind(KIND)
def _run(run: Run) -> dict[str, Any]:
    ids: list[int] = run.params["ids"]
    start, failed = run.cursor.get("next", 0), run.cursor.get("failed", 0)
    for index in range(start, len(ids)):
        cursor = {"next": index, "failed": failed}
        run.progress(done=index, failed=failed, total=len(ids), cursor=cursor)
        outcome = act_on(
            workspace=run.workspace,
            actor=run.actor,
            act=run.params["act"],
            ids=[ids[index]],
            reason=run.params["reason"],
        )
        failed += len(outcome.failures)
        run.reject(_failure(run, index, *pair) for pair in outcome.failures)
    run.progress(done=len(ids), failed=failed, total=len(ids), stage="끝")
    return {"succeeded": len(ids) - failed, "failed": failed}


def _failure(run: Run, index: int, invoice: TaxInvoice, error: DomainError) -> JobFailure:
    return JobFailure(
        job=run.job,
        row_number=index + 1,
        code=error.type,
        message=error.message,
        raw={"invoice": invoice.public_id},
    )
