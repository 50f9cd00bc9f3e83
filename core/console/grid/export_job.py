"""Large exports: the same list, written by a worker, fetched from the job's page."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.files import File
from django.http import HttpRequest, QueryDict
from django.utils.module_loading import import_string
from django_htmx.middleware import HtmxDetails

from core.companies.models import Member
from core.console.access import ConsoleRequest
from core.console.grid.files import TooManyRows, csv_blocks, fits_sheet, write_xlsx
from core.errors import Forbidden
from core.events.actors import Actor
from core.jobs.models import Job
from core.jobs.services import Run, job_kind, start_job

KIND = "console.export"
TOLD_EVERY = 2000


class MayNotExport(Forbidden):
    message = "파일을 만들지 않았습니다. 다운로드 권한이 없습니다."


def start_export(grid: Any, kind: str) -> Job:
    """A job that writes what this person sees now, columns included."""
    cls = type(grid)
    return start_job(
        workspace=grid.request.workspace,
        actor=grid.request.actor,
        kind=KIND,
        title=f"{grid.title} 내려받기",
        params={
            "grid": f"{cls.__module__}.{cls.__qualname__}",
            "member": grid.request.member.pk,
            "query": grid.params.urlencode(),
            "columns": [column.key for column in grid.exported_columns],
            "kind": kind,
            "filename": f"{grid.filename}.{kind}",
        },
    )


@job_kind(KIND)
def export(run: Run) -> dict[str, Any]:
    """Begin anew on every start: a file has no use for a cursor."""
    grid = import_string(run.params["grid"])(request_of(run))
    if not grid.may_export:
        raise MayNotExport()
    by_key = {column.key: column for column in grid.columns}
    columns = [by_key[key] for key in run.params["columns"] if key in by_key]
    if run.params["kind"] == "xlsx" and not fits_sheet(grid.matching):
        raise TooManyRows()
    run.progress(done=0, total=grid.matching.count(), stage="파일 쓰기")
    rows = Counted(run, grid.exported_rows(columns))
    with tempfile.TemporaryFile() as file:
        if run.params["kind"] == "csv":
            file.writelines(block.encode() for block in csv_blocks(columns, rows))
        else:
            write_xlsx(file, columns, rows)
        file.seek(0)
        run.job.result_file.save(run.params["filename"], File(file), save=False)
    Job.objects.filter(pk=run.job.pk).update(result_file=run.job.result_file.name)
    run.progress(done=rows.done, stage="완료")
    return {"filename": run.params["filename"], "rows": rows.done}


def request_of(run: Run) -> ConsoleRequest:
    """The request as the person made it, with today's role: a lost permission stops the file."""
    member = Member.objects.select_related("company", "user").get(pk=run.params["member"])
    request: Any = HttpRequest()
    request.method = "GET"
    request.GET = QueryDict(run.params["query"])
    request.htmx = HtmxDetails(request)
    request.user, request.member, request.company = member.user, member, member.company
    request.workspace, request.actor = run.workspace, Actor.member(member)
    return request  # type: ignore[no-any-return]


class Counted:
    """Rows on their way to the file; the job's page is told how far it is."""

    def __init__(self, run: Run, rows: Iterable[Any]) -> None:
        self.run, self.rows, self.done = run, rows, 0

    def __iter__(self) -> Iterator[Any]:
        for row in self.rows:
            yield row
            self.done += 1
            if self.done % TOLD_EVERY == 0:
                self.run.progress(done=self.done)
