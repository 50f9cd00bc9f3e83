"""Files of documents and counterparties: look first, then write."""

from __future__ import annotations

from io import BytesIO
from typing import Any, BinaryIO

from core.companies.access import rows
from core.errors import Conflict
from core.jobs.models import JobFailure
from core.jobs.services import Run, job_kind
from core.tables.typed import Failure
from invoices.imports.counterparties import CounterpartyReport, import_counterparties
from invoices.imports.documents import Plan, read_documents
from invoices.models import Counterparty
from invoices.services import refresh_counterparties
from invoices.services.bulk_sheet import create_sheet_bulk

PREVIEW_DOCUMENTS, MAKE_DOCUMENTS = "invoices.preview_file", "invoices.make_file"
PREVIEW_COUNTERPARTIES = "invoices.preview_counterparties"
IMPORT_COUNTERPARTIES = "invoices.import_counterparties"
REFUSED = "만든 것은 없습니다. 아래 행을 고쳐 다시 올려 주세요."


def preview_title(word: str, file_name: str) -> str:
    return f"{word} 파일 확인 {file_name}"[:200]


def write_title(preview: str) -> str:
    return preview.replace("확인", "등록")


def sample_name(word: str) -> str:
    return f"{word}_예시.csv"


@job_kind(PREVIEW_DOCUMENTS)
def preview_documents(run: Run) -> dict[str, Any]:
    """Say what the file would make."""
    run.progress(stage="파일 읽기")
    plan = read_documents(_input(run), run.params["issuance_type"])
    _tell(run, plan.failures, len(plan.documents))
    return _planned(plan)


@job_kind(MAKE_DOCUMENTS)
def make_documents(run: Run) -> dict[str, Any]:
    """Make the documents and, when asked, start sending them."""
    run.progress(stage="작성")
    plan = read_documents(_input(run), run.params["issuance_type"])
    _tell(run, plan.failures, len(plan.documents))
    if plan.failures:
        raise Conflict(REFUSED)
    bulk = create_sheet_bulk(
        workspace=run.workspace,
        actor=run.actor,
        documents=plan.documents,
        issuance_type=run.params["issuance_type"],
        name=run.params["name"],
        key=f"file:{run.params.get('preview', run.job.public_id)}",
        sends=run.params["sends"],
    )
    return _planned(plan) | {"bulk": bulk.public_id}


def _planned(plan: Plan) -> dict[str, Any]:
    return {
        "count": len(plan.documents),
        "total": plan.total,
        "failed": len({failure.row for failure in plan.failures}),
        "unknown_columns": plan.unknown_columns,
    }


@job_kind(PREVIEW_COUNTERPARTIES)
def preview_counterparties(run: Run) -> dict[str, Any]:
    run.progress(stage="파일 읽기")
    return _counterparties(run, preview=True)


@job_kind(IMPORT_COUNTERPARTIES)
def register_counterparties(run: Run) -> dict[str, Any]:
    """Write the rows, then ask the tax office about them."""
    run.progress(stage="등록")
    return _counterparties(run, preview=False)


def _counterparties(run: Run, *, preview: bool) -> dict[str, Any]:
    report: CounterpartyReport = import_counterparties(
        workspace=run.workspace, actor=run.actor, file=_input(run), preview=preview
    )
    _tell(run, report.failures, report.created + report.updated)
    if report.failures and not preview:
        raise Conflict(REFUSED)
    if report.written:
        run.progress(stage="휴폐업 조회")
        written = rows(Counterparty, run.workspace).filter(pk__in=report.written)
        refresh_counterparties(
            list(written.select_related("workspace__company", "partner")), run.actor
        )
    return {
        "created": report.created,
        "updated": report.updated,
        "skipped": report.skipped,
        "failed": len({failure.row for failure in report.failures}),
        "unknown_columns": report.unknown_columns,
    }


def _input(run: Run) -> BinaryIO:
    with run.job.input_file.open("rb") as stored:
        return BytesIO(stored.read())


def _tell(run: Run, failures: list[Failure], done: int) -> None:
    run.job.failures.all().delete()
    run.reject(
        JobFailure(
            job=run.job,
            row_number=failure.row,
            column=failure.column,
            code=failure.column or "ROW",
            message=failure.message,
        )
        for failure in failures
    )
    failed = len({failure.row for failure in failures})
    run.progress(stage="정리", total=done + failed, done=done, failed=failed)
