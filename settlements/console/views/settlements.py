"""Pages of partner settlements (정산 내역)."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render

from core.companies.access import find
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page
from core.console.views.trail import history_of
from settlements.console.contexts import breakdown
from settlements.console.grids import SettlementGrid
from settlements.console.words import terms_in_words
from settlements.models import PartnerSettlement
from settlements.queries import explain_settlement, unpaid_totals

TRANSFERS_SHOWN = 20


@console_page(Permission.SETTLEMENT_READ)
def settlement_list(request: ConsoleRequest) -> HttpResponseBase:
    return SettlementGrid(request).serve(totals=unpaid_totals(request.workspace))


@console_page(Permission.SETTLEMENT_READ)
def settlement_detail(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    settlement = find(PartnerSettlement, request.workspace, public_id)
    shares = explain_settlement(settlement)
    context = {
        "settlement": settlement,
        "breakdown": breakdown(settlement),
        "shares": [
            (share, terms_in_words([used for used in (share.contract, share.calculator) if used]))
            for share in shares
        ],
        "transfers": settlement.transfers.order_by("id")[:TRANSFERS_SHOWN],
        "history": history_of(request, "partnersettlement", public_id),
    }
    return render(request, "settlements/console/settlement.html", context)
