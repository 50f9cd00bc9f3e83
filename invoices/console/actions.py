"""What can be done with many documents at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_url
from core.console.grid import Blocker, BulkAction
from core.console.grid.bulk import Run
from core.words import said
from invoices.models import DELETABLE, Counterparty, TaxInvoice
from invoices.services import act_on, refresh_counterparties, start_acting
from invoices.services.many import ACTS

AT_ONCE = 20
"""More documents than this become a job: each one asks the provider."""

WRITE = Permission.INVOICE_WRITE


class ReasonForm(forms.Form):
    reason = forms.CharField(label="사유", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


def acting(act: str) -> Run:
    def run(request: ConsoleRequest, chosen: QuerySet[TaxInvoice], data: Mapping[str, Any]) -> Any:
        given: dict[str, Any] = {
            "workspace": request.workspace,
            "actor": request.actor,
            "act": act,
            "ids": list(chosen.order_by("pk").values_list("pk", flat=True)),
            "reason": data.get("reason", ""),
        }
        if len(given["ids"]) > AT_ONCE:
            return redirect(console_url(request, "console:job", start_acting(**given).public_id))
        return _told(act, act_on(**given))

    return run


def _told(act: str, outcome: Any) -> str:
    names = {"count": f"{outcome.done:,}", "act": said(ACTS[act][0])}
    done = _("%(count)s건 %(act)s 처리했습니다.") % names
    if not outcome.failures:
        return done
    invoice, error = outcome.failures[0]
    refused = _("%(count)s건은 하지 못했습니다.") % {"count": f"{len(outcome.failures):,}"}
    return f"{done} {refused} {invoice.public_id}: {said(error.message)}"


def only(*statuses: str) -> Q:
    return ~Q(status__in=statuses)


INVOICE_ACTIONS = [
    BulkAction(
        "send",
        "발행·요청",
        acting("send"),
        WRITE,
        total="total_amount",
        blockers=[
            Blocker(
                only("DRAFTED", "REQUEST_FAILED", "ISSUE_FAILED"),
                "임시저장이나 실패 상태의 문서만 보낼 수 있습니다.",
            )
        ],
        explain="정발행은 바로 발행되고, 역발행은 파트너에게 승인 메일이 갑니다.",
    ),
    BulkAction(
        "resend",
        "메일 재전송",
        acting("resend"),
        WRITE,
        blockers=[Blocker(only("REQUESTED"), "파트너의 답을 기다리는 문서만 다시 보냅니다.")],
        explain="앞서 보낸 링크는 닫히고 새 링크가 두 달 동안 열립니다.",
    ),
    BulkAction(
        "cancel_request",
        "요청 회수",
        acting("cancel_request"),
        WRITE,
        total="total_amount",
        form=ReasonForm,
        danger=True,
        blockers=[Blocker(only("REQUESTED"), "역발행 요청 상태의 문서만 회수할 수 있습니다.")],
    ),
    BulkAction(
        "cancel_issuance",
        "발행취소",
        acting("cancel_issuance"),
        WRITE,
        total="total_amount",
        form=ReasonForm,
        danger=True,
        blockers=[Blocker(only("ISSUED"), "국세청 전송 전인 발행완료 문서만 취소할 수 있습니다.")],
        explain="전송이 시작된 문서는 취소되지 않습니다. 그때는 수정 세금계산서를 써 주세요.",
    ),
    BulkAction(
        "transmit",
        "지금 국세청 전송",
        acting("transmit"),
        WRITE,
        total="total_amount",
        blockers=[Blocker(only("ISSUED"), "발행완료 상태의 문서만 전송할 수 있습니다.")],
        explain="기다리면 다음 영업일 오후 3시에 자동으로 전송됩니다.",
    ),
    BulkAction(
        "delete",
        "삭제",
        acting("delete"),
        WRITE,
        danger=True,
        blockers=[
            Blocker(only(*sorted(DELETABLE)), "진행 중이거나 발행된 문서는 삭제할 수 없습니다.")
        ],
    ),
]


def check_status(
    request: ConsoleRequest, chosen: QuerySet[Counterparty], data: Mapping[str, Any]
) -> str:
    counterparties = list(chosen.select_related("workspace__company", "partner"))
    changed = refresh_counterparties(counterparties, request.actor)
    counts = {"count": f"{len(counterparties):,}", "changed": f"{changed:,}"}
    return _("%(count)s곳을 조회했습니다. 상태가 바뀐 곳은 %(changed)s곳입니다.") % counts


CHECK_STATUS = BulkAction(
    "check",
    "휴폐업 조회",
    check_status,
    WRITE,
    blockers=[
        Blocker(Q(partner__isnull=False), "파트너와 연결된 곳은 파트너 화면에서 조회합니다.")
    ],
    explain="24시간 안에 조회한 곳은 다시 묻지 않습니다.",
)
