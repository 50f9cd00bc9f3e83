"""지급 승인: one page a checker can decide on, on a phone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from core import clock
from core.companies import otp
from core.companies.access import find
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url
from core.console.formats import apart, unit_of, won
from core.console.grid.bulk import claim
from core.errors import DomainError
from core.money import WON
from core.words import said
from payouts import services
from payouts.console.contexts import grouped_flags, new_token
from payouts.console.grids import ApprovalGrid
from payouts.console.words import at, counted, masked
from payouts.models import Approval
from payouts.queries.changes import Change, changes_since
from payouts.queries.funds import available_balance
from payouts.queries.problems import setting_of
from payouts.rails import get_rail


@console_page(Permission.PAYOUT_READ)
def approval_list(request: ConsoleRequest) -> HttpResponseBase:
    return ApprovalGrid(request).serve()


@console_page(Permission.PAYOUT_READ)
def approval_detail(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    approval = _approval(request, public_id)
    summary = approval.summary
    account = approval.bulk_payout.funding_account
    paid = summary["paid"]
    context = {
        "approval": approval,
        "bulk": approval.bulk_payout,
        "summary": summary,
        "source": _source(summary["account"]),
        "is_sandbox": account is not None and account.rail == "sandbox",
        "flags": grouped_flags(summary["flags"]),
        "carried_amount": sum(left["amount"] for left in summary["carried"]),
        "skipped_amount": sum(left["amount"] for left in summary["skipped"]),
        "changes": _changes(approval) if approval.status == "REQUESTED" else [],
        "reason": why_not_approve(request, approval),
        "reason_not_to_refuse": _why_not_refuse(request, approval),
        "otp_missing": not otp.is_set_up(request.user),
        "needs_otp": setting_of(request.workspace).requires_otp,
        "recall_seconds": settings.PAYOUT_RECALL_SECONDS,
        "button": _("%(what)s 지급 승인") % {"what": counted(paid["count"], paid["amount"])},
        "token": new_token(),
    }
    return render(request, "payouts/console/approval.html", context)


def _approval(request: ConsoleRequest, public_id: str) -> Approval:
    return find(Approval, request.workspace, public_id)


def _source(account: dict[str, Any]) -> str:
    return f"{account['name']} · {masked(account['bank'], account['last4'])}"


def _changes(approval: Approval) -> list[Change]:
    """Labels and units in the language of who decides."""
    units = {"원": apart(unit_of(WON)), "건": apart(pgettext("payouts", "건"))}
    return [
        replace(each, label=said(each.label), unit=units[each.unit])
        for each in changes_since(approval)
    ]


def _why_not_refuse(request: ConsoleRequest, approval: Approval) -> str:
    if approval.status != "REQUESTED":
        state = said(Approval.FACES[approval.status].label)
        return _("이미 %(state)s 처리되었습니다.") % {"state": state}
    may = request.member.may(Permission.PAYOUT_APPROVE)
    return "" if may else "지급을 승인할 권한이 없습니다."


def why_not_approve(request: ConsoleRequest, approval: Approval) -> str:
    """The sentence that says why this person cannot approve now; the service decides anyway."""
    refused = _why_not_refuse(request, approval)
    if refused:
        return refused
    if approval.needs_second_person and request.user.pk == approval.requester_user_id:
        return "요청한 사람은 승인할 수 없습니다. 다른 사람이 승인해야 합니다."
    if setting_of(request.workspace).requires_otp and not otp.is_set_up(request.user):
        return "OTP를 먼저 등록해야 승인할 수 있습니다."
    return _why_not_now(approval, clock.now())


def _why_not_now(approval: Approval, now: datetime) -> str:
    bulk_payout, account = approval.bulk_payout, approval.bulk_payout.funding_account
    if bulk_payout.totals_hash != approval.totals_hash:
        return "요청한 뒤 지급 내용이 바뀌었습니다. 반려하고 다시 요청받아 주세요."
    if approval.scheduled_at and approval.scheduled_at <= now:
        return "예약한 시각이 지났습니다. 반려하고 다시 요청받아 주세요."
    if account is None or not account.is_active:
        return "출금 계좌를 사용할 수 없습니다."
    missing = approval.summary["paid"]["amount"] - available_balance(account)
    if missing > 0:
        short = _("출금 계좌 잔액이 %(missing)s원 부족합니다. 입금되면 승인할 수 있습니다.")
        return short % {"missing": won(missing)}
    if approval.scheduled_at is None and not get_rail(account.rail).is_open(now):
        return "지금은 은행 점검 시간(22:50–01:00)입니다. 점검이 끝나면 승인할 수 있습니다."
    return ""


@require_POST
@console_page(Permission.PAYOUT_APPROVE)
def approve(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    approval = _approval(request, public_id)
    try:
        claim(request)
        bulk_payout = services.approve(
            approval=approval, actor=request.actor, code=request.POST.get("otp", "")
        )
    except DomainError as error:  # in the panel the page they came from is the list
        messages.error(request, error.message)
        return redirect(console_url(request, "payouts:approval", public_id))
    if approval.scheduled_at:
        starts = _("승인했습니다. %(at)s에 이체를 시작합니다.")
        messages.success(request, starts % {"at": at(approval.scheduled_at)})
        return redirect(console_url(request, "payouts:bulk", bulk_payout.public_id))
    return redirect(console_url(request, "payouts:progress", bulk_payout.public_id))


@require_POST
@console_page(Permission.PAYOUT_APPROVE)
def refuse(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    approval = _approval(request, public_id)
    services.refuse(
        approval=approval, actor=request.actor, reason=request.POST.get("reason", "")[:256]
    )
    messages.success(request, "반려했습니다. 이체되지 않았습니다.")
    return redirect(console_url(request, "payouts:approval", public_id))
