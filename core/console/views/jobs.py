"""Long work: what runs, how far it is, what failed and why."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_POST

from core.companies.access import find, rows
from core.companies.models import Permission, Role
from core.console.access import ConsoleRequest, console_page, console_url
from core.console.grid import Badge, Choice, Column, DateTime, Grid, Number, Text, export_job
from core.console.grid.files import attachment, csv_blocks
from core.console.history import actor
from core.console.responses import streamed
from core.errors import Forbidden, NotFound
from core.jobs.causes import causes_of
from core.jobs.models import Job, JobFailure
from core.jobs.progress import Progress
from core.jobs.services import cancel_job, retry_job

ADMINISTRATORS = frozenset({Role.OWNER, Role.ADMIN})


class JobGrid(Grid[Job]):
    model = Job
    title = "작업"
    columns = [
        Text("title", "작업"),
        Badge("status", "상태"),
        Choice("stage", "단계", value=lambda job: job.stage, sort="stage"),
        Number("done_count", "완료", unit="건"),
        Number("failed_count", "실패", unit="건"),
        Number("total_count", "전체", unit="건"),
        Text("actor_name", "요청한 사람", value=actor, sort="actor_name"),
        DateTime("created_at", "요청 일시"),
        DateTime("finished_at", "마친 일시"),
        Text("public_id", "작업 아이디", shown=False),
    ]
    tabs = "status"
    periods = {"created_at": "요청 일시"}
    search = ["title", "actor_name", "public_id"]
    detail = "console:job"
    empty = "아직 작업이 없습니다."
    empty_help = "파일을 올리거나 여러 건을 한 번에 처리하면 여기에 진행 상황이 나타나요."


@console_page()
def job_list(request: ConsoleRequest) -> HttpResponseBase:
    return JobGrid(request).serve()


@console_page()
def job_detail(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    return render(request, "console/jobs/detail.html", _context(request, public_id))


@console_page()
def job_progress(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    """The fragment that polls itself; a finished job's stops and brings what is offered now."""
    return render(request, "console/jobs/answer.html", _context(request, public_id))


def _context(request: ConsoleRequest, public_id: str) -> dict[str, Any]:
    job = find(Job, request.workspace, public_id)
    return {
        "job": job,
        "progress": Progress.of(job),
        "causes": SimpleLazyObject(lambda: causes_of(job)),  # a job that is polled shows none
        "may_act": may_act(request, job),
        "may_retry": may_retry(request, job),
        "may_download": may_download(request, job),
    }


@require_POST
@console_page()
def job_cancel(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    job = _own(request, public_id)
    cancel_job(job=job, actor=request.actor)
    messages.success(request, "중단을 요청했습니다. 이미 처리한 건은 그대로 남습니다.")
    return redirect(console_url(request, "console:job", public_id))


@require_POST
@console_page()
def job_retry(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    job = _own(request, public_id)
    if not may_retry(request, job):
        raise Forbidden("다시 실행하지 않았습니다. 이 작업을 할 권한이 이제 없습니다.")
    retry_job(job=job, actor=request.actor)
    messages.success(request, "멈춘 자리부터 다시 시작합니다. 처리한 건을 다시 처리하지 않습니다.")
    return redirect(console_url(request, "console:job", public_id))


@console_page()
def job_file(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    job = _downloaded(request, public_id)
    if not job.result_file:
        raise NotFound()
    name = str(job.result.get("filename") or str(job.result_file.name).rsplit("/", 1)[-1])
    response = FileResponse(job.result_file.open("rb"))
    response.headers["Content-Disposition"] = attachment(name)
    return response


@console_page()
def job_failures(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    """Only the rows that did not go through, to correct and bring again."""
    job = _downloaded(request, public_id)
    columns = [Number("row_number", "행"), Text("column", "항목"), Text("code", "원인 코드")]
    raw_keys = _raw_keys(job)
    columns_all: list[Column] = [*columns, Text("message", "설명"), *map(_raw_column, raw_keys)]
    blocks = csv_blocks(columns_all, job.failures.order_by("row_number", "pk").iterator())
    return streamed(blocks, f"{job.title}_실패한_행.csv", "text/csv; charset=utf-8")


def may_act(request: ConsoleRequest, job: Job) -> bool:
    """Whoever started a job may stop it and take its file; so may owner and administrator."""
    started_it = (job.actor_kind, job.actor_id) == (request.actor.kind, request.actor.id)
    return started_it or request.member.role in ADMINISTRATORS


def may_retry(request: ConsoleRequest, job: Job) -> bool:
    """Of what people start, only a file changes nothing: anything else goes on by whoever may
    change things today, not by whoever could when it was started."""
    is_file = job.kind == export_job.KIND and may_download(request, job)
    return is_file or request.member.role in ADMINISTRATORS


def may_download(request: ConsoleRequest, job: Job) -> bool:
    return may_act(request, job) and request.member.may(Permission.EXCEL_DOWNLOAD)


def _own(request: ConsoleRequest, public_id: str) -> Job:
    job = find(Job, request.workspace, public_id)
    if not may_act(request, job):
        raise Forbidden("처리하지 않았습니다. 요청한 사람과 관리자만 할 수 있습니다.")
    return job


def _downloaded(request: ConsoleRequest, public_id: str) -> Job:
    job = _own(request, public_id)
    if not may_download(request, job):
        raise Forbidden("파일을 내려받지 않았습니다. 다운로드 권한이 없습니다.")
    return job


def _raw_keys(job: Job) -> list[str]:
    first = job.failures.exclude(raw={}).order_by("row_number").first()
    return list(first.raw) if first and isinstance(first.raw, dict) else []


def _raw_column(key: str) -> Column:
    def read(failure: JobFailure) -> Any:
        return failure.raw.get(key)

    return Text(f"raw:{key}", key, value=read)


def running(request: ConsoleRequest) -> int:
    unfinished = Q(status__in=[Job.Status.WAITING, Job.Status.RUNNING])
    return rows(Job, request.workspace).filter(unfinished).count()
