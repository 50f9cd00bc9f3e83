"""Bulks: what they consist of, go on, try again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url
from core.console.views.trail import history_of
from invoices import services
from invoices.console.grids import BulkGrid
from invoices.models import FAILED, TaxInvoice
from invoices.queries.bulk import find_bulk, status_sums


@console_page(Permission.INVOICE_READ)
def bulk_list(request: ConsoleRequest) -> HttpResponseBase:
    return BulkGrid(request).serve()


@console_page(Permission.INVOICE_READ)
def bulk_detail(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    bulk = find_bulk(request.workspace, public_id)
    sums = status_sums(bulk)
    failed = bulk.invoices.filter(status__in=FAILED, deleted_at=None).order_by("pk")
    context = {
        "bulk": bulk,
        "faces": [(TaxInvoice.FACES[status], status, row) for status, row in sums.items()],
        "count": sum(row.count for row in sums.values()),
        "amount": sum(row.amount for row in sums.values()),
        "failed_count": sum(row.count for status, row in sums.items() if status in FAILED),
        "failed": failed[:20],
        "list_url": console_url(request, "invoices:invoices"),
        "may_write": request.member.may(Permission.INVOICE_WRITE),
        "is_idle": bulk.status in {"DRAFTED", "COMPLETED", "FAILED", "CANCELLED"},
        "history": history_of(request, "bulktaxinvoice", bulk.public_id),
    }
    return render(request, "invoices/console/bulk.html", context)


@require_POST
@console_page(Permission.INVOICE_WRITE)
def bulk_send(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    """Start, or try the failed ones again."""
    bulk = find_bulk(request.workspace, public_id)
    act = services.retry_bulk if "retry" in request.POST else services.send_bulk
    act(bulk=bulk, actor=request.actor)
    messages.success(request, "시작했습니다. 이 화면을 닫아도 계속됩니다.")
    return redirect(console_url(request, "invoices:bulk", public_id))
