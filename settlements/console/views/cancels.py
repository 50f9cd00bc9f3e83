"""주문 취소: take back a whole order or a part, seeing what comes out before it is registered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.companies.access import find
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url, wants_fragment
from core.errors import DomainError
from settlements.calculator import Order
from settlements.console.cancel_entry import CancelEntry
from settlements.console.contexts import left_rows, why
from settlements.console.words import in_words, twin_of
from settlements.digest import digest_of
from settlements.errors import ShownHasChanged
from settlements.models import Transfer
from settlements.queries.frozen import cancellable
from settlements.services import draft_cancel, register_cancel

UNPROCESSABLE, CONFLICT = 422, 409
NOTHING_LEFT = "등록하지 않았습니다. 이 정산건에는 취소할 주문이 남아 있지 않습니다."


@dataclass(frozen=True)
class Result:
    """What the cancel would be, or why there is none."""

    draft: Transfer | None = None
    problem: str = ""
    context: dict[str, Any] = field(default_factory=dict)


@console_page(Permission.TRANSFER_WRITE)
def cancel_new(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    order = find(Transfer, request.workspace, public_id)
    data = request.POST if request.method == "POST" else None
    left = _left(order)
    if left is None:
        return _over(request, order)
    entry = CancelEntry(request, order, left, data)
    if data is None:
        return _page(request, entry, Result())
    if wants_fragment(request) or request.POST.get("op") != "register":
        return _page(request, entry, _tried(request, entry))
    return _register(request, entry)


def _left(order: Transfer) -> Order | None:
    return cancellable(order, list(order.cancels.order_by("id")))


def _over(request: ConsoleRequest, order: Transfer) -> HttpResponseBase:
    """Nothing is left: to the order, which shows what cancelled it."""
    if wants_fragment(request):
        context = {"result": Result(problem=NOTHING_LEFT)}
        return render(request, "settlements/console/cancel_result.html", context)
    public_id = request.POST.get("own_id") or request.POST.get("transfer_id", "")
    twin = order.cancels.filter(public_id=public_id).first()
    if twin is not None and digest_of(twin) == request.POST.get("shown"):
        return _registered(request, twin)
    messages.error(request, NOTHING_LEFT)
    return redirect(console_url(request, "settlements:transfer", order.public_id))


def _register(request: ConsoleRequest, entry: CancelEntry) -> HttpResponseBase:
    """Register what was shown; without anything shown, or when it changed, show it."""
    shown = request.POST.get("shown", "")
    if not entry.is_valid():
        return _page(request, entry, _tried(request, entry), UNPROCESSABLE)
    if not shown:
        return _page(request, entry, _tried(request, entry))
    try:
        transfer = register_cancel(
            workspace=request.workspace, actor=request.actor, cancel=entry.cancel(), shown=shown
        )
    except ShownHasChanged as error:
        messages.error(request, error.message)
        return _again(request, entry.order, None, CONFLICT)
    except DomainError as error:
        twin = twin_of(request, error, entry.form.public_id)
        if twin is not None:
            return _registered(request, twin)
        return _again(request, entry.order, error, UNPROCESSABLE)
    return _registered(request, transfer)


def _again(
    request: ConsoleRequest, order: Transfer, error: DomainError | None, status: int
) -> HttpResponseBase:
    """The page over what is left by now, for someone else may have cancelled meanwhile."""
    left = _left(order)
    if left is None:
        return _over(request, order)
    entry = CancelEntry(request, order, left, request.POST)
    result = _tried(request, entry)
    if error is not None and result.problem != entry.told(error):
        entry.refuse(error)
    return _page(request, entry, result, status)


def _registered(request: ConsoleRequest, transfer: Transfer) -> HttpResponseBase:
    message = _("%(amount)s 주문 취소 등록을 마쳤습니다.")
    messages.success(request, message % {"amount": in_words(transfer)})
    return redirect(console_url(request, "settlements:transfer", transfer.public_id))


def _tried(request: ConsoleRequest, entry: CancelEntry) -> Result:
    if not entry.is_valid():
        return Result(problem="잘못 적은 칸이 있습니다. 고치면 결과가 나옵니다.")
    try:
        draft = draft_cancel(workspace=request.workspace, cancel=entry.cancel())
    except DomainError as error:
        if not wants_fragment(request):
            entry.refuse(error)
        return Result(problem=entry.told(error))
    shown = {"shown": digest_of(draft), "act_amount": in_words(draft)}
    context = why(request, draft) | shown
    return Result(draft, context=context | {"left": left_rows(entry.order, context["explanation"])})


def _page(
    request: ConsoleRequest, entry: CancelEntry, result: Result, status: int = 200
) -> HttpResponseBase:
    context = {
        "entry": entry,
        "form": entry.form,
        "order": entry.order,
        "result": result,
        "is_refused": status == UNPROCESSABLE,
    }
    template = "cancel_result" if wants_fragment(request) else "cancel_new"
    page = f"settlements/console/{template}.html"
    return render(request, page, result.context | context, status=status)
