"""Write a document on the paper form: choose the other side, fill lines, save or send."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.business_number import normalised
from core.companies.access import rows
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page
from core.errors import DomainError
from core.words import said
from invoices import services
from invoices.columns import content_of
from invoices.console.forms import (
    LINES,
    DocumentForm,
    LineFormSet,
    initial_of,
    initial_of_lines,
    initial_of_party,
    items_of,
    with_unseen,
)
from invoices.console.views.invoices import say_sent, to_detail
from invoices.documents import Content
from invoices.models import Counterparty, TaxInvoice
from invoices.queries.counterparties import counterparties, find_counterparty
from invoices.queries.invoices import find_invoice, reload
from invoices.services.amendments import rewritable_content
from invoices.services.parties import party_of_company, party_of_counterparty

UNPROCESSABLE = 422
FOUND = 8
WRITE = Permission.INVOICE_WRITE

Answer = HttpResponseBase


@console_page(WRITE)
def invoice_new(request: ConsoleRequest) -> Answer:
    return _writing(request, None)


@console_page(WRITE)
def invoice_edit(request: ConsoleRequest, public_id: str) -> Answer:
    return _writing(request, find_invoice(request.workspace, public_id))


@console_page(WRITE)
def invoice_correct(request: ConsoleRequest, public_id: str) -> Answer:
    """The right content of a corrected document (기재사항 착오 정정)."""
    return _writing(request, None, corrects=find_invoice(request.workspace, public_id))


@console_page(Permission.INVOICE_READ)
def counterparty_search(request: ConsoleRequest) -> Answer:
    """Buttons that choose a counterparty, as a part of the form."""
    found = search(request, request.GET.get("find", ""))
    return render(request, "invoices/console/found.html", {"found": found[:FOUND]})


def search(request: ConsoleRequest, words: str) -> QuerySet[Counterparty]:
    """Connected ones first: they can be asked to issue."""
    known = counterparties(request.workspace)
    if words.strip():
        digits = normalised(words)
        named = Q(company_name__icontains=words) | Q(partner__name__icontains=words)
        if len(digits) >= 3:
            named |= Q(business_registration_number__startswith=digits)
        known = known.filter(named)
    return known.order_by("-connected_at", "company_name")


def _writing(
    request: ConsoleRequest, invoice: TaxInvoice | None, corrects: TaxInvoice | None = None
) -> Answer:
    source = invoice or corrects
    if request.method != "POST":
        return _page(request, *_fresh(request, source), invoice, corrects)
    if "choose" in request.POST or "add_lines" in request.POST:
        return _page(request, *_refilled(request), invoice, corrects)
    form, lines = DocumentForm(request.POST), LineFormSet(request.POST)
    if not (form.is_valid() and lines.is_valid()):
        return _page(request, form, lines, invoice, corrects, status=UNPROCESSABLE)
    try:
        saved = _saved(request, form, lines, invoice, corrects)
    except DomainError as error:
        form.add_error(None, error.message)
        return _page(request, form, lines, invoice, corrects, status=UNPROCESSABLE)
    _finish(request, saved, is_pair=corrects is not None)
    return to_detail(request, saved)


def _saved(
    request: ConsoleRequest,
    form: DocumentForm,
    lines: Any,
    invoice: TaxInvoice | None,
    corrects: TaxInvoice | None,
) -> TaxInvoice:
    given = form.cleaned_data
    content = form.content(items_of(lines, given["taxation_type"], given["write_date"]))
    if source := invoice or corrects:
        content = with_unseen(content, content_of(source))
    if invoice is not None:
        return services.update_draft(
            invoice=invoice, actor=request.actor, content=content, memo=given["memo"]
        )
    if corrects is not None:
        return services.amend_invoice(
            original=corrects,
            reason="CORRECTION_OF_ENTRY_ERRORS",
            actor=request.actor,
            corrected=content,
        )[-1]
    return services.draft_invoice(
        workspace=request.workspace,
        actor=request.actor,
        content=content,
        memo=given["memo"],
        creates_recipient=given["creates_counterparty"],
    )


def _finish(request: ConsoleRequest, saved: TaxInvoice, *, is_pair: bool) -> None:
    """Send it when that button was pressed; a refusal leaves the saved document."""
    if is_pair:
        messages.success(request, "수정 세금계산서 두 건을 임시저장했습니다. 둘 다 발행해 주세요.")
    if "send" not in request.POST or saved.is_amendment:
        messages.success(request, "임시저장했습니다. 아직 보내지 않았습니다.")
        return
    send = services.request_invoice if saved.is_reverse else services.issue_invoice
    try:
        say_sent(request, send(invoice=reload(saved), actor=request.actor))
    except DomainError as error:
        saved_only = _("임시저장은 되었습니다. %(refusal)s")
        messages.error(request, saved_only % {"refusal": said(error.message)})


def _fresh(request: ConsoleRequest, source: TaxInvoice | None) -> tuple[DocumentForm, Any]:
    if source is not None:
        content = rewritable_content(source)
        initial = initial_of(content, source.memo)
        return DocumentForm(initial=initial), _lines_of(content)
    chosen = request.GET.get("counterparty", "")
    initial = {"issuance_type": request.GET.get("type", "NORMAL")}
    if chosen:
        row = find_counterparty(request.workspace, chosen)
        initial |= initial_of_party(party_of_counterparty(row))
    return DocumentForm(initial=initial), LineFormSet()


def _lines_of(content: Content) -> Any:
    extra = max(LINES - len(content.items), 1)
    formset = LineFormSet(initial=initial_of_lines(content))
    formset.extra = extra
    return formset


def _refilled(request: ConsoleRequest) -> tuple[DocumentForm, Any]:
    """What was typed, with another counterparty or more lines; nothing is checked yet."""
    typed: QueryDict = request.POST.copy()
    if "choose" in typed:
        row = find_counterparty(request.workspace, str(typed["choose"]))
        for name, value in initial_of_party(party_of_counterparty(row)).items():
            typed[name] = value
    if "add_lines" in typed:
        total = int(typed.get("form-TOTAL_FORMS", "0") or 0)
        typed["form-TOTAL_FORMS"] = str(min(total + LINES, 99))
    form, lines = DocumentForm(typed), LineFormSet(typed)
    form.is_valid()
    form.errors.clear()
    lines.is_valid()
    for line in lines:
        line.errors.clear()
    return form, lines


def _page(
    request: ConsoleRequest,
    form: DocumentForm,
    lines: Any,
    invoice: TaxInvoice | None,
    corrects: TaxInvoice | None,
    status: int = 200,
) -> Answer:
    issuance_type = form["issuance_type"].value()
    context = {
        "form": form,
        "lines": lines,
        "invoice": invoice,
        "corrects": corrects,
        "is_reverse": issuance_type == "REVERSE",
        "us": party_of_company(request.company),
        "found": search(request, request.POST.get("find", ""))[:FOUND],
        "has_counterparties": rows(Counterparty, request.workspace).exists(),
    }
    return render(request, "invoices/console/write.html", context, status=status)
