"""Short-lived addresses of a document's PDF (contract.md c.10: pdf, print and popup URLs)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.api.operations import Call, Operation, WireView, error_response
from core.api.wire import Text, Wire
from core.companies.models import Permission
from invoices.api.tax_invoices import FOUND, KEY_QUERY, TAG, addressed
from invoices.errors import TaxInvoiceNotFound
from invoices.models import TaxInvoice
from invoices.paper import Copy, render_invoice
from invoices.queries.invoices import RELATED

LINK_SECONDS = 300
SALT = "invoice-document"


class Link(Wire):
    url: Text


def link(form: str, operation_id: str) -> type[WireView]:
    """A GET that answers with an address anyone may open for five minutes."""

    class Links(WireView):
        tag = TAG

        @Operation(
            returns=Link,
            scope=Permission.INVOICE_READ,
            errors=FOUND,
            query=(*KEY_QUERY, "includeMenu") if form == "popup" else KEY_QUERY,
            operation_id=operation_id,
        )
        def get(self, call: Call[None]) -> dict[str, Any]:
            token = signing.dumps([addressed(call).pk, form], salt=SALT)
            return {"url": settings.PUBLIC_URL + reverse("invoice-document", args=[token])}

    return Links


@require_safe
def document(request: HttpRequest, token: str) -> HttpResponse:
    """The PDF behind a signed address; the address is the permission, for five minutes."""
    try:
        pk, form = signing.loads(token, salt=SALT, max_age=LINK_SECONDS)
    except signing.BadSignature:
        return error_response(TaxInvoiceNotFound("문서 주소의 유효 시간이 지났습니다."))
    invoice = TaxInvoice.objects.select_related("workspace__company", *RELATED).get(pk=pk)
    ours = Copy.RECIPIENT if invoice.is_reverse else Copy.SUPPLIER
    response = HttpResponse(render_invoice(invoice, ours), content_type="application/pdf")
    disposition = "attachment" if form == "pdf" else "inline"
    response["Content-Disposition"] = f'{disposition}; filename="{invoice.public_id}.pdf"'
    response["Cache-Control"] = "no-store"
    return response
