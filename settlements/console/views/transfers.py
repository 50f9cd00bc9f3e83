"""Pages of transfers (정산 상세)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.companies.access import find
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url
from core.console.formats import sum_in
from core.console.views.trail import history_of
from core.errors import DomainError
from settlements.console.contexts import breakdown, line_rows, taken_rows
from settlements.console.forms import ManualForm
from settlements.console.grids import TransferGrid
from settlements.console.words import METHODS, property_rows, terms_in_words
from settlements.models import Transfer
from settlements.queries import explain_transfer
from settlements.services import delete_transfer, register_manual
from settlements.services.deleting import DELETABLE_TRANSFERS


@console_page(Permission.TRANSFER_READ)
def transfer_list(request: ConsoleRequest) -> HttpResponseBase:
    may_write = request.member.may(Permission.TRANSFER_WRITE)
    return TransferGrid(request).serve(may_write=may_write)


@console_page(Permission.TRANSFER_READ)
def transfer_detail(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    transfer = find(Transfer, request.workspace, public_id)
    explanation = explain_transfer(transfer)
    context = {
        "transfer": transfer,
        "breakdown": breakdown(transfer),
        "explanation": explanation,
        "terms": terms_in_words(explanation.terms) if explanation else [],
        "lines": line_rows(transfer, explanation),
        "taken": taken_rows(explanation.taken) if explanation else [],
        "method": METHODS.get(transfer.payment_method, transfer.payment_method),
        "properties": property_rows(request, transfer.properties),
        "cancels": transfer.cancels.order_by("id"),
        "may_delete": may_delete(request, transfer),
        "history": history_of(request, "transfer", public_id),
    }
    return render(request, "settlements/console/transfer.html", context)


def may_delete(request: ConsoleRequest, transfer: Transfer) -> bool:
    """The button only shows where the service would not refuse outright."""
    is_early = transfer.status in DELETABLE_TRANSFERS
    return is_early and request.member.may(Permission.TRANSFER_WRITE)


@require_POST
@console_page(Permission.TRANSFER_WRITE)
def transfer_delete(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    delete_transfer(
        workspace=request.workspace,
        transfer_id=public_id,
        actor=request.actor,
        reason=request.POST.get("reason", ""),
    )
    messages.success(request, _("정산건 %(id)s을(를) 삭제했습니다.") % {"id": public_id})
    return redirect(console_url(request, "settlements:transfers"))


@console_page(Permission.TRANSFER_WRITE)
def manual_new(request: ConsoleRequest) -> HttpResponseBase:
    form = ManualForm(request.POST or None, workspace=request.workspace)
    if request.method == "POST" and form.is_valid():
        try:
            transfer = register_manual(
                workspace=request.workspace, actor=request.actor, manual=form.as_input()
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            amount = sum_in(transfer.settlement_amount, transfer.settlement_currency)
            facts = {"partner": transfer.partner.name, "amount": amount}
            messages.success(request, _("%(partner)s에 %(amount)s 등록을 마쳤습니다.") % facts)
            return redirect(console_url(request, "settlements:transfer", transfer.public_id))
    return render(request, "settlements/console/manual.html", {"form": form})
