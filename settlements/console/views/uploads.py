"""Pages of order files: bring one, see what it would do, register it, see what it did."""

from __future__ import annotations

import csv
import io

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.companies.access import find
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url
from core.console.grid.files import CONTENT_TYPES, attachment, write_xlsx
from core.errors import DomainError
from settlements.console.upload_contexts import page_of
from settlements.console.upload_forms import UploadForm
from settlements.console.upload_grid import UploadGrid
from settlements.console.upload_samples import COLUMNS as SAMPLE_COLUMNS
from settlements.console.upload_samples import SAMPLE_NAME, columns_told, sample_rows
from settlements.models import OrderUpload
from settlements.services.uploads import (
    discard_upload,
    receive_upload,
    register_upload,
    stop_upload,
)


@console_page(Permission.TRANSFER_READ)
def upload_list(request: ConsoleRequest) -> HttpResponseBase:
    return UploadGrid(request).serve(may_write=request.member.may(Permission.FILE_UPLOAD))


@console_page(Permission.FILE_UPLOAD)
def upload_new(request: ConsoleRequest) -> HttpResponseBase:
    form = UploadForm(request.POST or None, request.FILES or None)
    known = ""
    if request.method == "POST" and form.is_valid():
        try:
            upload = receive_upload(
                workspace=request.workspace,
                actor=request.actor,
                file=form.cleaned_data["file"],
                mode=form.cleaned_data["mode"],
                may_wait_for_mapping=True,
            )
        except DomainError as error:
            form.add_error("file", error.message)
            known = error.extra.get("uploadId", "")
        else:
            page = "settlements:upload_map" if upload.status == "MAPPING" else "settlements:upload"
            return redirect(console_url(request, page, upload.public_id))
    context = {"form": form, "known": known, "format": columns_told()}
    status = 422 if form.errors else 200
    return render(request, "settlements/console/upload_new.html", context, status=status)


@console_page(Permission.TRANSFER_READ)
def upload_detail(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    upload = find(OrderUpload, request.workspace, public_id)
    return render(request, "settlements/console/upload.html", page_of(request, upload))


@require_POST
@console_page(Permission.TRANSFER_WRITE)
def upload_register(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    upload = find(OrderUpload, request.workspace, public_id)
    register_upload(upload=upload, actor=request.actor)
    messages.success(request, "등록을 시작했습니다. 이 화면을 닫아도 계속됩니다.")
    return _back_to(request, upload)


@require_POST
@console_page(Permission.FILE_UPLOAD)
def upload_stop(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    upload = find(OrderUpload, request.workspace, public_id)
    stop_upload(upload=upload, actor=request.actor)
    messages.success(request, "중단을 요청했습니다. 이미 등록한 정산건은 그대로 남습니다.")
    return _back_to(request, upload)


@require_POST
@console_page(Permission.FILE_UPLOAD)
def upload_discard(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    upload = find(OrderUpload, request.workspace, public_id)
    discard_upload(upload=upload, actor=request.actor)
    messages.success(request, "등록하지 않고 취소했습니다. 같은 파일을 다시 올릴 수 있습니다.")
    return redirect(console_url(request, "settlements:uploads"))


@console_page(Permission.FILE_UPLOAD)
def upload_sample(request: ConsoleRequest, kind: str) -> HttpResponseBase:
    """A file with a few rows of every kind to start from; `kind` is csv or xlsx."""
    rows = sample_rows(request.workspace)
    if kind == "xlsx":
        book = io.BytesIO()
        write_xlsx(book, SAMPLE_COLUMNS, rows)
        content = book.getvalue()
    else:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(column.label for column in SAMPLE_COLUMNS)
        writer.writerows([column.exported(row) for column in SAMPLE_COLUMNS] for row in rows)
        content = text.getvalue().encode("utf-8-sig")
    response = HttpResponse(content, content_type=CONTENT_TYPES[kind])
    response.headers["Content-Disposition"] = attachment(f"{SAMPLE_NAME}.{kind}")
    return response


def _back_to(request: ConsoleRequest, upload: OrderUpload) -> HttpResponseBase:
    return redirect(console_url(request, "settlements:upload", upload.public_id))
