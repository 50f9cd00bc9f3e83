"""Long work on partners: files and bulk look-ups."""

from __future__ import annotations

from dataclasses import asdict
from io import BytesIO
from typing import Any, BinaryIO

from core.companies.access import rows
from core.errors import Conflict
from core.jobs.models import Job, JobFailure
from core.jobs.services import Run, beating, job_kind
from partners.imports import ImportReport, import_partners, preview_partners
from partners.models import Partner
from partners.services import CheckOutcome, check_businesses, check_holders

PREVIEW, IMPORT, CHECK = "partners.preview", "partners.import", "partners.check"
CHUNK = 200


def preview_title(file_name: str) -> str:
    return f"파트너 파일 확인: {file_name}"[:200]


def import_title(preview: Job) -> str:
    return preview.title.replace("확인", "등록")


@job_kind(PREVIEW)
def preview(run: Run) -> dict[str, Any]:
    """Say what a file would do; the page of the file shows it and offers to do it."""
    run.progress(stage="파일 읽기")
    with _input(run) as file, beating(run) as beat:
        report = preview_partners(workspace=run.workspace, file=file, each=beat)
    _tell(run, report)
    return report.as_json() | {"changes": [asdict(change) for change in report.changes]}


@job_kind(IMPORT)
def register(run: Run) -> dict[str, Any]:
    """The partners and the job's mark are one transaction, and a worker that lost its claim
    cannot mark: whoever goes on tells what was registered."""
    if "report" in run.cursor:
        told: dict[str, Any] = run.cursor["report"]
        return told

    def mark(report: ImportReport) -> None:
        run.progress(done=report.total, total=report.total, cursor={"report": report.as_json()})

    run.progress(stage="등록")
    with _input(run) as file, beating(run) as beat:
        report = import_partners(
            workspace=run.workspace, file=file, actor=run.actor, each=beat, finish=mark
        )
    _tell(run, report)
    if report.failures:
        raise Conflict("등록한 것은 없습니다. 아래 행을 고쳐 다시 올려 주세요.")
    return report.as_json()


def _input(run: Run) -> BinaryIO:
    with run.job.input_file.open("rb") as stored:
        return BytesIO(stored.read())


def _tell(run: Run, report: ImportReport) -> None:
    run.job.failures.all().delete()
    run.reject(
        JobFailure(
            job=run.job,
            row_number=failure.row,
            column=failure.column,
            code=failure.column or "ROW",
            message=failure.message,
        )
        for failure in report.failures
    )
    failed = int(report.as_json()["failed"])
    done = report.total - failed
    run.progress(stage="정리", total=report.total, done=done, failed=failed)


@job_kind(CHECK)
def check(run: Run) -> dict[str, Any]:
    """Look up holders or businesses (`what`) of the given partners, from the cursor on."""
    ids, done = run.params["partners"], run.cursor.get("done", 0)
    ask = check_holders if run.params["what"] == "holders" else check_businesses
    outcome = CheckOutcome()
    run.progress(total=len(ids), stage="조회")
    while some := ids[done : done + CHUNK]:
        partners = rows(Partner, run.workspace).select_related("workspace__company")
        outcome += ask(partners=list(partners.filter(pk__in=some)), actor=run.actor)
        done += len(some)
        run.progress(done=done, cursor={"done": done})
    return {"holders": dict(outcome.holders), "businesses": dict(outcome.businesses)}
