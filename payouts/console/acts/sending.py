"""중단, 실패 재시도, 지급 취소."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.console.access import ConsoleRequest, console_url
from core.console.formats import sum_in
from payouts import services
from payouts.console.acts.base import Act, Content
from payouts.console.acts.shared import (
    APPROVE,
    PREPARED,
    PREPARING,
    WRITE,
    Data,
    is_agency,
    payouts_in,
    total_in,
)
from payouts.console.forms import (
    OtpActForm,
    ReasonForm,
)
from payouts.console.words import FREED, counted, number, source
from payouts.models import BulkPayout, PayoutStatus
from payouts.queries.funds import available_balance
from payouts.queries.preflight import Total
from payouts.queries.running import status_totals


def _no_stop(request: ConsoleRequest, bulk_payout: BulkPayout) -> str:
    if bulk_payout.status == BulkPayout.Status.POST_PROCESS_PENDING:
        return "보낼 것이 남아 있지 않습니다. 은행 결과를 기다립니다."
    return (
        ""
        if bulk_payout.status == BulkPayout.Status.ONGOING
        else "이체가 진행 중일 때만 중단할 수 있습니다."
    )


def _stop_content(request: ConsoleRequest, bulk_payout: BulkPayout) -> Content:
    """The numbers move while money is sent, so the facts do not repeat them as agreed ones."""
    by_status = status_totals(bulk_payout)
    none = Total(0, 0)
    unsent = by_status.get(PayoutStatus.PREPARED, none)
    done = by_status.get(PayoutStatus.SUCCEEDED, none)
    at_bank = by_status.get(PayoutStatus.PROCESSING, none)
    return Content(
        button="아직 보내지 않은 지급 중단",
        notes=[
            _("보내지 않은 %(what)s이 멈춥니다. 이체되지 않습니다.")
            % {"what": counted(unsent.count, unsent.amount)},
            _("이미 보낸 %(what)s은 되돌릴 수 없습니다.")
            % {"what": counted(done.count, done.amount)},
            _("은행에 있는 %(what)s은 결과까지 진행됩니다.")
            % {"what": counted(at_bank.count, at_bank.amount)},
            "중단한 지급은 나중에 재시도하거나 취소할 수 있습니다.",
        ],
    )


def _stop(request: ConsoleRequest, bulk_payout: BulkPayout, data: Data) -> str:
    count = services.stop_bulk_payout(
        bulk_payout=bulk_payout, actor=request.actor, reason=data["reason"]
    )
    return _("%(payouts)s건을 중단했습니다. 중단한 건은 이체되지 않았습니다.") % {
        "payouts": f"{count:,}"
    }


def _no_cancel(request: ConsoleRequest, bulk_payout: BulkPayout) -> str:
    early = (PREPARING, PREPARED)
    if bulk_payout.status in early:
        return ""
    if bulk_payout.status == BulkPayout.Status.CANCELLED:
        return "이미 취소되었습니다."
    return "이체가 시작되어 전체를 취소할 수 없습니다. 지급 내역에서 실패·중단 건만 취소해 주세요."


def _cancel_content(request: ConsoleRequest, bulk_payout: BulkPayout) -> Content:
    if bulk_payout.status == PREPARING:
        return Content(
            button="일괄 지급 취소", notes=["선택만 풀립니다. 정산 내역은 지급 예정 그대로입니다."]
        )
    live = total_in(bulk_payout, PayoutStatus.CONFIRMED, PayoutStatus.SCHEDULED)
    amount, currency = live.amount, bulk_payout.currency
    return Content(
        button=_("%(what)s 지급 취소") % {"what": counted(live.count, amount, currency)},
        facts=[("지급", number(live.count)), ("합계", sum_in(amount, currency))],
        notes=[FREED],
    )


def _cancel(request: ConsoleRequest, bulk_payout: BulkPayout, data: Data) -> str:
    services.cancel_bulk_payout(bulk_payout=bulk_payout, actor=request.actor, reason=data["reason"])
    return "일괄 지급을 취소했습니다. 이체되지 않았습니다."


RETRIED = (PayoutStatus.FAILED, PayoutStatus.STOPPED)


def _no_retry(request: ConsoleRequest, bulk_payout: BulkPayout) -> str:
    if not is_agency(bulk_payout):
        return "직접 지급은 재시도하지 않습니다."
    if not total_in(bulk_payout, *RETRIED).count:
        return "실패하거나 중단된 지급이 없습니다."
    return ""


def _retry_content(request: ConsoleRequest, bulk_payout: BulkPayout) -> Content:
    again = total_in(bulk_payout, *RETRIED)
    unknown = bulk_payout.payouts.filter(attempts__status="UNKNOWN").count()
    account = bulk_payout.funding_account
    after = (available_balance(account) if account else 0) - again.amount
    notes = ["같은 계좌로 새 거래 키를 써서 보냅니다. 이미 보낸 건은 다시 보내지 않습니다."]
    if unknown:
        notes.append(
            _("미확정 %(payouts)s건은 빼고 보냅니다. 은행이 답하기 전에는 다시 보내지 않습니다.")
            % {"payouts": f"{unknown:,}"}
        )
    return Content(
        button=_("%(what)s 이체 재시도") % {"what": counted(again.count, again.amount)},
        facts=[
            ("지급", number(again.count)),
            ("합계", again.amount),
            ("출금 계좌", source(account)),
            ("출금 후 잔액", after),
        ],
        notes=notes,
    )


def _retry(request: ConsoleRequest, bulk_payout: BulkPayout, data: Data) -> HttpResponseBase:
    services.retry_payouts(
        payouts=payouts_in(bulk_payout, *RETRIED), actor=request.actor, code=data.get("otp", "")
    )
    return redirect(console_url(request, "payouts:progress", bulk_payout.public_id))


STOP: Act[BulkPayout] = Act(
    "stop", "중단", WRITE, _no_stop, _stop_content, _stop, ReasonForm, danger=True
)
RETRY: Act[BulkPayout] = Act(
    "retry", "실패 재시도", APPROVE, _no_retry, _retry_content, _retry, OtpActForm
)
CANCEL: Act[BulkPayout] = Act(
    "cancel",
    "지급 취소",
    WRITE,
    _no_cancel,
    _cancel_content,
    _cancel,
    ReasonForm,
    danger=True,
)
