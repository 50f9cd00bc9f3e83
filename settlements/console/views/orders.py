"""주문 등록: type one order, see what will come out of it, register exactly that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.companies.access import rows
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url, wants_fragment
from core.errors import DomainError
from partners.models import Contract, Partner, VersionedRow
from settlements.console.contexts import why
from settlements.console.order_entry import OrderEntry, with_rows
from settlements.console.words import in_words, twin_of
from settlements.digest import digest_of
from settlements.errors import ShownHasChanged
from settlements.models import Transfer
from settlements.services import OrderDraft, draft_order, register_order

UNPROCESSABLE = 422
FOUND = 20


@console_page(Permission.TRANSFER_WRITE)
def order_new(request: ConsoleRequest) -> HttpResponseBase:
    if request.method != "POST":
        return _page(request, OrderEntry(request, None))
    op = request.POST.get("op", "")
    changed = with_rows(request, op)
    if changed is not None:
        return _page(request, changed)
    entry = OrderEntry(request, request.POST)
    if op == "edit":
        return _page(request, entry.unchecked())
    if not entry.is_valid():
        return _page(request, entry, UNPROCESSABLE)
    try:
        return _register(request, entry)
    except DomainError as error:
        twin = twin_of(request, error, entry.form.public_id)
        if twin is not None:
            return _registered(request, twin)
        entry.refuse(error)
        return _page(request, entry, UNPROCESSABLE)


def _register(request: ConsoleRequest, entry: OrderEntry) -> HttpResponseBase:
    """Register what was shown; without anything shown, or when it changed, show it."""
    order, shown = entry.order(), request.POST.get("shown", "")
    has_changed = False
    if shown:
        try:
            transfer = register_order(
                workspace=request.workspace, actor=request.actor, order=order, shown=shown
            )
        except ShownHasChanged as error:
            messages.error(request, error.message)
            has_changed = True
        else:
            return _registered(request, transfer)
    draft = draft_order(workspace=request.workspace, order=order)
    return _confirm(request, draft, 409 if has_changed else 200)


def _registered(request: ConsoleRequest, transfer: Transfer) -> HttpResponseBase:
    facts = {"partner": transfer.partner.name, "amount": in_words(transfer)}
    messages.success(request, _("%(partner)s에 %(amount)s 등록을 마쳤습니다.") % facts)
    return redirect(console_url(request, "settlements:transfer", transfer.public_id))


def _confirm(request: ConsoleRequest, draft: OrderDraft, status: int) -> HttpResponseBase:
    transfer = draft.transfer
    context = why(request, transfer) | {
        "sibling_id": draft.sibling_id,
        "shown": digest_of(transfer),
        "typed": typed(request),
        "act_amount": in_words(transfer),
    }
    return render(request, "settlements/console/order_confirm.html", context, status=status)


def typed(request: ConsoleRequest) -> list[tuple[str, str]]:
    """All that was typed, to be sent again from the confirmation."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", "op", "shown")
        for value in values
    ]


def _page(request: ConsoleRequest, entry: OrderEntry, status: int = 200) -> HttpResponseBase:
    context: dict[str, Any] = {
        "entry": entry,
        "form": entry.form,
        "is_refused": status == UNPROCESSABLE,
        "partners": suggested(request, Partner, str(entry.form["partner"].value() or "")),
        "contracts": suggested(request, Contract, str(entry.form["contract"].value() or "")),
    }
    template = "order_fields" if wants_fragment(request) else "order_new"
    return render(request, f"settlements/console/{template}.html", context, status=status)


def suggested(
    request: ConsoleRequest, model: type[VersionedRow], words: str
) -> Sequence[tuple[str, str]]:
    """Ids and names that a field offers for what is typed."""
    known = rows(model, request.workspace).filter(is_archived=False).order_by("name", "pk")
    if words.strip():
        known = known.filter(
            Q(name__icontains=words.strip()) | Q(public_id__icontains=words.strip())
        )
    return list(known.values_list("public_id", "name")[:FOUND])


@console_page(Permission.TRANSFER_WRITE)
def order_partners(request: ConsoleRequest) -> HttpResponseBase:
    return _options(request, Partner, "partner")


@console_page(Permission.TRANSFER_WRITE)
def order_contracts(request: ConsoleRequest) -> HttpResponseBase:
    return _options(request, Contract, "contract")


def _options(request: ConsoleRequest, model: type[VersionedRow], field: str) -> HttpResponseBase:
    found = suggested(request, model, request.GET.get(field, ""))
    return render(request, "settlements/console/options.html", {"options": found})
