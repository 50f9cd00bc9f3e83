"""Pages of partner settlements (정산 내역)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.companies.access import find
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url
from core.console.grid import BulkAction
from core.console.views.trail import history_of
from settlements.console.contexts import breakdown
from settlements.console.grids import SettlementGrid
from settlements.console.payments import newest_first, payments_of
from settlements.console.words import terms_in_words
from settlements.models import PartnerSettlement
from settlements.queries import explain_settlement, unpaid_totals
from settlements.services import settle_due

TRANSFERS_SHOWN = 20


@console_page(Permission.SETTLEMENT_READ)
def settlement_list(request: ConsoleRequest) -> HttpResponseBase:
    return SettlementGrid(request).serve(
        totals=unpaid_totals(request.workspace),
        may_write=request.member.may(Permission.SETTLEMENT_WRITE),
    )


@require_POST
@console_page(Permission.SETTLEMENT_WRITE)
def settle(request: ConsoleRequest) -> HttpResponseBase:
    """What the clock does every ten minutes, now."""
    outcome = settle_due(workspace=request.workspace, actor=request.actor)
    if outcome.transfer_count:
        message = _(
            "정산건 %(transfers)s건을 정산했습니다."
            " 정산 내역 %(settlements)s건이 생기고 %(revised)s건에 더했습니다."
        )
        counts = {
            "transfers": f"{outcome.transfer_count:,}",
            "settlements": f"{outcome.settlement_count:,}",
            "revised": f"{outcome.revised_count:,}",
        }
        messages.success(request, message % counts)
    else:
        messages.info(request, "정산일이 된 정산건이 없습니다. 바뀐 것은 없습니다.")
    return redirect(console_url(request, "settlements:settlements"))


@console_page(Permission.SETTLEMENT_READ)
def settlement_detail(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    settlement = find(PartnerSettlement, request.workspace, public_id)
    shares = explain_settlement(settlement)
    payments = payments_of(request, settlement)
    own = history_of(request, "partnersettlement", public_id)
    context = {
        "settlement": settlement,
        "breakdown": breakdown(settlement),
        "shares": [
            (share, terms_in_words([used for used in (share.contract, share.calculator) if used]))
            for share in shares
        ],
        "transfers": settlement.transfers.order_by("id")[:TRANSFERS_SHOWN],
        "actions": _possible(request, settlement),
        "payments": payments.rows,
        "history": newest_first(own, payments.events),
    }
    return render(request, "settlements/console/settlement.html", context)


def _possible(request: ConsoleRequest, settlement: PartnerSettlement) -> list[BulkAction]:
    """What may be done with it as it stands; the list's own sheet asks for the reason."""
    this = PartnerSettlement.objects.filter(pk=settlement.pk)
    return [
        action
        for action in SettlementGrid.actions
        if request.member.may(action.permission)
        and not any(this.filter(blocker.rows).exists() for blocker in action.blockers)
    ]
