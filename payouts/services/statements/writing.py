"""The job behind a sending: write the papers, then their mails, a batch per transaction.

What is left to do is in the rows (a statement that waits and has no mail), so a killed job
goes on where it was. A mail's key names statement and job: per sending it exists once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet

from core import clock
from core.companies.identifiers import new_id
from core.events.transitions import transition_all
from core.failpoints import failpoint
from core.jobs.models import JobFailure
from core.jobs.services import Run, job_kind
from core.notifications.services import prepare_many
from payouts.documents import statement as paper
from payouts.documents.printed import printed
from payouts.documents.typesetting import typeset_many
from payouts.models import Statement, StatementDocument, StatementTemplateVersion
from payouts.services.statements.letters import letters_for
from payouts.services.statements.sending import KIND

BATCH = 100


@job_kind(KIND)
def send_statements(run: Run) -> dict[str, Any]:
    """Every statement this job claimed gets its paper and its mail, or the reason why not."""
    version = StatementTemplateVersion.objects.select_related("template").get(
        pk=run.params["version"]
    )
    claimed = Statement.objects.filter(job=run.job)
    total, failed = claimed.count(), _refused(run)
    run.progress(stage="작성", total=total)
    while batch := _next_batch(claimed):
        failed += _refuse_unreachable(run, batch)
        _write(run, version, [each for each in batch if _address(each)])
        left = _waiting(claimed).count()
        # the cursor makes every batch a heartbeat and a place to stop
        run.progress(done=total - left - failed, failed=failed, cursor={"left": left})
    return {"failed": failed}


def _refused(run: Run) -> int:
    """By a worker that died: those partners were told nothing, and count as such to the end."""
    return run.job.failures.count()


def _waiting(claimed: QuerySet[Statement]) -> QuerySet[Statement]:
    return claimed.filter(status="SEND_PREPARED", message=None)


def _next_batch(claimed: QuerySet[Statement]) -> list[Statement]:
    return list(
        _waiting(claimed)
        .select_related("payout__partner", "payout__bulk_payout", "workspace__company")
        .order_by("pk")[:BATCH]
    )


def _address(statement: Statement) -> str:
    """Where the partner is reached now, not when it was paid (contract.md h.7)."""
    address: str = statement.payout.partner.contact_email
    return address


@transaction.atomic
def _refuse_unreachable(run: Run, batch: Sequence[Statement]) -> int:
    lost = [statement for statement in batch if not _address(statement)]
    if not lost:
        return 0
    cause = Statement.Failure.NO_ADDRESS
    transition_all(
        Statement.objects.filter(pk__in=[statement.pk for statement in lost], message=None),
        "SEND_FAILED",
        workspace=run.workspace,
        actor=run.actor,
        object_id=run.job.public_id,
        failure=cause,
    )
    run.reject(
        JobFailure(
            job=run.job,
            column=statement.payout.partner.name[:60],
            code=cause,
            message=f"보내지 않았습니다. {cause.label}.",
            raw={"파트너": statement.payout.partner.public_id, "지급": statement.payout.public_id},
        )
        for statement in lost
    )
    return len(lost)


def _write(run: Run, version: StatementTemplateVersion, statements: Sequence[Statement]) -> None:
    """Papers are set and stored with no transaction open; then one for papers and mails."""
    documents = _existing(version, statements)
    missing = [statement for statement in statements if statement.pk not in documents]
    contents = paper.collect(missing, version)
    words = [printed(contents[statement.pk]) for statement in missing]
    pdfs = typeset_many(paper.TEMPLATE, words)
    for statement, pdf in zip(missing, pdfs, strict=True):
        documents[statement.pk] = _document(statement, version, contents[statement.pk], pdf)
    failpoint("statements.before_commit")
    _commit(run, documents)
    failpoint("statements.after_commit")


def _existing(
    version: StatementTemplateVersion, statements: Sequence[Statement]
) -> dict[int, StatementDocument]:
    """The same version says the same again: its paper is sent as it is."""
    found = StatementDocument.objects.filter(version=version, statement__in=statements)
    return {document.statement_id: document for document in found}


def _document(
    statement: Statement, version: StatementTemplateVersion, content: paper.Content, pdf: bytes
) -> StatementDocument:
    """Stored but not yet a row; a file nobody points to harms nobody."""
    document = StatementDocument(
        workspace=statement.workspace,
        public_id=new_id("std"),
        statement=statement,
        version=version,
        content=content,
        sha256=hashlib.sha256(pdf).hexdigest(),
    )
    document.file.save(paper.file_name(content), ContentFile(pdf), save=False)
    return document


@transaction.atomic
def _commit(run: Run, documents: dict[int, StatementDocument]) -> None:
    """Another worker may have taken the job over: only what still waits is written."""
    statements = list(
        _waiting(Statement.objects.filter(pk__in=documents, job=run.job))
        .select_for_update(of=("self",))
        .select_related("payout__partner", "workspace__company")
        .order_by("pk")
    )
    for statement in statements:
        statement.document = documents[statement.pk]
        statement.issued_at = clock.now()
    new = [documents[each.pk] for each in statements if documents[each.pk].pk is None]
    StatementDocument.objects.bulk_create(new)
    letters = letters_for(statements, run.job)
    messages = prepare_many(workspace=run.workspace, letters=letters)
    for statement, letter in zip(statements, letters, strict=True):
        statement.message = messages[letter.key]
    Statement.objects.bulk_update(statements, ["document", "message", "issued_at"])
