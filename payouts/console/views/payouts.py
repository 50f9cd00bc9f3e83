"""Pages of payouts (지급 내역)."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render

from core.companies.access import find, rows
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url
from invoices.models import TaxInvoice
from payouts.console.acts import PAYOUT_ACTS, find_act, offers, perform
from payouts.console.charts import payout_waterfall
from payouts.console.grids import PayoutGrid
from payouts.console.words import account_of, source
from payouts.models import Payout, PayoutMethod, Statement
from payouts.queries.explaining import items_of, parts_of
from payouts.queries.histories import payout_events


@console_page(Permission.PAYOUT_READ)
def payout_list(request: ConsoleRequest) -> HttpResponseBase:
    return PayoutGrid(request).serve()


@console_page(Permission.PAYOUT_READ)
def payout_detail(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    payout = find(Payout, request.workspace, public_id)
    parts = parts_of(Payout.objects.filter(pk=payout.pk))
    found = offers(request, PAYOUT_ACTS, payout, "payouts:payout_act", public_id)
    statement = Statement.objects.filter(payout=payout).first()
    context = {
        "payout": payout,
        "method": PayoutMethod(payout.method).label,
        "account": account_of(payout),
        "source": source(payout.bulk_payout.funding_account),
        "parts": parts,
        "waterfall": payout_waterfall(parts, payout.currency),
        "items": items_of(payout),
        "attempts": payout.attempts.select_related("funding_account").order_by("-attempt_number"),
        "invoices": rows(TaxInvoice, request.workspace).filter(
            source_id=public_id, deleted_at=None
        ),
        "statement": statement,
        "statement_face": Statement.FACES[statement.status if statement else "UNSENT"],
        "events": payout_events(payout),
        "acts": [each for each in found if not each.reason],
        "refused": [each for each in found if each.reason],
    }
    return render(request, "payouts/console/payout.html", context)


@console_page(Permission.PAYOUT_READ)
def payout_act(request: ConsoleRequest, public_id: str, act: str) -> HttpResponseBase:
    payout = find(Payout, request.workspace, public_id)
    home = console_url(request, "payouts:payout", public_id)
    return perform(request, find_act(PAYOUT_ACTS, act), payout, home)
