"""Pages of contracts, discount-share and additional-fee policies: one set for all three."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.companies.access import find
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url
from core.console.grid import Grid
from core.console.views.trail import history_of
from partners import inputs
from partners.console.changing import NOT_PLANNED, UNPROCESSABLE, Change, created
from partners.console.contexts import facts, version_table
from partners.console.forms import AdditionalFeeForm, ContractForm, DiscountShareForm
from partners.console.forms.fields import VersionedForm
from partners.console.grids import AdditionalFeeGrid, ContractGrid, DiscountShareGrid
from partners.services import (
    archive_policy,
    cancel_schedule,
    create_additional_fee_policy,
    create_contract,
    create_discount_share_policy,
    kinds,
    recover_policy,
    update_policy,
)
from partners.services.kinds import Kind
from partners.services.versions import Changes, scheduled_version

Answer = HttpResponseBase


@dataclass(frozen=True)
class Pages:
    """What differs between the pages of the three kinds."""

    kind: Kind
    name: str
    """Of its URLs."""
    grid: type[Grid[Any]]
    form: type[VersionedForm]
    form_template: str
    body: type[Any]
    create: Callable[..., Any]
    make: str
    """What the button says."""
    made: str

    def url(self, request: ConsoleRequest, suffix: str = "", *args: object) -> str:
        return console_url(request, f"partners:{self.name}{suffix}", *args)

    def find(self, request: ConsoleRequest, public_id: str) -> Any:
        return find(self.kind.model, request.workspace, public_id, self.kind.not_found)


CONTRACTS = Pages(
    kinds.CONTRACT,
    "contract",
    ContractGrid,
    ContractForm,
    "partners/console/contract_form.html",
    inputs.CreateContract,
    create_contract,
    "계약 만들기",
    "'%(name)s' 계약을 만들었습니다.",
)
DISCOUNT_SHARES = Pages(
    kinds.DISCOUNT_SHARE,
    "discount_share",
    DiscountShareGrid,
    DiscountShareForm,
    "partners/console/policy_form.html",
    inputs.CreateDiscountSharePolicy,
    create_discount_share_policy,
    "할인 분담 정책 만들기",
    "'%(name)s' 할인 분담 정책을 만들었습니다.",
)
ADDITIONAL_FEES = Pages(
    kinds.ADDITIONAL_FEE,
    "additional_fee",
    AdditionalFeeGrid,
    AdditionalFeeForm,
    "partners/console/policy_form.html",
    inputs.CreateAdditionalFeePolicy,
    create_additional_fee_policy,
    "추가 수수료 정책 만들기",
    "'%(name)s' 추가 수수료 정책을 만들었습니다.",
)


@console_page(Permission.POLICY_READ)
def policy_list(request: ConsoleRequest, pages: Pages) -> Answer:
    new = pages.url(request, "_new")
    may_write = request.member.may(Permission.POLICY_WRITE)
    return pages.grid(request).serve(new_url=new, make=pages.make, may_write=may_write)


@console_page(Permission.POLICY_WRITE)
def policy_new(request: ConsoleRequest, pages: Pages) -> Answer:
    form = pages.form(request.POST or None)
    row = created(request, form, lambda: _create(request, pages, form))
    if row is not None:
        messages.success(request, _(pages.made) % {"name": row.name})
        return redirect(pages.url(request, "", row.public_id))
    context = {
        "form": form,
        "word": pages.kind.word,
        "make": pages.make,
        "back": pages.url(request, "s"),
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, pages.form_template, context, status=status)


def _create(request: ConsoleRequest, pages: Pages, form: VersionedForm) -> Any:
    body = inputs.parse(pages.body, form.body())
    return pages.create(workspace=request.workspace, actor=request.actor, body=body)


@console_page(Permission.POLICY_READ)
def policy_detail(request: ConsoleRequest, pages: Pages, public_id: str) -> Answer:
    row = pages.find(request, public_id)
    context = {
        "row": row,
        "word": pages.kind.word,
        "facts": facts(row),
        "versions": version_table(request, row),
        "plan": scheduled_version(row),
        "history": history_of(request, pages.kind.name, public_id),
        "may_write": request.member.may(Permission.POLICY_WRITE),
        "partner_count": row.partners.count() if pages is CONTRACTS else None,
        "urls": {
            "list": pages.url(request, "s"),
            "edit": pages.url(request, "_edit", public_id),
            "archive": pages.url(request, "_archive", public_id),
            "recover": pages.url(request, "_recover", public_id),
            "unplan": pages.url(request, "_unplan", public_id),
        },
    }
    return render(request, "partners/console/policy.html", context)


@console_page(Permission.POLICY_WRITE)
def policy_edit(request: ConsoleRequest, pages: Pages, public_id: str) -> Answer:
    row = pages.find(request, public_id)
    change = Change(
        form=pages.form(request.POST or None, row=row),
        row=row,
        template=pages.form_template,
        update=lambda row, update, actor: update_policy(policy=row, update=update, actor=actor),
        back=pages.url(request, "", public_id),
        warnings=lambda changes: _warnings(row, pages, changes),
    )
    return change.respond(request)


def _warnings(row: Any, pages: Pages, changes: Changes) -> list[str]:
    """Names and memos touch no money; terms do."""
    if not changes.keys() - {"name", "memo"}:
        return []
    warnings = [
        "정산 시작일이 적용일 이후인 주문부터 새 조건으로 계산합니다. 이미 확정된 금액은 "
        "바뀌지 않습니다."
    ]
    if pages is CONTRACTS:
        warning = _("이 계약을 기본으로 쓰는 파트너는 %(count)s곳입니다.")
        warnings.append(warning % {"count": f"{row.partners.count():,}"})
    return warnings


@require_POST
@console_page(Permission.POLICY_WRITE)
def policy_archive(request: ConsoleRequest, pages: Pages, public_id: str) -> Answer:
    archive_policy(policy=pages.find(request, public_id), actor=request.actor)
    messages.success(request, "보관했습니다. 이 조건으로 정산한 금액은 그대로입니다.")
    return redirect(pages.url(request, "", public_id))


@require_POST
@console_page(Permission.POLICY_WRITE)
def policy_recover(request: ConsoleRequest, pages: Pages, public_id: str) -> Answer:
    recover_policy(policy=pages.find(request, public_id), actor=request.actor)
    messages.success(request, "다시 쓸 수 있습니다.")
    return redirect(pages.url(request, "", public_id))


@require_POST
@console_page(Permission.POLICY_WRITE)
def policy_unplan(request: ConsoleRequest, pages: Pages, public_id: str) -> Answer:
    if cancel_schedule(row=pages.find(request, public_id), actor=request.actor):
        messages.success(request, "예약한 변경을 취소했습니다. 지금 조건이 그대로 이어집니다.")
    else:
        messages.warning(request, NOT_PLANNED)
    return redirect(pages.url(request, "", public_id))
