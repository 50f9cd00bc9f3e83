"""Files of documents and of counterparties: bring one, see what it would do, then do it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

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
from core.tables.typed import Column
from invoices import jobs
from invoices.console.other_forms import CounterpartyFileForm, DocumentFileForm
from invoices.imports import counterparties, documents


@dataclass(frozen=True)
class Kind:
    """One kind of file and its pages."""

    word: str
    """What a row becomes."""
    preview: str
    write: str
    columns: Sequence[Column]
    form: type[Any]
    url: str
    """Prefix of its url names."""
    home: str
    home_word: str


DOCUMENTS = Kind(
    "세금계산서",
    jobs.PREVIEW_DOCUMENTS,
    jobs.MAKE_DOCUMENTS,
    documents.COLUMNS,
    DocumentFileForm,
    "invoices:file",
    "invoices:bulks",
    "일괄 세금계산서",
)
COUNTERPARTIES = Kind(
    "거래처",
    jobs.PREVIEW_COUNTERPARTIES,
    jobs.IMPORT_COUNTERPARTIES,
    counterparties.COLUMNS,
    CounterpartyFileForm,
    "invoices:counterparty_file",
    "invoices:counterparties",
    "거래처",
)


@console_page(Permission.FILE_UPLOAD)
def file_new(request: ConsoleRequest, kind: Kind) -> HttpResponseBase:
    form = kind.form(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        params = {k: v for k, v in form.cleaned_data.items() if k != "file"}
        job = start_job(
            workspace=request.workspace,
            actor=request.actor,
            kind=kind.preview,
            title=jobs.preview_title(kind.word, file.name),
            params=params | {"name": file.name},
            input_file=file,
        )
        return redirect(console_url(request, kind.url, job.public_id))
    context = {"form": form, "kind": kind, "sample_url": console_url(request, f"{kind.url}_sample")}
    status = 422 if form.errors else 200
    return render(request, "invoices/console/file_new.html", context, status=status)


@console_page(Permission.FILE_UPLOAD)
def file_preview(request: ConsoleRequest, public_id: str, kind: Kind) -> HttpResponseBase:
    job = _preview(request, public_id, kind)
    context = {
        "job": job,
        "kind": kind,
        "progress": Progress.of(job),
        "causes": causes_of(job),
        "is_ready": job.status == Job.Status.SUCCEEDED and not job.result.get("failed"),
        "write_url": console_url(request, f"{kind.url}_write", public_id),
        "new_url": console_url(request, f"{kind.url}_new"),
        "here": console_url(request, kind.url, public_id),
    }
    return render(request, "invoices/console/file_preview.html", context)


@require_POST
@console_page(Permission.INVOICE_WRITE)
def file_write(request: ConsoleRequest, public_id: str, kind: Kind) -> HttpResponseBase:
    """Use the very file that was previewed; rows are judged again, then written."""
    preview = _preview(request, public_id, kind)
    if preview.status != Job.Status.SUCCEEDED or preview.result.get("failed"):
        raise Conflict(jobs.REFUSED)
    with preview.input_file.open("rb") as file:
        job = start_job(
            workspace=request.workspace,
            actor=request.actor,
            kind=kind.write,
            title=jobs.write_title(preview.title),
            params=preview.params | {"preview": preview.public_id, "sends": "send" in request.POST},
            input_file=file,
        )
    messages.success(request, "시작했습니다. 이 화면을 닫아도 계속됩니다.")
    return redirect(console_url(request, "console:job", job.public_id))


def _preview(request: ConsoleRequest, public_id: str, kind: Kind) -> Job:
    found = rows(Job, request.workspace).filter(kind=kind.preview, public_id=public_id).first()
    if found is None:
        raise NotFound()
    return found


@console_page(Permission.FILE_UPLOAD)
def file_sample(request: ConsoleRequest, kind: Kind) -> HttpResponseBase:
    """A file with one row to start from."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column.heading for column in kind.columns)
    writer.writerow(column.sample for column in kind.columns)
    content = text.getvalue().encode("utf-8-sig")
    response = HttpResponse(content, content_type=CONTENT_TYPES["csv"])
    response.headers["Content-Disposition"] = attachment(jobs.sample_name(kind.word))
    return response
