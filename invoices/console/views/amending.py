"""수정 세금계산서: choose the reason, see the documents it makes, make them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core import clock
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url
from core.errors import DomainError
from core.money import added_vat
from invoices import services
from invoices.console.other_forms import AmendForm
from invoices.models import ModificationType, TaxInvoice
from invoices.queries.invoices import find_invoice
from invoices.rules import Sum
from invoices.services.amendments import amending_contents

CORRECTION = "CORRECTION_OF_ENTRY_ERRORS"
HELP = {
    CORRECTION: "상호, 금액, 작성일을 잘못 적었을 때. 취소하는 문서와 바른 문서, 두 건이 생겨요.",
    "CHANGE_IN_SUPPLY_COST": "거래 뒤에 금액이 바뀌었을 때. 달라진 만큼만 한 건이 생겨요.",
    "RETURN": "물건이 돌아왔을 때. 돌아온 만큼 음수로 한 건이 생겨요.",
    "CANCELLATION_OF_CONTRACT": "계약이 없던 일이 되었을 때. 전액 음수로 한 건이 생겨요.",
    "DUPLICATE_ISSUANCE_DUE_TO_ERROR": "같은 거래를 두 번 발행했을 때. 전액 음수로 한 건이 생겨요.",
    "LOCAL_LETTER_OF_CREDIT": "내국신용장이 나중에 열렸을 때. 과세 취소와 영세율, 두 건이 생겨요.",
}


@console_page(Permission.INVOICE_WRITE)
def invoice_amend(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    original = find_invoice(request.workspace, public_id)
    form = AmendForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, original, form, status=422 if form.errors else 200)
    if form.cleaned_data["reason"] == CORRECTION:
        return redirect(console_url(request, "invoices:correct", original.public_id))
    return _amended(request, original, form)


def _amended(request: ConsoleRequest, original: TaxInvoice, form: AmendForm) -> HttpResponseBase:
    given = form.cleaned_data
    facts: dict[str, Any] = {
        "reason": given["reason"],
        "event_date": given["event_date"] or clock.today(),
        "change": _change(original, given),
        "corrected": None,
    }
    try:
        if "confirmed" not in request.POST:
            contents = amending_contents(original, **facts)
            return _page(request, original, form, contents=contents)
        made = services.amend_invoice(original=original, actor=request.actor, **facts)
    except DomainError as error:
        form.add_error(None, error.message)
        return _page(request, original, form, status=422)
    drafted = _("수정 세금계산서 %(count)s건을 임시저장했습니다. 확인하고 발행해 주세요.")
    messages.success(request, drafted % {"count": len(made)})
    return redirect(console_url(request, "invoices:invoice", made[0].public_id))


def _change(original: TaxInvoice, given: dict[str, Any]) -> Sum | None:
    supply, tax = given["supply"], given["tax"]
    if supply is None:
        return None
    if tax is None:
        tax = added_vat(supply) if original.taxation_type == "TAXABLE" else 0
    return Sum(supply, tax, original.taxation_type)


def _page(
    request: ConsoleRequest,
    original: TaxInvoice,
    form: AmendForm,
    contents: Any = (),
    status: int = 200,
) -> HttpResponseBase:
    context = {
        "original": original,
        "form": form,
        "contents": contents,
        "reasons": [(value, label, HELP[value]) for value, label in ModificationType.choices],
        "chosen": form["reason"].value(),
    }
    return render(request, "invoices/console/amend.html", context, status=status)
