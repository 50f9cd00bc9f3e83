"""Attachments: a place to upload to, then attach and detach (contract.md c.10)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.api.operations import Call, Operation, WireView, error_response
from core.companies.models import Permission
from core.errors import DomainError
from invoices import errors, services
from invoices.api.shapes import tax_invoice_requests as requests
from invoices.api.shapes import tax_invoices as shapes
from invoices.api.tax_invoices import FOUND, KEY_QUERY, TAG, addressed
from invoices.models import InvoiceFile


class FileUploadUrls(WireView):
    tag = TAG

    @Operation(
        body=requests.CreateFileUploadUrlBody,
        returns=shapes.CreateFileUploadUrlPayload,
        scope=Permission.INVOICE_WRITE,
        errors=[errors.ExternalService],
        operation_id="createB2bFileUploadUrl",
        summary="첨부 파일 올릴 주소 만들기",
    )
    def post(self, call: Call[requests.CreateFileUploadUrlBody]) -> dict[str, Any]:
        file, token = services.reserve_upload(
            workspace=call.workspace, file_name=call.body.file_name
        )
        url = settings.PUBLIC_URL + reverse("invoice-file-upload", args=[token])
        return {"fileId": file.public_id, "url": url}


@csrf_exempt
@require_http_methods(["PUT"])
def upload(request: HttpRequest, token: str) -> HttpResponse:
    """The signed token in the address is the permission: five minutes, one file, once."""
    try:
        services.store_upload(token=token, content=request.body)
    except DomainError as error:
        return error_response(error)
    return HttpResponse(b"{}", content_type="application/json")


class Attach(WireView):
    tag = TAG

    @Operation(
        body=requests.AttachTaxInvoiceFileBody,
        scope=Permission.INVOICE_WRITE,
        errors=(*FOUND, errors.NotDrafted, errors.FileNotFound),
        query=KEY_QUERY,
        operation_id="attachB2bTaxInvoiceFile",
        summary="세금계산서에 파일 첨부",
    )
    def post(self, call: Call[requests.AttachTaxInvoiceFileBody]) -> None:
        services.attach_file(invoice=addressed(call), actor=call.actor, file_id=call.body.file_id)


class Attachments(WireView):
    tag = TAG

    @Operation(
        returns=shapes.GetTaxInvoiceAttachmentsResponse,
        scope=Permission.INVOICE_READ,
        errors=FOUND,
        query=KEY_QUERY,
        operation_id="getB2bTaxInvoiceAttachments",
        summary="첨부 파일 목록 조회",
    )
    def get(self, call: Call[None]) -> dict[str, Any]:
        files = InvoiceFile.objects.filter(invoice=addressed(call)).order_by("pk")
        return {
            "attachments": [
                {"id": file.public_id, "name": file.name, "attachedAt": file.attached_at}
                for file in files
            ]
        }


class SingleAttachment(WireView):
    tag = TAG

    @Operation(
        scope=Permission.INVOICE_WRITE,
        errors=(*FOUND, errors.NotDrafted, errors.AttachmentNotFound),
        query=KEY_QUERY,
        operation_id="deleteB2bTaxInvoiceAttachment",
        summary="첨부 파일 삭제",
    )
    def delete(self, call: Call[None]) -> None:
        services.detach_file(
            invoice=addressed(call), actor=call.actor, attachment_id=call.ids["attachment"]
        )
