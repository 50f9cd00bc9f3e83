"""A file of amounts by hand: bring it, see what it would register, then register it."""

from __future__ import annotations

import csv
import io

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.companies.access import rows
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url
from core.console.formats import sum_in
from core.console.grid.files import CONTENT_TYPES, attachment
from core.errors import NotFound
from core.jobs.causes import causes_of
from core.jobs.models import Job
from core.jobs.progress import Progress
from settlements.console.forms import ManualFileForm
from settlements.services.manual_files import (
    PREVIEW,
    check_manual_file,
    columns_of,
    register_manual_file,
)


@console_page(Permission.TRANSFER_WRITE)
def file_new(request: ConsoleRequest) -> HttpResponseBase:
    form = ManualFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        job = check_manual_file(
            workspace=request.workspace, actor=request.actor, file=form.cleaned_data["file"]
        )
        return redirect(console_url(request, "settlements:manual_file", job.public_id))
    context = {"form": form, "columns": columns_of(request.workspace)}
    status = 422 if form.errors else 200
    return render(request, "settlements/console/manual_file_new.html", context, status=status)


@console_page(Permission.TRANSFER_WRITE)
def file_preview(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    job = _preview(request, public_id)
    is_over = job.status == Job.Status.SUCCEEDED
    context = {
        "job": job,
        "progress": Progress.of(job),
        "causes": causes_of(job),
        "sums": " · ".join(sum_in(each, currency) for currency, each in job.result.get("sums", ())),
        "is_ready": is_over and not job.result.get("failed"),
    }
    return render(request, "settlements/console/manual_file.html", context)


@require_POST
@console_page(Permission.TRANSFER_WRITE)
def file_register(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    job = register_manual_file(preview=_preview(request, public_id), actor=request.actor)
    messages.success(request, "등록을 시작했습니다. 이 화면을 닫아도 계속됩니다.")
    return redirect(console_url(request, "console:job", job.public_id))


@console_page(Permission.TRANSFER_WRITE)
def file_sample(request: ConsoleRequest) -> HttpResponseBase:
    """A file with one row to start from."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    columns = columns_of(request.workspace)
    writer.writerow(column.heading for column in columns)
    writer.writerow(column.sample for column in columns)
    content = text.getvalue().encode("utf-8-sig")
    response = HttpResponse(content, content_type=CONTENT_TYPES["csv"])
    response.headers["Content-Disposition"] = attachment("수기_정산건_예시.csv")
    return response


def _preview(request: ConsoleRequest, public_id: str) -> Job:
    found = rows(Job, request.workspace).filter(kind=PREVIEW, public_id=public_id).first()
    if found is None:
        raise NotFound()
    return found
