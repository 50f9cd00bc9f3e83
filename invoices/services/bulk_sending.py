"""Send a bulk in chunks by a job that can die.

A chunk is reserved before it is sent, so no document is ever in two calls; what a dead worker
reserved is settled by `resolving`, and what the provider never saw is taken up again here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from core import clock
from core.events.actors import Actor
from core.events.transitions import transition, transition_all
from core.jobs.models import Job
from core.jobs.services import Cancelled, Run, job_kind, start_job
from core.sweeping import going_on
from invoices.columns import document_of, ref_of
from invoices.errors import InvalidDocument, NotDrafted
from invoices.models import FAILED, PENDING, BulkTaxInvoice, TaxInvoice
from invoices.providers import provider_for
from invoices.providers.base import (
    KEY_IN_USE,
    Answer,
    OutcomeUnknown,
    Rejected,
    State,
    attempt_many,
)
from invoices.queries.bulk import status_counts
from invoices.queries.invoices import RELATED
from invoices.services.actions import check_leaving
from invoices.services.business import INACTIVE, ask_about, known_status
from invoices.services.following import follow
from invoices.services.parties import adopt_suppliers
from invoices.services.resolving import NOT_RECEIVED

KIND = "invoices.bulk"
PENDING_OF = {"REVERSE": "REQUEST_PENDING", "NORMAL": "ISSUE_PENDING"}
FAILED_OF = {"REVERSE": "REQUEST_FAILED", "NORMAL": "ISSUE_FAILED"}
NOT_SENDABLE = "NOT_SENDABLE"
"""We refused it ourselves; a bulk can try it again once it has been put right."""


@transaction.atomic
def send_bulk(*, bulk: BulkTaxInvoice, actor: Actor) -> Job:
    """Start requesting (REVERSE) or issuing (NORMAL) every unsent document of a bulk."""
    if bulk.status not in {"DRAFTED", "COMPLETED", "FAILED", "CANCELLED"}:
        raise NotDrafted("시작되지 않았습니다. 이미 진행 중인 묶음입니다.")
    is_first = bulk.status == "DRAFTED"
    to = PENDING_OF[bulk.issuance_type] if is_first else "IN_PROGRESS"
    transition(bulk, to, actor=actor, requested_at=bulk.requested_at or clock.now())
    return _start_job(bulk, actor)


@transaction.atomic
def retry_bulk(*, bulk: BulkTaxInvoice, actor: Actor) -> Job:
    """Send the failed documents again, after whatever was wrong has been put right."""
    failed = bulk.invoices.filter(status__in=FAILED, deleted_at=None)
    adopt_suppliers(failed)
    transition_all(
        failed,
        "DRAFTED",
        workspace=bulk.workspace,
        actor=actor,
        object_id=bulk.public_id,
        provider_error="",
        provider_error_code="",
    )
    return send_bulk(bulk=bulk, actor=actor)


def _start_job(bulk: BulkTaxInvoice, actor: Actor) -> Job:
    word = "역발행 요청" if bulk.issuance_type == "REVERSE" else "정발행"
    bulk.job = start_job(
        workspace=bulk.workspace,
        actor=actor,
        kind=KIND,
        title=f"{bulk.name[:180] or '세금계산서'} {word}",
        params={"bulk": bulk.pk},
    )
    bulk.save(update_fields=["job"])
    return bulk.job


@job_kind(KIND)
def _run(run: Run) -> dict[str, Any]:
    bulk = BulkTaxInvoice.objects.select_related("workspace__company").get(pk=run.params["bulk"])
    try:
        process_bulk(bulk, actor=run.actor, run=run)
    except Cancelled:
        transition(bulk, "CANCELLED", actor=run.actor)
        raise
    return dict(status_counts(bulk))


def process_bulk(bulk: BulkTaxInvoice, *, actor: Actor, run: Run | None = None) -> None:
    """Send what is unsent, chunk by chunk; may be called again after any kind of death."""
    if bulk.status in PENDING_OF.values():
        transition(bulk, "IN_PROGRESS", actor=actor)
    while (chunk := _reserve(bulk, actor)) is not None:
        if chunk:
            _take_answers(bulk, chunk, _send(bulk, chunk), actor)
        if run is not None:
            _report(run, bulk)
    if run is not None:
        _report(run, bulk, stage="끝")
    close_bulk(bulk, actor)


def unsent(bulk: BulkTaxInvoice) -> QuerySet[TaxInvoice]:
    """Drafts, and those the provider certainly never saw."""
    never_arrived = Q(status__in=FAILED, provider_error_code=NOT_RECEIVED)
    return bulk.invoices.filter(Q(status="DRAFTED") | never_arrived, deleted_at=None)


def _reserve(bulk: BulkTaxInvoice, actor: Actor) -> list[TaxInvoice] | None:
    """Claim a chunk for one call and commit; two workers never claim the same document.

    Empty when none of it may leave, None when nothing is left.
    """
    size = provider_for(bulk.workspace).limits.documents_per_call
    asked = ask_about(list(unsent(bulk).select_related(*RELATED).order_by("pk")[:size]), actor)
    with transaction.atomic(durable=True):
        locked = unsent(bulk).select_for_update(of=("self",), skip_locked=True)
        chunk = list(locked.select_related(*RELATED).order_by("pk")[:size])
        refusals = [_refusal(invoice, asked) for invoice in chunk]
        _refuse(bulk, chunk, refusals, actor)
        ready = [i for i, refusal in zip(chunk, refusals, strict=True) if refusal is None]
        fresh = {"provider_error": "", "provider_error_code": "", "requested_at": clock.now()}
        _move(bulk, ready, PENDING_OF[bulk.issuance_type], actor, **fresh)
    return ready if chunk else None


Refusal = tuple[str, str]
"""Code and text of why a document does not leave."""


def _refusal(invoice: TaxInvoice, asked: Mapping[str, str]) -> Refusal | None:
    if known_status(invoice, asked) in INACTIVE:
        return "BUSINESS_INACTIVE", "휴업, 폐업 또는 미등록 사업자입니다."
    try:
        check_leaving(invoice)
    except InvalidDocument as error:
        return NOT_SENDABLE, error.message
    return None


def _refuse(
    bulk: BulkTaxInvoice,
    chunk: Sequence[TaxInvoice],
    refusals: Sequence[Refusal | None],
    actor: Actor,
) -> None:
    """Drafts fail; what failed because it never arrived is told the reason that is left."""
    for code, text in sorted({refusal for refusal in refusals if refusal}):
        invoices = [i for i, given in zip(chunk, refusals, strict=True) if given == (code, text)]
        ids = [invoice.pk for invoice in invoices if invoice.status in FAILED]
        TaxInvoice.objects.filter(pk__in=ids).update(provider_error_code=code, provider_error=text)
        _fail(bulk, [i for i in invoices if i.status not in FAILED], actor, code, text)


def _send(bulk: BulkTaxInvoice, chunk: Sequence[TaxInvoice]) -> list[Answer]:
    provider = provider_for(bulk.workspace)
    call = provider.request if bulk.issuance_type == "REVERSE" else provider.issue
    documents = [document_of(invoice) for invoice in chunk]
    answers = attempt_many(lambda: call(documents), len(chunk))
    known = [
        index
        for index, answer in enumerate(answers)
        if isinstance(answer, Rejected) and answer.code == KEY_IN_USE
    ]
    for index, state in zip(known, _inquire(bulk, [chunk[i] for i in known]), strict=True):
        answers[index] = state or OutcomeUnknown("아직 조회되지 않습니다.")
    return answers


def _inquire(bulk: BulkTaxInvoice, invoices: Sequence[TaxInvoice]) -> Sequence[State | None]:
    if not invoices:
        return []
    try:
        return provider_for(bulk.workspace).inquire([ref_of(invoice) for invoice in invoices])
    except (OutcomeUnknown, OSError):
        return [None] * len(invoices)


@transaction.atomic
def _take_answers(
    bulk: BulkTaxInvoice, chunk: Sequence[TaxInvoice], answers: Sequence[Answer], actor: Actor
) -> None:
    pairs = list(zip(chunk, answers, strict=True))
    follow(
        [(invoice, answer) for invoice, answer in pairs if isinstance(answer, State)],
        actor=actor,
        batch_id=bulk.public_id,
    )
    rejected = [(a.code, a.text, i) for i, a in pairs if isinstance(a, Rejected)]
    rejected.sort(key=lambda row: row[:2])
    for (code, text), group in groupby(rejected, key=lambda row: row[:2]):
        _fail(bulk, [invoice for _, _, invoice in group], actor, code, text)
    silent = [invoice.pk for invoice, answer in pairs if isinstance(answer, OutcomeUnknown)]
    still_open = TaxInvoice.objects.filter(pk__in=silent, status=PENDING_OF[bulk.issuance_type])
    still_open.update(provider_error_code="NO_ANSWER")


def _fail(
    bulk: BulkTaxInvoice, invoices: Sequence[TaxInvoice], actor: Actor, code: str, text: str
) -> None:
    failed = FAILED_OF[bulk.issuance_type]
    _move(bulk, invoices, failed, actor, provider_error_code=code, provider_error=text[:300])


def _move(
    bulk: BulkTaxInvoice, invoices: Sequence[TaxInvoice], to: str, actor: Actor, **fields: Any
) -> None:
    if invoices:
        transition_all(
            TaxInvoice.objects.filter(pk__in=[invoice.pk for invoice in invoices]),
            to,
            workspace=bulk.workspace,
            actor=actor,
            object_id=bulk.public_id,
            **fields,
        )


def _report(run: Run, bulk: BulkTaxInvoice, stage: str | None = None) -> None:
    tally = status_counts(bulk)
    total, failed = sum(tally.values()), sum(tally.get(status, 0) for status in FAILED)
    waiting = tally.get("DRAFTED", 0) + sum(tally.get(status, 0) for status in PENDING)
    run.progress(total=total, failed=failed, done=total - waiting, stage=stage)


def close_bulk(bulk: BulkTaxInvoice, actor: Actor) -> bool:
    """End a bulk that has nothing unsent and nothing unanswered; False when it must wait."""
    bulk.refresh_from_db(fields=["status"])
    tally = status_counts(bulk)
    if bulk.status != "IN_PROGRESS" or unsent(bulk).exists() or PENDING & tally.keys():
        return False
    all_failed = tally and tally.keys() <= FAILED
    transition(bulk, "FAILED" if all_failed else "COMPLETED", actor=actor)
    return True


def sweep_bulks(actor: Actor) -> int:
    """Close or continue bulks whose worker is gone. Returns how many were touched."""
    touched = 0
    active = [Job.Status.WAITING, Job.Status.RUNNING]
    open_ones = BulkTaxInvoice.objects.filter(status__in=["IN_PROGRESS", *PENDING_OF.values()])
    idle = open_ones.exclude(job__status__in=active).select_related("workspace__company", "job")
    for bulk in idle.order_by("pk"):
        with going_on("continuing", bulk.public_id):
            touched += _continue(bulk, actor)
    return touched


def _continue(bulk: BulkTaxInvoice, actor: Actor) -> bool:
    if bulk.job is not None and bulk.job.status == Job.Status.CANCELLED:
        transition(bulk, "CANCELLED", actor=actor)  # stopped before it began
        return True
    if bulk.status == "IN_PROGRESS" and not unsent(bulk).exists():
        return close_bulk(bulk, actor)
    _start_job(bulk, actor)
    return True
