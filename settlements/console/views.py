"""Pages of transfers and settlements."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.companies.access import find
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url
from core.console.views.trail import history_of
from settlements.console.contexts import breakdown
from settlements.console.grids import SettlementGrid, TransferGrid
from settlements.models import PartnerSettlement, Transfer
from settlements.queries import unpaid_totals
from settlements.services import delete_transfer
from settlements.services.deleting import DELETABLE_TRANSFERS


@console_page(Permission.SETTLEMENT_READ)
def settlement_list(request: ConsoleRequest) -> HttpResponseBase:
    return SettlementGrid(request).serve(totals=unpaid_totals(request.workspace))


@console_page(Permission.SETTLEMENT_READ)
def settlement_detail(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    settlement = find(PartnerSettlement, request.workspace, public_id)
    context = {
        "settlement": settlement,
        "breakdown": breakdown(settlement),
        "transfers": settlement.transfers.order_by("id")[:20],
        "history": history_of(request, "partnersettlement", public_id),
    }
    return render(request, "settlements/console/settlement.html", context)


@console_page(Permission.TRANSFER_READ)
def transfer_list(request: ConsoleRequest) -> HttpResponseBase:
    return TransferGrid(request).serve()


@console_page(Permission.TRANSFER_READ)
def transfer_detail(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    transfer = find(Transfer, request.workspace, public_id)
    context = {
        "transfer": transfer,
        "breakdown": breakdown(transfer),
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
    messages.success(request, f"정산건 {public_id}을(를) 삭제했습니다.")
    return redirect(console_url(request, "settlements:transfers"))
