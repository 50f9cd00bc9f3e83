"""Pages of bulk payouts (일괄 지급): list, detail, progress, acts."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect, render

from core.companies.access import find
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url, wants_fragment
from invoices.models import TaxInvoice
from payouts.console.acts import BULK_ACTS, find_act, offers, perform
from payouts.console.acts.scheduling import recall_left
from payouts.console.charts import payout_waterfall
from payouts.console.grids import BulkGrid
from payouts.console.grids.payouts import INVOICE_FACES, with_states
from payouts.console.words import source
from payouts.models import BulkPayout, Payout
from payouts.queries.explaining import bulk_parts
from payouts.queries.funds import funds
from payouts.queries.histories import bulk_payout_events
from payouts.queries.running import causes, currency_totals, running, status_totals
from payouts.services import open_approval

PAYOUTS_SHOWN = 20
STARTED = (
    BulkPayout.Status.ONGOING,
    BulkPayout.Status.POST_PROCESS_PENDING,
    BulkPayout.Status.COMPLETED,
)


@console_page(Permission.PAYOUT_READ)
def bulk_list(request: ConsoleRequest) -> HttpResponseBase:
    return BulkGrid(request).serve(may_write=request.member.may(Permission.PAYOUT_WRITE))


@console_page(Permission.PAYOUT_READ)
def bulk_detail(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    bulk_payout = find(BulkPayout, request.workspace, public_id)
    if bulk_payout.status == BulkPayout.Status.PREPARING:
        return redirect(console_url(request, "payouts:select", public_id))
    parts = bulk_parts(bulk_payout)
    account = bulk_payout.funding_account
    context = {
        "bulk": bulk_payout,
        "parts": parts,
        "waterfall": payout_waterfall(parts, bulk_payout.currency) if bulk_payout.currency else "",
        "currencies": currency_totals(bulk_payout),
        "statuses": _faces(status_totals(bulk_payout)),
        "running": running(bulk_payout),
        "has_started": bulk_payout.status in STARTED,
        "source": source(account),
        "funds": funds(account) if account else None,
        "approval": open_approval(bulk_payout),
        "approvals": bulk_payout.approvals.order_by("-pk"),
        "payouts": with_states(_payouts(bulk_payout))[:PAYOUTS_SHOWN],
        "invoices": _invoice_totals(bulk_payout),
        "list_url": console_url(request, "payouts:payouts"),
        "events": bulk_payout_events(bulk_payout),
        **_acts(request, bulk_payout),
    }
    return render(request, "payouts/console/bulk.html", context)


def _acts(request: ConsoleRequest, bulk_payout: BulkPayout) -> dict[str, Any]:
    found = offers(request, BULK_ACTS, bulk_payout, "payouts:bulk_act", bulk_payout.public_id)
    return {
        "acts": [each for each in found if not each.reason],
        "refused": [each for each in found if each.reason],
    }


def _payouts(bulk_payout: BulkPayout) -> Any:
    """What needs somebody first, then the largest."""
    return (
        Payout.objects.filter(bulk_payout=bulk_payout)
        .select_related("partner")
        .order_by("status", "-amount", "pk")
    )


def _faces(totals: dict[str, Any]) -> list[tuple[Any, str, Any]]:
    return [(face, s, totals[s]) for s, face in Payout.FACES.items() if s in totals]


def _invoice_totals(bulk_payout: BulkPayout) -> list[tuple[Any, str, int]]:
    """Tax documents of these payouts by state; payouts without one count as 없음."""
    ids = bulk_payout.payouts.exclude(status="CANCELLED").values("public_id")
    made = TaxInvoice.objects.filter(
        workspace=bulk_payout.workspace, source_id__in=ids, deleted_at=None
    )
    states = list(made.values_list("status", "source_id"))
    counts: dict[str, int] = {}
    for status, _ in states:
        counts[status] = counts.get(status, 0) + 1
    without = ids.count() - len({source_id for _, source_id in states})
    if without:
        counts["NONE"] = without
    return [(face, s, counts[s]) for s, face in INVOICE_FACES.items() if s in counts]


@console_page(Permission.PAYOUT_READ)
def progress(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    """How far it is; the part of it that htmx asks for again until it is over."""
    bulk_payout = find(BulkPayout, request.workspace, public_id)
    if bulk_payout.status == BulkPayout.Status.PREPARING:
        return redirect(console_url(request, "payouts:select", public_id))
    found = running(bulk_payout)
    offered = {each.name: each for each in _acts(request, bulk_payout)["acts"]}
    context = {
        "bulk": bulk_payout,
        "running": found,
        "causes": causes(bulk_payout) if found.failed.count or found.stopped.count else [],
        "source": source(bulk_payout.funding_account),
        "recall_left": recall_left(bulk_payout),
        "waits": bulk_payout.status == BulkPayout.Status.PREPARED,
        "offered": offered,
        "polls": not found.is_over and not _is_idle(bulk_payout),
    }
    fragment = wants_fragment(request, "progress")
    template = "payouts/console/progress_box.html" if fragment else "payouts/console/progress.html"
    return render(request, template, context)


def _is_idle(bulk_payout: BulkPayout) -> bool:
    """Prepared and not approved: nothing will move by itself."""
    waits = bulk_payout.status == BulkPayout.Status.PREPARED
    return waits and bulk_payout.scheduled_at is None


@console_page(Permission.PAYOUT_READ)
def bulk_act(request: ConsoleRequest, public_id: str, act: str) -> HttpResponseBase:
    bulk_payout = find(BulkPayout, request.workspace, public_id)
    home = console_url(request, "payouts:bulk", public_id)
    return perform(request, find_act(BULK_ACTS, act), bulk_payout, home)
