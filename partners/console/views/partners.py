"""Pages of partners."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.companies.access import find
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url
from core.console.views.trail import history_of
from core.errors import DomainError
from core.words import said
from partners import inputs, services
from partners.banks import bank_name
from partners.console.changing import NOT_PLANNED, UNPROCESSABLE, Change, created
from partners.console.contexts import secret_paths, version_table
from partners.console.forms import PartnerForm
from partners.console.grids import CheckGrid, PartnerGrid
from partners.console.words import taxation_found
from partners.errors import PartnerNotFound
from partners.labels import PROPERTY
from partners.models import BusinessStatus, Partner, PropertyDefinition, TaxationType
from partners.queries import payable_problems, payment_warnings
from partners.queries.payable import account_held_until
from partners.services.versions import ACCOUNT_FACTS, Changes, scheduled_version

Answer = HttpResponseBase


@console_page(Permission.PARTNER_READ)
def partner_list(request: ConsoleRequest) -> Answer:
    return PartnerGrid(request).serve(may_write=request.member.may(Permission.PARTNER_WRITE))


@console_page(Permission.PARTNER_READ)
def check_list(request: ConsoleRequest) -> Answer:
    return CheckGrid(request).serve()


def partner_of(request: ConsoleRequest, public_id: str) -> Partner:
    return find(Partner, request.workspace, public_id, PartnerNotFound)


@console_page(Permission.PARTNER_READ)
def partner_detail(request: ConsoleRequest, public_id: str) -> Answer:
    partner = partner_of(request, public_id)
    return render(request, "partners/console/partner.html", _detail(request, partner))


def _detail(request: ConsoleRequest, partner: Partner, **more: Any) -> dict[str, Any]:
    hold = services.ensure_setting(request.workspace).account_change_hold_hours
    return {
        "partner": partner,
        "bank": said(bank_name(partner.bank)),
        "account_face": Partner.ACCOUNT_FACES[partner.account_status],
        "business_face": Partner.BUSINESS_FACES[partner.business_status],
        "connection_face": Partner.CONNECTION_FACES[partner.connection_status],
        "taxation_found": taxation_found(partner),
        "problems": payable_problems(partner, hold_hours=hold),
        "warnings": payment_warnings(partner),
        "held_until": account_held_until(partner, hold),
        "properties": _properties(request, partner),
        "versions": version_table(request, partner),
        "plan": scheduled_version(partner),
        "history": history_of(request, "partner", partner.public_id),
        "may_write": request.member.may(Permission.PARTNER_WRITE),
        "may_see_secrets": request.member.may(Permission.SECRET_VIEW),
        **more,
    }


def _properties(request: ConsoleRequest, partner: Partner) -> list[tuple[str, str]]:
    hidden = secret_paths(request)
    defined = PropertyDefinition.objects.filter(
        workspace=request.workspace, object_type=PropertyDefinition.ObjectType.PARTNER
    ).order_by("pk")
    return [
        (definition.name, partner.properties.get(definition.key, ""))
        for definition in defined
        if f"{PROPERTY}{definition.key}.string" not in hidden
    ]


@console_page(Permission.PARTNER_WRITE)
def partner_new(request: ConsoleRequest) -> Answer:
    form = _form(request)
    if "look_up" in request.POST:
        return _filled(request, None)
    row = created(request, form, lambda: _create(request, form))
    if row is not None:
        done = _("%(name)s 등록을 마쳤습니다. 예금주와 사업 상태를 조회합니다.")
        messages.success(request, done % {"name": row.name})
        return redirect(console_url(request, "partners:partner", row.public_id))
    return _page(request, form, status=UNPROCESSABLE if form.errors else 200)


def _create(request: ConsoleRequest, form: PartnerForm) -> Partner:
    body = inputs.parse(inputs.CreatePartner, {"tags": []} | form.body())
    return services.create_partner(workspace=request.workspace, actor=request.actor, body=body)


def _form(request: ConsoleRequest, row: Partner | None = None, data: Any = None) -> PartnerForm:
    return PartnerForm(
        data or request.POST or None,
        row=row,
        workspace=request.workspace,
        sees_secrets=request.member.may(Permission.SECRET_VIEW),
    )


def _page(request: ConsoleRequest, form: PartnerForm, status: int = 200) -> Answer:
    context = {"form": form, "row": form.row, "back": console_url(request, "partners:partners")}
    return render(request, "partners/console/partner_form.html", context, status=status)


def _filled(request: ConsoleRequest, row: Partner | None) -> Answer:
    """Ask for the business behind the number and fill the form with what is known of it."""
    number = request.POST.get("business_registration_number", "")
    data = request.POST.copy()
    try:
        (answer,) = services.look_up_companies(workspace=request.workspace, numbers=[number])
    except DomainError as error:
        messages.error(request, error.message)
        return _page(request, _form(request, row, data))
    if answer.info is None:
        messages.error(request, answer.error)
        return _page(request, _form(request, row, data))
    info = answer.info
    data["company_name"] = info.name
    data["representative_name"] = info.representative_name
    data["company_address"] = info.address
    data["business_type"], data["business_class"] = info.business_type, info.business_class
    _fill_taxation(request, data)
    messages.success(request, "사업자 정보를 채웠습니다. 확인한 뒤 저장해 주세요.")
    return _page(request, _form(request, row, data))


def _fill_taxation(request: ConsoleRequest, data: Any) -> None:
    """How the tax office taxes the business; a closed one is said, not refused."""
    number = data["business_registration_number"]
    try:
        state = services.look_up_company(
            workspace=request.workspace, actor=request.actor, number=number
        )
    except DomainError as error:
        messages.warning(request, error.message)
        return
    if state.taxation_type in TaxationType:
        data["taxation_type"] = state.taxation_type
    if state.business_status != BusinessStatus.IN_BUSINESS:
        status = said(BusinessStatus(state.business_status).label)
        warning = _("국세청 상태가 %(status)s입니다. 세금계산서를 발행할 수 없습니다.")
        messages.warning(request, warning % {"status": status})


@console_page(Permission.PARTNER_WRITE)
def partner_edit(request: ConsoleRequest, public_id: str) -> Answer:
    partner = partner_of(request, public_id)
    if "look_up" in request.POST:
        return _filled(request, partner)
    change = Change(
        form=_form(request, partner),
        row=partner,
        template="partners/console/partner_form.html",
        update=lambda row, update, actor: services.update_partner(
            partner=row, update=update, actor=actor
        ),
        back=console_url(request, "partners:partner", public_id),
        warnings=lambda changes: _warnings(request, changes),
    )
    return change.respond(request)


def _warnings(request: ConsoleRequest, changes: Changes) -> list[str]:
    warnings = []
    if changes.keys() & ACCOUNT_FACTS:
        warnings.append(
            "계좌가 바뀝니다. 예금주를 다시 조회해 확인될 때까지 이 파트너에게 지급되지 않습니다."
        )
        hours = services.ensure_setting(request.workspace).account_change_hold_hours
        if hours:
            warning = _("바뀐 뒤 %(hours)s시간 동안 지급을 보류합니다.")
            warnings.append(warning % {"hours": f"{hours:,}"})
    if "defaultContractId" in changes:
        warnings.append(
            "정산 시작일이 적용일 이후인 주문부터 새 계약으로 계산합니다. 계약을 따로 고른 주문은 "
            "그 계약 그대로입니다."
        )
    return warnings


def _back(request: ConsoleRequest, public_id: str) -> Answer:
    return redirect(console_url(request, "partners:partner", public_id))


@require_POST
@console_page(Permission.PARTNER_WRITE)
def partner_archive(request: ConsoleRequest, public_id: str) -> Answer:
    services.archive_partner(partner=partner_of(request, public_id), actor=request.actor)
    messages.success(request, "보관했습니다. 이미 정산할 금액은 그대로 지급할 수 있습니다.")
    return _back(request, public_id)


@require_POST
@console_page(Permission.PARTNER_WRITE)
def partner_recover(request: ConsoleRequest, public_id: str) -> Answer:
    services.recover_partner(partner=partner_of(request, public_id), actor=request.actor)
    messages.success(request, "다시 쓸 수 있습니다.")
    return _back(request, public_id)


@require_POST
@console_page(Permission.PARTNER_WRITE)
def partner_decide(request: ConsoleRequest, public_id: str, decision: str) -> Answer:
    partner = partner_of(request, public_id)
    if decision == "approve":
        services.approve_partner(partner=partner, actor=request.actor)
        messages.success(request, "승인했습니다. 이제 지급할 수 있습니다.")
    else:
        reason = request.POST.get("reason", "")
        services.reject_partner(partner=partner, actor=request.actor, reason=reason)
        messages.success(request, "거절했습니다. 이 파트너에게 지급되지 않습니다.")
    return _back(request, public_id)


@require_POST
@console_page(Permission.PARTNER_WRITE)
def partner_unplan(request: ConsoleRequest, public_id: str) -> Answer:
    if services.cancel_schedule(row=partner_of(request, public_id), actor=request.actor):
        messages.success(request, "예약한 변경을 취소했습니다. 지금 값이 그대로 이어집니다.")
    else:
        messages.warning(request, NOT_PLANNED)
    return _back(request, public_id)


@require_POST
@console_page(Permission.PARTNER_WRITE)
def partner_check(request: ConsoleRequest, public_id: str) -> Answer:
    """Ask about this one partner now; the page waits for the answer."""
    partner = partner_of(request, public_id)
    if partner.currency == "KRW":
        services.check_holders(partners=[partner], actor=request.actor)
    if partner.is_business:
        services.check_businesses(partners=[partner], actor=request.actor)
    messages.success(request, "조회했습니다.")
    return _back(request, public_id)


@require_POST
@console_page(Permission.PARTNER_WRITE)
def partner_accept_holder(request: ConsoleRequest, public_id: str) -> Answer:
    services.accept_holder(
        partner=partner_of(request, public_id),
        actor=request.actor,
        reason=request.POST.get("reason", ""),
    )
    messages.success(request, "예금주를 확인했습니다. 이제 이 계좌로 지급할 수 있습니다.")
    return _back(request, public_id)


@require_POST
@console_page(Permission.SECRET_VIEW)
def resident_number_set(request: ConsoleRequest, public_id: str) -> Answer:
    """Keep a resident number for withholding, or destroy it (an empty one)."""
    number = request.POST.get("number", "")
    request.actor.require(Permission.PARTNER_WRITE)
    services.set_resident_number(
        partner=partner_of(request, public_id), number=number, actor=request.actor
    )
    kept = "주민등록번호를 암호화해 저장했습니다."
    destroyed = "주민등록번호를 파기했습니다. 되살릴 수 없습니다."
    messages.success(request, kept if number else destroyed)
    return _back(request, public_id)


@require_POST
@console_page(Permission.SECRET_VIEW)
def resident_number_reveal(request: ConsoleRequest, public_id: str) -> Answer:
    partner = partner_of(request, public_id)
    number = services.reveal_resident_number(
        partner=partner, actor=request.actor, reason=request.POST.get("reason", "")
    )
    context = _detail(request, partner, revealed_resident_number=number)
    return render(request, "partners/console/partner.html", context)


@require_POST
@console_page(Permission.SECRET_VIEW)
def partner_reveal(request: ConsoleRequest, public_id: str) -> Answer:
    """The account number in clear, in this answer only."""
    partner = partner_of(request, public_id)
    number = services.reveal_account_number(
        partner=partner, actor=request.actor, reason=request.POST.get("reason", "")
    )
    context = _detail(request, partner, revealed_number=number)
    return render(request, "partners/console/partner.html", context)
