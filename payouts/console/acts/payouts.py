"""Acts on one payout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import clock
from core.companies.models import Permission
from core.console.access import ConsoleRequest
from core.console.formats import sum_in
from core.money import WON
from core.words import said
from payouts import services
from payouts.console.acts.base import Act, Content
from payouts.console.forms import (
    InvoiceForm,
    MemoForm,
    OtpActForm,
    PaidForm,
    ReasonForm,
)
from payouts.console.words import FREED, account_of, counted, source
from payouts.models import Payout, PayoutMethod, PayoutStatus
from payouts.queries.funds import available_balance
from payouts.services.bulk import UNSENT
from payouts.services.claims import CANCELLABLE
from payouts.services.invoicing import invoice_payouts

Data = Mapping[str, Any]


def _one(payout: Payout) -> QuerySet[Payout]:
    return Payout.objects.filter(pk=payout.pk)


def _facts(payout: Payout) -> list[tuple[str, Any]]:
    return [
        ("파트너", payout.partner.name),
        ("받는 계좌", f"{account_of(payout)} {payout.account_holder}"),
        ("지급 금액", sum_in(payout.amount, payout.currency)),
    ]


def _one_of(payout: Payout) -> str:
    return counted(1, payout.amount, payout.currency)


def is_unknown(payout: Payout) -> bool:
    return payout.attempts.filter(status="UNKNOWN").exists()


def _no_retry(request: ConsoleRequest, payout: Payout) -> str:
    if payout.method == PayoutMethod.DIRECT:
        return "직접 지급은 재시도하지 않습니다."
    if is_unknown(payout):
        return "은행 결과가 미확정입니다. 확인되기 전에는 다시 보내지 않습니다."
    if payout.status not in (PayoutStatus.FAILED, PayoutStatus.STOPPED):
        return "실패하거나 중단된 지급만 재시도할 수 있습니다."
    return ""


def _retry_content(request: ConsoleRequest, payout: Payout) -> Content:
    account = payout.bulk_payout.funding_account
    after = (available_balance(account) if account else 0) - payout.amount
    return Content(
        button=_("%(what)s 이체 재시도") % {"what": _one_of(payout)},
        facts=[
            *_facts(payout),
            ("출금 계좌", source(account)),
            ("출금 후 잔액", after),
            ("지난 실패", said(payout.fail_reason or "중단")),
        ],
        notes=["확정된 계좌로 새 거래 키를 써서 보냅니다."],
    )


def _retry(request: ConsoleRequest, payout: Payout, data: Data) -> str:
    services.retry_payouts(payouts=_one(payout), actor=request.actor, code=data.get("otp", ""))
    return "다시 이체하도록 맡겼습니다. 결과는 이 화면에 나타납니다."


def _no_cancel(request: ConsoleRequest, payout: Payout) -> str:
    if payout.status in CANCELLABLE:
        return ""
    if payout.status == PayoutStatus.SCHEDULED:
        return "예약된 지급입니다. 일괄 지급에서 예약을 먼저 취소해 주세요."
    if payout.status == PayoutStatus.PREPARED:
        return "보내기를 기다리는 중입니다. 일괄 지급을 중단한 뒤 취소할 수 있습니다."
    state = said(Payout.FACES[payout.status].label)
    return _("%(state)s 상태의 지급은 취소할 수 없습니다.") % {"state": state}


def _cancel_content(request: ConsoleRequest, payout: Payout) -> Content:
    return Content(
        button=_("%(what)s 지급 취소") % {"what": _one_of(payout)},
        facts=_facts(payout),
        notes=[FREED],
    )


def _cancel(request: ConsoleRequest, payout: Payout, data: Data) -> str:
    services.cancel_payouts(
        workspace=request.workspace,
        payouts=_one(payout),
        actor=request.actor,
        reason=data["reason"],
    )
    return "지급을 취소했습니다. 이체되지 않았습니다."


def _no_memo(request: ConsoleRequest, payout: Payout) -> str:
    return "" if payout.status in UNSENT else "이미 보낸 지급의 메모는 바꿀 수 없습니다."


def _memo_content(request: ConsoleRequest, payout: Payout) -> Content:
    memos = {name: getattr(payout, name) for name in ("withdrawal_memo", "deposit_memo", "memo")}
    return Content(button="메모 저장", facts=_facts(payout), initial=memos)


def _memo(request: ConsoleRequest, payout: Payout, data: Data) -> str:
    memos = {name: data[name] for name in ("withdrawal_memo", "deposit_memo", "memo")}
    services.set_memos(payouts=_one(payout), memos=memos, actor=request.actor)
    return "메모를 저장했습니다."


def _no_result(request: ConsoleRequest, payout: Payout) -> str:
    if payout.method != PayoutMethod.DIRECT:
        return "송금 대행은 은행이 결과를 정합니다."
    if payout.status != PayoutStatus.CONFIRMED:
        return "확정 상태의 직접 지급만 결과를 기록할 수 있습니다."
    return ""


def _paid_content(request: ConsoleRequest, payout: Payout) -> Content:
    return Content(
        button=_("%(what)s 지급 완료 기록") % {"what": _one_of(payout)},
        facts=_facts(payout),
        notes=["이 시스템 밖에서 지급한 결과를 적습니다. 되돌릴 수 없습니다."],
        initial={"paid_on": clock.today()},
    )


def _paid(request: ConsoleRequest, payout: Payout, data: Data) -> str:
    services.mark_paid(payouts=_one(payout), actor=request.actor, paid_on=data["paid_on"])
    return "지급 완료로 기록했습니다."


def _failed_content(request: ConsoleRequest, payout: Payout) -> Content:
    return Content(
        button=_("%(what)s 지급 실패 기록") % {"what": _one_of(payout)},
        facts=_facts(payout),
        notes=["정산 내역은 지급 실패가 되고, 다시 지급할 수 있습니다."],
    )


def _failed(request: ConsoleRequest, payout: Payout, data: Data) -> str:
    services.mark_failed(payouts=_one(payout), actor=request.actor, reason=data["reason"])
    return "지급 실패로 기록했습니다."


def _no_invoice(request: ConsoleRequest, payout: Payout) -> str:
    if payout.status == PayoutStatus.CANCELLED:
        return "취소된 지급입니다."
    if payout.currency != WON:
        return "외화 지급입니다. 세금계산서는 원화로 환산해 직접 작성해 주세요."
    return "" if payout.partner_type == "BUSINESS" else "사업자 파트너가 아닙니다."


def _invoice_content(request: ConsoleRequest, payout: Payout) -> Content:
    return Content(
        button="세금계산서 만들기",
        facts=_facts(payout),
        notes=["금액은 지급에 확정된 값입니다. 이미 만든 문서는 다시 만들지 않습니다."],
        initial={"write_date": clock.today()},
    )


def _invoice(request: ConsoleRequest, payout: Payout, data: Data) -> str:
    bulks = invoice_payouts(
        workspace=request.workspace,
        payouts=_one(payout),
        write_date=data["write_date"],
        actor=request.actor,
        name=payout.partner.name,
    )
    made = sum(bulk.invoices.count() for bulk in bulks)
    if not made:
        return "새로 만들 문서가 없습니다."
    return _("세금계산서 %(invoices)s건을 만들어 보내고 있습니다.") % {"invoices": f"{made:,}"}


WRITE, APPROVE = Permission.PAYOUT_WRITE, Permission.PAYOUT_APPROVE

PAYOUT_ACTS: list[Act[Payout]] = [
    Act("retry", "이체 재시도", APPROVE, _no_retry, _retry_content, _retry, OtpActForm),
    Act("paid", "지급 완료 기록", WRITE, _no_result, _paid_content, _paid, PaidForm),
    Act(
        "failed",
        "지급 실패 기록",
        WRITE,
        _no_result,
        _failed_content,
        _failed,
        ReasonForm,
        danger=True,
    ),
    Act(
        "invoice",
        "세금계산서",
        Permission.INVOICE_WRITE,
        _no_invoice,
        _invoice_content,
        _invoice,
        InvoiceForm,
    ),
    Act("memo", "메모", WRITE, _no_memo, _memo_content, _memo, MemoForm),
    Act(
        "cancel",
        "지급 취소",
        WRITE,
        _no_cancel,
        _cancel_content,
        _cancel,
        ReasonForm,
        danger=True,
    ),
]
