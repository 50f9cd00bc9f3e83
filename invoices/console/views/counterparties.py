"""거래처: list, form, connection."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url
from core.console.forms import remember_opened
from core.console.views.trail import history_of
from core.errors import DomainError
from invoices import services
from invoices.console.grids import BUSINESS_FACES, CONNECTION_FACES, CounterpartyGrid
from invoices.console.other_forms import CounterpartyForm
from invoices.models import Counterparty
from invoices.providers import provider_for
from invoices.queries.counterparties import counterparties, find_counterparty
from invoices.queries.invoices import invoices_of
from invoices.services import CounterpartyFacts, LookUp

READ, WRITE = Permission.INVOICE_READ, Permission.INVOICE_WRITE
UNPROCESSABLE = 422
CONNECTABLE = (Counterparty.Connection.NOT_CONNECTED, Counterparty.Connection.ERROR)
FILLED = ("name", "representative_name", "address", "business_type", "business_class")


@console_page(READ)
def counterparty_list(request: ConsoleRequest) -> HttpResponseBase:
    return CounterpartyGrid(request).serve()


@console_page(READ)
def counterparty_detail(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    row = find_counterparty(request.workspace, public_id)
    is_connected = row.connection == Counterparty.Connection.CONNECTED
    provider = provider_for(request.workspace)
    brn = row.business_registration_number
    context = {
        "row": row,
        "business_face": BUSINESS_FACES[row.business_status],
        "connection_face": CONNECTION_FACES[row.connection],
        "certificate": provider.certificate(brn) if is_connected else None,
        "certificate_url": provider.certificate_url(brn) if is_connected else "",
        "is_connected": is_connected,
        "recent": invoices_of(row)[:10],
        "may_write": request.member.may(WRITE),
        "history": history_of(request, "counterparty", row.public_id),
    }
    return render(request, "invoices/console/counterparty.html", context)


@console_page(WRITE)
def counterparty_new(request: ConsoleRequest) -> HttpResponseBase:
    return _form_page(request, None)


@console_page(WRITE)
def counterparty_edit(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    return _form_page(request, find_counterparty(request.workspace, public_id))


def _form_page(request: ConsoleRequest, row: Counterparty | None) -> HttpResponseBase:
    form = _form(request.POST or None, row)
    if "look_up" in request.POST:
        return _shown(request, _filled(request, form, row), row)
    if request.method != "POST" or not form.is_valid():
        return _shown(request, form, row, UNPROCESSABLE if form.errors else 200)
    try:
        saved = _saved(request, form, row)
    except DomainError as error:
        form.add_error(None, error.message)
        return _shown(request, form, row, UNPROCESSABLE)
    messages.success(request, _("%(counterparty)s 저장했습니다.") % {"counterparty": saved})
    return redirect(console_url(request, "invoices:counterparty", saved.public_id))


def _form(data: QueryDict | None, row: Counterparty | None) -> CounterpartyForm:
    """Of one that exists, it remembers how it was opened: what nobody touched here is as somebody
    may have made it meanwhile."""
    if row is None:
        return CounterpartyForm(data)
    form = CounterpartyForm(data, initial=_initial(row))
    remember_opened(form, form.initial)
    return form


def _keep_others_changes(form: CounterpartyForm) -> None:
    now = CounterpartyForm(form.initial)
    now.is_valid()
    for name in form.initial.keys() - set(form.changed_data):
        form.cleaned_data[name] = now.cleaned_data.get(name, form.cleaned_data[name])


def _saved(
    request: ConsoleRequest, form: CounterpartyForm, row: Counterparty | None
) -> Counterparty:
    if row is not None:
        _keep_others_changes(form)
    given: dict[str, Any] = {
        "actor": request.actor,
        "facts": _facts(form),
        "look_up": LookUp(asks_status=form.cleaned_data["checks_status"]),
    }
    if row is None:
        return services.create_checked_counterparty(workspace=request.workspace, **given)
    return services.update_checked_counterparty(counterparty=row, **given)


def _facts(form: CounterpartyForm) -> CounterpartyFacts:
    given = form.cleaned_data
    contact = {"name": given["contact_name"], "email": given["contact_email"]}
    if given["contact_phone"]:
        contact["phoneNumber"] = given["contact_phone"]
    return CounterpartyFacts(
        brn=given["brn"],
        contact=contact,
        additional_contacts=[{"name": "", "email": e} for e in given["additional_emails"]],
        memo=given["memo"],
        **{name: given[name] for name in FILLED},
    )


def _filled(
    request: ConsoleRequest, form: CounterpartyForm, row: Counterparty | None
) -> CounterpartyForm:
    """What was typed, completed by the directory of businesses."""
    form.is_valid()
    brn = form.cleaned_data.get("brn", "")
    known = services.with_business_info(
        request.workspace, CounterpartyFacts(brn=brn), LookUp(asks_info=True)
    )
    typed = request.POST.copy()
    for name in FILLED:
        typed[name] = getattr(known, name) or typed.get(name, "")
    filled = _form(typed, row)
    filled.is_valid()
    filled.errors.clear()
    if known.name is None:
        filled.add_error("brn", "이 번호의 사업자 정보를 찾지 못했습니다.")
    return filled


def _initial(row: Counterparty) -> dict[str, Any]:
    return {
        "brn": row.business_registration_number,
        "name": row.company_name,
        "representative_name": row.representative_name,
        "address": row.address,
        "business_type": row.business_type,
        "business_class": row.business_class,
        "contact_name": row.contact.get("name", ""),
        "contact_email": row.contact.get("email", ""),
        "contact_phone": row.contact.get("phoneNumber", ""),
        "additional_emails": ", ".join(c["email"] for c in row.additional_contacts),
        "memo": row.memo,
    }


def _shown(
    request: ConsoleRequest, form: CounterpartyForm, row: Counterparty | None, status: int = 200
) -> HttpResponseBase:
    context = {"form": form, "row": row}
    return render(request, "invoices/console/counterparty_form.html", context, status=status)


@require_POST
@console_page(WRITE)
def counterparty_connect(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    row = find_counterparty(request.workspace, public_id)
    connects = row.connection in (
        Counterparty.Connection.NOT_CONNECTED,
        Counterparty.Connection.ERROR,
    )
    act = services.connect_counterparty if connects else services.disconnect_counterparty
    act(counterparty=row, actor=request.actor)
    messages.success(request, "국세청에 연동했습니다." if connects else "연동을 해제했습니다.")
    return redirect(console_url(request, "invoices:counterparty", public_id))


@require_POST
@console_page(WRITE)
def counterparty_delete(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    row = counterparties(request.workspace).filter(public_id=public_id).first()
    if row is not None:
        services.delete_counterparty(counterparty=row, actor=request.actor)
        deleted = _("%(counterparty)s 삭제했습니다. 발행 이력은 그대로입니다.")
        messages.success(request, deleted % {"counterparty": row})
    return redirect(console_url(request, "invoices:counterparties"))
