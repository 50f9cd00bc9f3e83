"""The supplier answers, the recipient reads. GET shows, only POST changes."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from core.companies import throttle
from core.errors import DomainError, NotFound, busy_when_locked
from core.notifications.links import token_of
from core.notifications.models import AccessLink
from core.notifications.pages import register_page
from invoices.errors import CertificateUnregistered, InvalidDocument, SupplierBrnMismatch
from invoices.models import TaxInvoice
from invoices.pages.context import page_context
from invoices.pages.papers import pdf_response
from invoices.paper import Copy
from invoices.providers import provider_for
from invoices.services import approve_by_link, cancel_by_link, refuse_by_link
from invoices.services.approvals import invoice_of, note_opened
from invoices.services.letters import APPROVAL, VIEW

WRONG_GUESSES = 10
TOO_MANY = "처리되지 않았습니다. 사업자등록번호가 여러 번 달랐습니다. 15분 뒤 다시 시도해 주세요."
NO_REASON = "처리되지 않았습니다. 사유를 적어 주세요."


def register_pages() -> None:
    register_page(APPROVAL, approval_page)
    register_page(VIEW, viewing_page)


def approval_page(request: HttpRequest, link: AccessLink, part: str) -> HttpResponseBase:
    invoice = _document(link)
    if part == "pdf":
        return pdf_response(invoice, Copy.SUPPLIER)
    if request.method == "POST":
        return _answered(request, link, invoice)
    note_opened(link)
    return _shown(request, link, invoice)


def viewing_page(request: HttpRequest, link: AccessLink, part: str) -> HttpResponseBase:
    invoice = _document(link)
    if part == "pdf":
        return pdf_response(invoice, Copy.RECIPIENT)
    note_opened(link)
    pdf_url = reverse("access-link-part", args=[token_of(link), "pdf"])
    context = page_context(invoice, Copy.RECIPIENT) | {"pdf_url": pdf_url}
    return render(request, "invoices/pages/viewing.html", context)


def _answered(request: HttpRequest, link: AccessLink, invoice: TaxInvoice) -> HttpResponseBase:
    """Do what was asked, then show the page anew; a refusal is shown on the page itself."""
    token, brn = token_of(link), request.POST.get("brn", "")
    keys = [f"link:{link.public_id}"]
    if throttle.is_blocked(keys, WRONG_GUESSES):
        return _shown(request, link, invoice, error=TOO_MANY, status=429)
    try:
        with busy_when_locked():
            _act(request, token, brn)
    except SupplierBrnMismatch as error:
        throttle.record_failure(keys)
        return _shown(request, link, invoice, error=error.message, status=error.status)
    except CertificateUnregistered as error:
        url = provider_for(link.workspace).certificate_url(invoice.supplier_brn)
        return _shown(
            request, link, _document(link), error=error.message, certificate_url=url, status=409
        )
    except DomainError as error:
        return _shown(request, link, _document(link), error=error.message, status=error.status)
    return redirect("access-link", token)


def _act(request: HttpRequest, token: str, brn: str) -> None:
    action, reason = request.POST.get("action", ""), request.POST.get("reason", "").strip()
    needs_reason: dict[str, Callable[[str, str, str], TaxInvoice]] = {
        "refuse": refuse_by_link,
        "cancel": cancel_by_link,
    }
    if action == "approve":
        approve_by_link(token, brn)
    elif action in needs_reason:
        if not reason:
            raise InvalidDocument(NO_REASON)
        needs_reason[action](token, brn, reason[:300])
    else:
        raise InvalidDocument("처리되지 않았습니다. 승인과 거부 중 하나를 골라 주세요.")


def _shown(
    request: HttpRequest,
    link: AccessLink,
    invoice: TaxInvoice,
    *,
    error: str = "",
    certificate_url: str = "",
    status: int = 200,
) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in ("action", "brn", "reason")}
    context = page_context(invoice, Copy.SUPPLIER) | {
        "token": token_of(link),
        "error": error,
        "typed": typed,
        "certificate_url": certificate_url,
    }
    return render(request, "invoices/pages/approval.html", context, status=status)


def _document(link: AccessLink) -> TaxInvoice:
    try:
        return invoice_of(link)
    except NotFound as error:
        raise Http404 from error
