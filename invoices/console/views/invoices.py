"""One document: look at it, act on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url
from core.console.grid.files import attachment
from invoices import services
from invoices.console.contexts import detail_context
from invoices.console.grids import InvoiceGrid
from invoices.console.other_forms import ResendForm
from invoices.errors import InvalidDocument
from invoices.models import TaxInvoice
from invoices.pages.papers import pdf_response
from invoices.paper import Copy, file_name
from invoices.queries.invoices import find_invoice

READ, WRITE = Permission.INVOICE_READ, Permission.INVOICE_WRITE
UNKNOWN = "세금계산서 서비스의 답을 기다리고 있습니다. 결과가 확인되면 상태가 바뀝니다."


@console_page(READ)
def invoice_list(request: ConsoleRequest) -> HttpResponseBase:
    return InvoiceGrid(request).serve()


@console_page(READ)
def invoice_detail(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    invoice = find_invoice(request.workspace, public_id)
    return render(request, "invoices/console/invoice.html", detail_context(request, invoice))


@console_page(READ)
def invoice_pdf(request: ConsoleRequest, public_id: str, copy: str) -> HttpResponseBase:
    invoice = find_invoice(request.workspace, public_id)
    response = pdf_response(invoice, Copy(copy))
    disposition = attachment(file_name(invoice)).replace("attachment", "inline")
    response.headers["Content-Disposition"] = disposition
    return response


@require_POST
@console_page(WRITE)
def invoice_send(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    """Issue or request; what the person accepted on the sheet comes along."""
    invoice = find_invoice(request.workspace, public_id)
    accepts: dict[str, Any] = {"accepts_inactive": "accepts_inactive" in request.POST}
    if invoice.is_reverse:
        sent = services.request_invoice(invoice=invoice, actor=request.actor, **accepts)
    else:
        accepts["accepts_delay"] = "accepts_delay" in request.POST
        sent = services.issue_invoice(invoice=invoice, actor=request.actor, **accepts)
    say_sent(request, sent)
    return to_detail(request, sent)


def say_sent(request: ConsoleRequest, invoice: TaxInvoice) -> None:
    match invoice.status:
        case "REQUESTED":
            messages.success(request, "역발행을 요청했습니다. 파트너에게 승인 메일이 갑니다.")
        case "ISSUED":
            number = {"number": invoice.nts_approval_number}
            messages.success(request, _("발행했습니다. 승인번호 %(number)s") % number)
        case _:
            messages.warning(request, UNKNOWN)


@require_POST
@console_page(WRITE)
def invoice_resend(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    invoice = find_invoice(request.workspace, public_id)
    form = ResendForm(request.POST)
    if not form.is_valid():
        raise InvalidDocument("보내지 않았습니다. 이메일 주소를 확인해 주세요.")
    email = form.cleaned_data["email"]
    link = services.resend_letter(invoice=invoice, actor=request.actor, email=email)
    sent = _("%(email)s(으)로 다시 보냈습니다. 앞선 링크는 닫혔습니다.")
    messages.success(request, sent % {"email": link.recipient})
    return to_detail(request, invoice)


@require_POST
@console_page(WRITE)
def invoice_cancel(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    """Withdraw a request, or undo an issue that was not transmitted."""
    invoice = find_invoice(request.workspace, public_id)
    reason = request.POST.get("reason", "").strip()
    if invoice.status == "REQUESTED":
        ended = services.cancel_request(invoice=invoice, actor=request.actor, reason=reason)
    else:
        ended = services.cancel_issuance(invoice=invoice, actor=request.actor, reason=reason)
    done = ended.status in {"REQUEST_CANCELLED", "ISSUANCE_CANCELLED"}
    words = "취소했습니다. 이 문서는 법적으로 없는 문서입니다." if done else UNKNOWN
    messages.success(request, words) if done else messages.warning(request, words)
    return to_detail(request, ended)


@require_POST
@console_page(WRITE)
def invoice_transmit(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    invoice = find_invoice(request.workspace, public_id)
    services.send_to_nts(invoice=invoice, actor=request.actor)
    messages.success(request, "국세청 전송을 시작했습니다. 이제 취소할 수 없습니다.")
    return to_detail(request, invoice)


@require_POST
@console_page(WRITE)
def invoice_delete(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    invoice = find_invoice(request.workspace, public_id)
    services.delete_invoice(invoice=invoice, actor=request.actor)
    messages.success(request, "삭제했습니다. 기록은 감사에 남아 있습니다.")
    return redirect(console_url(request, "invoices:invoices"))


@require_POST
@console_page(WRITE)
def invoice_memo(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    invoice = find_invoice(request.workspace, public_id)
    memo = request.POST.get("memo", "").strip()[:256]
    services.set_memo(invoice=invoice, actor=request.actor, memo=memo)
    return to_detail(request, invoice)


def to_detail(request: ConsoleRequest, invoice: TaxInvoice) -> HttpResponseBase:
    return redirect(console_url(request, "invoices:invoice", invoice.public_id))
