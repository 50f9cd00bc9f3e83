"""A list's URL answers everything about the list: GET shows or exports it, POST acts on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.console.access import ConsoleRequest, console_url, wants_fragment
from core.console.grid import saved
from core.console.grid.bulk import BulkAction, OfferingForm, Proposal, carry_out, propose
from core.console.grid.export_job import MayNotExport, start_export
from core.console.grid.files import CONTENT_TYPES, TooManyRows, file_response, fits_sheet
from core.console.grid.paging import Count, count
from core.console.grid.query import integer
from core.errors import InvalidRequest
from core.events.services import record

FRAGMENT = "console/grid/grid.html"
PARTS = {"totals": "console/grid/totals.html", "options": "console/grid/boxes.html"}
SHEET = "console/grid/sheet.html"
STREAMED_ROWS = 5_000
"""Above this an export is a job, so that no web worker is kept for minutes."""

CONFIRM_PAGE = "console/grid/confirm.html"


def serve(grid: Any, context: dict[str, Any]) -> HttpResponseBase:
    if grid.request.method == "POST":
        return OPERATIONS.get(grid.request.POST.get("op", ""), _unknown)(grid)
    kind = grid.params.get("export", "")
    if kind in CONTENT_TYPES:
        return export(grid, kind)
    if wants_fragment(grid.request):
        template = PARTS.get(grid.params.get("part", ""), FRAGMENT)
        return render(grid.request, template, {"grid": grid})
    return render(grid.request, grid.template, {"grid": grid, **context})


def export(grid: Any, kind: str) -> HttpResponseBase:
    if not grid.may_export:
        raise MayNotExport()
    if kind == "xlsx" and not fits_sheet(grid.matching):
        messages.error(grid.request, TooManyRows().message)
        return redirect(grid.request.path + grid.link(export=None))
    total = count(grid.matching)
    note_export(grid, kind, total)
    if total.number > STREAMED_ROWS:
        job = start_export(grid, kind)
        messages.info(
            grid.request, "파일이 커서 작업으로 만듭니다. 다 되면 여기서 받을 수 있습니다."
        )
        return redirect(console_url(grid.request, "console:job", job.public_id))
    rows = grid.exported_rows(grid.exported_columns)
    return file_response(grid.filename, kind, grid.exported_columns, rows)


def note_export(grid: Any, kind: str, total: Count) -> None:
    """Who took which rows out of the house."""
    request = grid.request
    record(
        "list.exported",
        workspace=request.workspace,
        object_type="list",
        object_id=grid.name,
        actor=request.actor,
        changes={"file": f"{grid.filename}.{kind}", "rows": str(total), "query": grid.link()},
    )


def bulk(grid: Any) -> HttpResponseBase:
    """First press: the sheet that repeats what will happen. Second press: it happens."""
    request = grid.request
    action = _action(grid)
    selected = selection(grid, request.POST)
    confirmed = "confirmed" in request.POST
    form = _form(request, action, request.POST if confirmed else None)
    proposal = propose(request, action, selected, form, grid.currency)
    if not confirmed or proposal.count == 0 or (form is not None and not form.is_valid()):
        return _sheet(grid, proposal)
    outcome = carry_out(request, proposal)
    if isinstance(outcome, HttpResponseBase):
        return outcome
    messages.success(request, outcome)
    return redirect(request.get_full_path())


def _form(request: ConsoleRequest, action: BulkAction, data: QueryDict | None) -> Form | None:
    form = action.form(data) if action.form else None
    if isinstance(form, OfferingForm):
        form.offer(request)
    return form


def _action(grid: Any) -> BulkAction:
    name = grid.request.POST.get("action", "")
    action: BulkAction | None = next((a for a in grid.actions if a.name == name), None)
    if action is None:
        raise InvalidRequest("처리하지 않았습니다. 없는 작업입니다.")
    grid.request.actor.require(action.permission)
    return action


def selection(grid: Any, posted: QueryDict) -> QuerySet[Any]:
    """The ticked rows, or everything that matches now; never a row outside the list."""
    if posted.get("all") == "1":
        return grid.matching  # type: ignore[no-any-return]
    keys = [key for key in posted.getlist("id") if key.isascii() and key.isdigit()]
    if not keys:
        raise InvalidRequest("처리하지 않았습니다. 먼저 행을 선택해 주세요.")
    return grid.queryset().filter(pk__in=keys)  # type: ignore[no-any-return]


def _sheet(grid: Any, proposal: Proposal) -> HttpResponse:
    posted = grid.request.POST
    context = {
        "grid": grid,
        "proposal": proposal,
        "ids": [] if posted.get("all") == "1" else posted.getlist("id"),
        "all": posted.get("all") == "1",
    }
    template = SHEET if wants_fragment(grid.request) else CONFIRM_PAGE
    return render(grid.request, template, context)


def keep_columns(grid: Any) -> HttpResponseBase:
    known = {column.key for column in grid.columns}
    chosen = [key for key in grid.request.POST.getlist("column") if key in known]
    saved.keep_columns(request=grid.request, grid=grid.name, columns=chosen)
    return redirect(grid.request.path + grid.link(cols=None))


def keep_view(grid: Any) -> HttpResponseBase:
    posted = grid.request.POST
    parts = posted.getlist("keep")
    view = saved.keep_view(
        request=grid.request,
        grid=grid.name,
        name=posted.get("name", ""),
        query=grid.params.urlencode() if "query" in parts else None,
        columns=[column.key for column in grid.visible] if "columns" in parts else None,
        is_shared=posted.get("is_shared") == "on",
    )
    messages.success(grid.request, _("'%(name)s' 보기를 저장했습니다.") % {"name": view.name})
    return redirect(grid.request.path + saved.address(view))


def forget_view(grid: Any) -> HttpResponseBase:
    pk = integer(grid.request.POST.get("view"), 0)
    saved.forget_view(request=grid.request, grid=grid.name, pk=pk)
    messages.success(grid.request, "보기를 삭제했습니다.")
    return redirect(grid.request.path)


def _unknown(grid: Any) -> HttpResponseBase:
    raise InvalidRequest()


OPERATIONS = {
    "bulk": bulk,
    "columns": keep_columns,
    "save_view": keep_view,
    "delete_view": forget_view,
}
