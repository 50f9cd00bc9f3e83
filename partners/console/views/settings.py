"""How the workspace settles, and which properties its partners and transfers have."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url
from core.console.views.trail import history_of
from core.errors import DomainError, Forbidden
from partners import inputs, services
from partners.console.changing import UNPROCESSABLE
from partners.console.forms import PropertyForm, SettingForm
from partners.models import PropertyDefinition

SECTIONS = {
    "정산": (
        "settlement_amount_type",
        "deduct_wht",
        "supports_multiple_order_transfers_per_partner",
        "adjust_settlement_date_after_holiday_if_earlier",
        "manual_settlement_per_transfer",
    ),
    "지급": (
        "default_withdrawal_memo",
        "default_deposit_memo",
        "requires_second_person",
        "requires_otp",
        "account_change_hold_hours",
    ),
    "세금계산서": ("issues_commission_invoices", "requests_supply_invoices"),
}


@console_page(Permission.POLICY_READ)
def settings(request: ConsoleRequest) -> HttpResponseBase:
    setting = services.ensure_setting(request.workspace)
    form = SettingForm(request.POST or None, setting=setting)
    may_write = request.member.may(Permission.POLICY_WRITE)
    if request.method == "POST":
        if not may_write:
            raise Forbidden()
        if form.is_valid():
            update = inputs.parse(inputs.UpdateSafeguards, form.body())
            services.update_setting(workspace=request.workspace, actor=request.actor, update=update)
            messages.success(request, "저장했습니다. 이미 만든 지급은 만들 때의 설정을 따릅니다.")
            return redirect(console_url(request, "partners:settings"))
    sections = [(title, [form[name] for name in names]) for title, names in SECTIONS.items()]
    context = {
        "form": form,
        "sections": sections,
        "may_write": may_write,
        "history": history_of(request, "setting", ""),
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "partners/console/settings.html", context, status=status)


@console_page(Permission.PROPERTY_READ)
def properties(request: ConsoleRequest) -> HttpResponseBase:
    form = PropertyForm(request.POST or None, initial={"object_type": "PARTNER"})
    may_write = request.member.may(Permission.PROPERTY_WRITE)
    if request.method == "POST" and not may_write:
        raise Forbidden()
    if request.method == "POST" and form.is_valid() and _defined(request, form):
        return redirect(console_url(request, "partners:properties"))
    context = {"form": form, "definitions": _definitions(request), "may_write": may_write}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "partners/console/properties.html", context, status=status)


def _defined(request: ConsoleRequest, form: PropertyForm) -> bool:
    data: dict[str, Any] = form.cleaned_data
    try:
        services.define_property(workspace=request.workspace, actor=request.actor, **data)
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    messages.success(request, _("'%(name)s' 속성을 만들었습니다.") % {"name": data["name"]})
    return True


def _definitions(request: ConsoleRequest) -> list[PropertyDefinition]:
    """Secret ones are not even named to those who may not see them."""
    definitions = PropertyDefinition.objects.filter(workspace=request.workspace)
    if not request.member.may(Permission.SECRET_VIEW):
        definitions = definitions.filter(is_secret=False)
    return list(definitions.order_by("object_type", "pk"))


@require_POST
@console_page(Permission.PROPERTY_WRITE)
def property_change(request: ConsoleRequest, pk: int) -> HttpResponseBase:
    definition = get_object_or_404(PropertyDefinition, workspace=request.workspace, pk=pk)
    ticked = "is_secret" in request.POST
    is_untouched = request.POST.get("was_secret") == ("1" if ticked else "")
    services.update_property(
        definition=definition,
        actor=request.actor,
        name=request.POST.get("name", "").strip()[:100] or definition.name,
        is_secret=definition.is_secret if is_untouched else ticked,
    )
    messages.success(request, _("'%(name)s' 속성을 고쳤습니다.") % {"name": definition.name})
    return redirect(console_url(request, "partners:properties"))
