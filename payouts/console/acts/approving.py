"""승인 요청 and taking it back."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core import clock
from core.console.access import ConsoleRequest, console_url
from core.console.formats import won
from core.words import said
from payouts import services
from payouts.console.acts.base import Act, Content
from payouts.console.acts.shared import (
    PREPARED,
    PREPARING,
    WRITE,
    Data,
    is_agency,
)
from payouts.console.forms import (
    OptionalReasonForm,
    RequestForm,
)
from payouts.console.words import at, counted, number, source
from payouts.models import BulkPayout
from payouts.queries.preflight import preflight
from payouts.queries.problems import setting_of


def _no_request(request: ConsoleRequest, bulk_payout: BulkPayout) -> str:
    if not is_agency(bulk_payout):
        return "직접 지급은 승인 없이 결과만 기록합니다."
    if bulk_payout.status == PREPARING:
        return "아직 지급을 생성하지 않았습니다."
    if bulk_payout.status != PREPARED or bulk_payout.scheduled_at:
        return "지급 준비 상태에서만 요청할 수 있습니다."
    return "이미 승인을 기다리고 있습니다." if services.open_approval(bulk_payout) else ""


def _request_content(request: ConsoleRequest, bulk_payout: BulkPayout) -> Content:
    found = preflight(bulk_payout)
    warnings = [
        f"{left['partner_name']}: {', '.join(map(said, left['reasons']))}" for left in found.skipped
    ]
    if found.balance_after < 0:
        short = _("잔액이 %(missing)s원 부족합니다. 입금되기 전에는 승인되지 않습니다.")
        warnings.insert(0, short % {"missing": won(-found.balance_after)})
    return Content(
        button=_("%(what)s 지급 승인 요청")
        % {"what": counted(found.paid.count, found.paid.amount)},
        facts=[
            ("지급", number(found.paid.count)),
            ("합계", found.paid.amount),
            ("출금 계좌", source(bulk_payout.funding_account)),
            ("출금 후 잔액", found.balance_after),
            ("지난달 지급과 차이", found.difference),
            ("이월", _("%(partners)s곳") % {"partners": won(len(found.carried))}),
            ("제외", _("%(partners)s곳") % {"partners": won(len(found.skipped))}),
        ],
        warnings=warnings[:6],
        notes=["다른 사람이 OTP로 승인해야 이체됩니다."]
        if setting_of(bulk_payout.workspace).requires_second_person
        else [],
        initial={"account": bulk_payout.funding_account_id, "day": clock.today()},
    )


def _request(request: ConsoleRequest, bulk_payout: BulkPayout, data: Data) -> HttpResponseBase:
    approval = services.request_approval(
        bulk_payout=bulk_payout,
        actor=request.actor,
        funding_account=data["account"],
        scheduled_at=data["moment"],
    )
    return redirect(console_url(request, "payouts:approval", approval.public_id))


def _no_withdraw(request: ConsoleRequest, bulk_payout: BulkPayout) -> str:
    return "" if services.open_approval(bulk_payout) else "승인을 기다리는 요청이 없습니다."


def _withdraw_content(request: ConsoleRequest, bulk_payout: BulkPayout) -> Content:
    approval = services.open_approval(bulk_payout)
    assert approval is not None
    paid = approval.summary["paid"]
    return Content(
        button=_("%(what)s 승인 요청 취소") % {"what": counted(paid["count"], paid["amount"])},
        facts=[("요청한 사람", approval.requester_name), ("요청 일시", at(approval.created_at))],
        notes=["이체되지 않았습니다. 내용을 고친 뒤 다시 요청할 수 있습니다."],
    )


def _withdraw(request: ConsoleRequest, bulk_payout: BulkPayout, data: Data) -> str:
    approval = services.open_approval(bulk_payout)
    assert approval is not None
    services.withdraw_request(approval=approval, actor=request.actor, reason=data["reason"])
    return "승인 요청을 취소했습니다. 이체되지 않았습니다."


APPROVING: list[Act[BulkPayout]] = [
    Act("request", "승인 요청", WRITE, _no_request, _request_content, _request, RequestForm),
    Act(
        "withdraw",
        "승인 요청 취소",
        WRITE,
        _no_withdraw,
        _withdraw_content,
        _withdraw,
        OptionalReasonForm,
    ),
]
