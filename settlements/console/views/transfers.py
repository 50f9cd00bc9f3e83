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
from core.console.views.trail import history_of
from core.errors import DomainError
from settlements.console.contexts import why
from settlements.console.forms import ManualForm
from settlements.console.grids import TransferGrid
from settlements.console.words import in_words
from settlements.models import Transfer
from settlements.queries.frozen import cancellable
from settlements.services import delete_transfer, register_manual
from settlements.services.deleting import DELETABLE_TRANSFERS


@console_page(Permission.TRANSFER_READ)
def transfer_list(request: ConsoleRequest) -> HttpResponseBase:
    may_write = request.member.may(Permission.TRANSFER_WRITE)
    return TransferGrid(request).serve(may_write=may_write)


@console_page(Permission.TRANSFER_READ)
def transfer_detail(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    transfer = find(Transfer, request.workspace, public_id)
    cancels = list(transfer.cancels.order_by("id"))
    context = why(request, transfer) | {
        "cancels": cancels,
        "may_cancel": may_cancel(request, transfer, cancels),
        "may_delete": may_delete(request, transfer),
        "history": history_of(request, "transfer", public_id),
    }
    return render(request, "settlements/console/transfer.html", context)


def may_cancel(request: ConsoleRequest, transfer: Transfer, cancels: list[Transfer]) -> bool:
    """Only an order of which something is left."""
    may_write = request.member.may(Permission.TRANSFER_WRITE)
    return may_write and cancellable(transfer, cancels) is not None


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
            facts = {"partner": transfer.partner.name, "amount": in_words(transfer)}
            messages.success(request, _("%(partner)s에 %(amount)s 등록을 마쳤습니다.") % facts)
            return redirect(console_url(request, "settlements:transfer", transfer.public_id))
    return render(request, "settlements/console/manual.html", {"form": form})
