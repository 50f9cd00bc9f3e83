"""Partner files: bring one, see what it would do, then do it; take one away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.companies.access import rows
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url
from core.console.grid.files import CONTENT_TYPES, attachment
from core.errors import Conflict, NotFound
from core.jobs.causes import causes_of
from core.jobs.models import Job
from core.jobs.progress import Progress
from core.jobs.services import start_job
from partners.console.forms.files import PartnerFileForm
from partners.console.grids import PartnerGrid
from partners.imports import SAMPLE_NAME, export_name, export_partners, sample_file
from partners.jobs import IMPORT, PREVIEW, import_title, preview_title


@console_page(Permission.FILE_UPLOAD)
def file_new(request: ConsoleRequest) -> HttpResponseBase:
    form = PartnerFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        job = start_job(
            workspace=request.workspace,
            actor=request.actor,
            kind=PREVIEW,
            title=preview_title(file.name),
            input_file=file,
        )
        return redirect(console_url(request, "partners:file", job.public_id))
    status = 422 if form.errors else 200
    return render(request, "partners/console/file_new.html", {"form": form}, status=status)


@console_page(Permission.FILE_UPLOAD)
def file_preview(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    job = _preview(request, public_id)
    context = {
        "job": job,
        "progress": Progress.of(job),
        "causes": causes_of(job),
        "is_ready": job.status == Job.Status.SUCCEEDED and not job.result.get("failed"),
        "count": job.result.get("created", 0) + job.result.get("updated", 0),
    }
    return render(request, "partners/console/file_preview.html", context)


@require_POST
@console_page(Permission.FILE_UPLOAD)
def file_register(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    """Bring the very file that was previewed; rows are judged again, then written."""
    preview = _preview(request, public_id)
    if preview.status != Job.Status.SUCCEEDED or preview.result.get("failed"):
        raise Conflict("등록하지 않았습니다. 오류를 고친 파일을 다시 올려 주세요.")
    request.actor.require(Permission.PARTNER_WRITE)
    with preview.input_file.open("rb") as file:
        job = start_job(
            workspace=request.workspace,
            actor=request.actor,
            kind=IMPORT,
            title=import_title(preview),
            input_file=file,
        )
    messages.success(request, "등록을 시작했습니다. 끝나면 예금주와 사업 상태를 조회합니다.")
    return redirect(console_url(request, "console:job", job.public_id))


def _preview(request: ConsoleRequest, public_id: str) -> Job:
    previews = rows(Job, request.workspace).filter(kind=PREVIEW, public_id=public_id)
    preview = previews.first()
    if preview is None:
        raise NotFound()
    return preview


@console_page(Permission.FILE_UPLOAD)
def file_sample(request: ConsoleRequest) -> HttpResponseBase:
    """A file with one row to start from."""
    return _download(SAMPLE_NAME, sample_file(), "csv")


@console_page(Permission.EXCEL_DOWNLOAD)
def file_export(request: ConsoleRequest, format: str) -> HttpResponseBase:
    """The partners of the list in the columns an import takes."""
    kind = "xlsx" if format == "xlsx" else "csv"
    content = export_partners(
        workspace=request.workspace,
        partners=PartnerGrid(request).matching.order_by("pk"),
        actor=request.actor,
        format=kind,  # type: ignore[arg-type]
    )
    return _download(export_name(PartnerGrid(request).filename, kind), content, kind)


def _download(name: str, content: bytes, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=CONTENT_TYPES[kind])
    response.headers["Content-Disposition"] = attachment(name)
    return response
