"""A document for whoever holds a signed address: five minutes, nothing to log in to."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from core.companies.isolation import confine
from core.notifications.pages import HEADERS
from invoices.models import TaxInvoice
from invoices.pages.context import page_context
from invoices.paper import Copy, render_invoice
from invoices.queries.invoices import RELATED

SALT = "invoice-paper"
OPEN_SECONDS = 300
KINDS = ("pdf", "print", "popup")


def paper_url(invoice: TaxInvoice, kind: str) -> str:
    """An address that shows our copy: pdf downloads, print opens the sheet, popup a page."""
    token = signing.dumps([invoice.pk, kind], salt=SALT)
    return settings.PUBLIC_URL + reverse("invoice-paper", args=[token])


def paper(request: HttpRequest, token: str) -> HttpResponse:
    try:
        pk, kind = signing.loads(token, salt=SALT, max_age=OPEN_SECONDS)
    except signing.BadSignature as error:
        raise Http404 from error
    found = TaxInvoice.objects.select_related(*RELATED).filter(deleted_at=None)
    invoice = get_object_or_404(found, pk=pk)
    confine(invoice.workspace)
    response = _shown(request, invoice, kind)
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


def _shown(request: HttpRequest, invoice: TaxInvoice, kind: str) -> HttpResponse:
    copy = our_copy(invoice)
    if kind == "popup":
        context = page_context(invoice, copy) | {"pdf_url": paper_url(invoice, "pdf")}
        return render(request, "invoices/pages/viewing.html", context)
    return pdf_response(invoice, copy, downloads=kind == "pdf")


def our_copy(invoice: TaxInvoice) -> Copy:
    """We keep the sheet of our side."""
    return Copy.RECIPIENT if invoice.is_reverse else Copy.SUPPLIER


def pdf_response(invoice: TaxInvoice, copy: Copy, *, downloads: bool = False) -> HttpResponse:
    response = HttpResponse(render_invoice(invoice, copy), content_type="application/pdf")
    way = "attachment" if downloads else "inline"
    response.headers["Content-Disposition"] = f'{way}; filename="{invoice.public_id}.pdf"'
    return response
