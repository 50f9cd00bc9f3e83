"""What can be done with many partners at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.companies.access import rows
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_url
from core.console.grid import (
    Blocker,
    BulkAction,
    OfferingForm,
)
from core.console.grid.bulk import SET_CHANGED
from core.errors import Conflict
from core.jobs.services import start_job
from core.words import said
from partners import inputs
from partners.jobs import CHECK
from partners.models import Contract, Partner
from partners.services import archive_partner, schedule_partners

SHOWN_REASONS = 5


def check(what: str, label: str) -> Any:
    def run(
        request: ConsoleRequest, chosen: QuerySet[Partner], data: Mapping[str, Any]
    ) -> HttpResponseBase:
        job = start_job(
            workspace=request.workspace,
            actor=request.actor,
            kind=CHECK,
            title=label,
            params={"what": what, "partners": list(chosen.values_list("pk", flat=True))},
        )
        return redirect(console_url(request, "console:job", job.public_id))

    return run


CHECK_HOLDERS = BulkAction(
    "holders",
    "예금주 다시 조회",
    check("holders", "예금주 조회"),
    Permission.PARTNER_WRITE,
    blockers=[Blocker(~Q(currency="KRW"), "외화 계좌는 조회할 수 없습니다.")],
    explain="은행에 예금주를 물어 등록된 예금주와 견줍니다. 확인된 계좌는 은행이 다르다고 할 때만 "
    "상태가 바뀝니다.",
)
CHECK_BUSINESSES = BulkAction(
    "businesses",
    "사업 상태 다시 조회",
    check("businesses", "사업 상태 조회"),
    Permission.PARTNER_WRITE,
    blockers=[Blocker(~Q(type="BUSINESS"), "사업자 파트너만 조회할 수 있습니다.")],
    explain="국세청에 휴폐업 여부와 과세 유형을 묻습니다.",
)


class PlanContractForm(OfferingForm):
    contract = forms.ModelChoiceField(
        label="새 기본 계약",
        queryset=Contract.objects.none(),
        to_field_name="public_id",
        empty_label="고르세요",
    )
    applied_at = forms.DateTimeField(
        label="적용 시각", widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )

    def offer(self, request: ConsoleRequest) -> None:
        field: Any = self.fields["contract"]
        usable = rows(Contract, request.workspace).filter(is_archived=False)
        field.queryset = usable.order_by("name", "public_id")


def plan_contract(
    request: ConsoleRequest, chosen: QuerySet[Partner], data: Mapping[str, Any]
) -> str:
    ids = list(chosen.values_list("public_id", flat=True))
    if not ids:  # a filter without ids asks for everybody
        raise Conflict(SET_CHANGED)
    count = schedule_partners(
        workspace=request.workspace,
        filter=inputs.PartnerFilter(ids=ids),
        update=inputs.UpdatePartner(default_contract_id=data["contract"].public_id),
        applied_at=data["applied_at"],
        actor=request.actor,
    )
    return _(
        "%(count)s곳의 계약 변경을 예약했습니다. 정산 시작일이 그날 이후인 주문부터 적용되고, "
        "계약을 따로 고른 주문은 그대로입니다."
    ) % {"count": f"{count:,}"}


def archive(request: ConsoleRequest, chosen: QuerySet[Partner], data: Mapping[str, Any]) -> str:
    """Each by itself: who may not be archived stays and is named."""
    partners, left = list(chosen.select_related("workspace")), []
    for partner in partners:
        try:
            archive_partner(partner=partner, actor=request.actor)
        except Conflict as refusal:
            left.append(f"{partner.name}: {said(refusal.message)}")
    done = _("%(count)s곳을 보관했습니다. 이미 정산할 금액은 그대로입니다.") % {
        "count": f"{len(partners) - len(left):,}"
    }
    rest = {"count": f"{len(left):,}", "reasons": " ".join(left[:SHOWN_REASONS])}
    stayed = _("%(count)s곳은 보관하지 않았습니다. %(reasons)s") % rest
    return f"{done} {stayed}" if left else done


PLAN_CONTRACT = BulkAction(
    "contract",
    "계약 변경 예약",
    plan_contract,
    Permission.PARTNER_WRITE,
    form=PlanContractForm,
    blockers=[
        Blocker(Q(is_archived=True), "보관된 파트너는 예약할 수 없습니다."),
        Blocker(
            ~Q(connection_status__in=["NOT_CONNECTED", "CONNECT_FAILED"]),
            "국세청에 연동된 파트너는 예약할 수 없습니다.",
        ),
        Blocker(Q(versions__status="SCHEDULED"), "이미 예약된 변경이 있습니다."),
    ],
    explain="모두 예약되거나 하나도 예약되지 않습니다.",
)
ARCHIVE = BulkAction(
    "archive",
    "보관",
    archive,
    Permission.PARTNER_WRITE,
    blockers=[
        Blocker(Q(is_archived=True), "이미 보관된 파트너입니다."),
        Blocker(Q(versions__status="SCHEDULED"), "예약된 변경을 먼저 취소해야 합니다."),
    ],
    explain="보관한 파트너는 고칠 수 없고 목록에서 빠집니다. 언제든 되돌릴 수 있습니다.",
)
