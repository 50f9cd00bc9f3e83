"""지급 내역."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core.companies.access import rows
from core.companies.models import Permission
from core.console.access import ConsoleRequest
from core.console.forms import OtpField
from core.console.grid import (
    Badge,
    Blocker,
    BulkAction,
    Choice,
    Code,
    DateTime,
    Grid,
    Money,
    OfferingForm,
    Text,
    only_in,
)
from core.events.transitions import Face
from invoices.models import TaxInvoice
from payouts import services
from payouts.console.filters import PayoutFilter
from payouts.console.statements import send_action
from payouts.console.words import account_of
from payouts.models import Payout, PayoutMethod, PayoutStatus, Statement
from payouts.queries.invoices import invoice_status
from payouts.queries.problems import setting_of
from payouts.services.bulk import UNSENT
from payouts.services.claims import CANCELLABLE

INVOICE_FACES = {**TaxInvoice.FACES, "NONE": Face("없음", "neutral")}
WRITE, APPROVE = Permission.PAYOUT_WRITE, Permission.PAYOUT_APPROVE


class ReasonForm(forms.Form):
    reason = forms.CharField(label="사유", max_length=256)


class OtpForm(OfferingForm):
    """Asks for a code only where one is demanded: not everybody has an authenticator."""

    otp = OtpField()

    def offer(self, request: ConsoleRequest) -> None:
        if not setting_of(request.workspace).requires_otp:
            del self.fields["otp"]


def _plain(chosen: QuerySet[Payout]) -> QuerySet[Payout]:
    """The same rows without the list's joins, ready to be locked."""
    return Payout.objects.filter(pk__in=chosen.order_by().values("pk"))


def _retry(request: ConsoleRequest, chosen: QuerySet[Payout], data: Mapping[str, Any]) -> str:
    code = data.get("otp", "")
    count = services.retry_payouts(payouts=_plain(chosen), actor=request.actor, code=code)
    return _("%(payouts)s건을 다시 이체하도록 맡겼습니다. 새 거래 키로 한 번씩 보냅니다.") % {
        "payouts": f"{count:,}"
    }


def _cancel(request: ConsoleRequest, chosen: QuerySet[Payout], data: Mapping[str, Any]) -> str:
    count = services.cancel_payouts(
        workspace=request.workspace,
        payouts=_plain(chosen),
        actor=request.actor,
        reason=data["reason"],
    )
    return _("%(payouts)s건을 취소했습니다. 이체되지 않았습니다.") % {"payouts": f"{count:,}"}


def _default_memos(
    request: ConsoleRequest, chosen: QuerySet[Payout], data: Mapping[str, Any]
) -> str:
    memos = {name: text for name, text in data.items() if text and name != "only_empty"}
    count = services.set_memos(
        payouts=_plain(chosen), memos=memos, only_empty=data["only_empty"], actor=request.actor
    )
    return _("%(payouts)s건에 메모를 적었습니다.") % {"payouts": f"{count:,}"}


class MemoForm(forms.Form):
    withdrawal_memo = forms.CharField(label="보내는 이 통장 메모", max_length=20, required=False)
    deposit_memo = forms.CharField(label="받는 이 통장 메모", max_length=20, required=False)
    memo = forms.CharField(label="관리용 메모", max_length=256, required=False)
    only_empty = forms.BooleanField(label="비어 있는 메모만 채우기", required=False, initial=True)


def with_states(payouts: QuerySet[Payout]) -> QuerySet[Payout]:
    """`invoice_status`, `statement_status`, `withheld_amount`."""
    return payouts.annotate(
        invoice_status=invoice_status(),
        statement_status=Coalesce("statement__status", Value("UNSENT")),
        withheld_amount=F("income_tax_amount") + F("local_income_tax_amount"),
    )


class PayoutGrid(Grid[Payout]):
    model = Payout
    title = "지급 내역"
    columns = [
        Text("partner__name", "파트너"),
        Badge("status", "상태"),
        Money("amount", "지급 금액", currency="currency"),
        Money("settlement_amount", "정산 금액", currency="currency"),
        Money("withheld_amount", "원천징수", currency="currency"),
        Money("vat_amount", "부가세", currency="currency"),
        Code("account", "받는 계좌", value=account_of),
        Badge("invoice_status", "세금계산서", faces=INVOICE_FACES),
        Badge("statement_status", "정산내역서", faces=Statement.FACES),
        Text("bulk_payout__name", "일괄 지급"),
        DateTime("paid_at", "지급 일시"),
        Choice("fail_reason", "실패 사유", value=lambda row: row.fail_reason, sort=False),
        DateTime("created_at", "생성 일시"),
        DateTime("scheduled_at", "지급 예정 일시", shown=False),
        DateTime("status_updated_at", "상태 변경 일시", shown=False),
        Choice(
            "method",
            "지급 방법",
            value=lambda row: PayoutMethod(row.method).label,
            sort="method",
            shown=False,
        ),
        Money("supply_amount", "공급가액", shown=False, currency="currency"),
        Money("tax_free_amount", "면세", shown=False, currency="currency"),
        Text("account_holder", "예금주", shown=False),
        Text("withdrawal_memo", "보내는 이 통장 메모", sort=False, shown=False),
        Text("deposit_memo", "받는 이 통장 메모", sort=False, shown=False),
        Text("memo", "메모", sort=False, shown=False),
        Choice("settlement_amount_type", "정산 금액 기준", shown=False),
        Code("currency", "통화", shown=False),
        Code("partner__public_id", "파트너 아이디", shown=False),
        Code("bulk_payout__public_id", "일괄 지급 아이디", shown=False),
        Code("public_id", "지급 아이디", shown=False),
    ]
    tabs = "status"
    filters = PayoutFilter
    periods = {
        "created_at": "생성 일시",
        "scheduled_at": "지급 예정 일시",
        "status_updated_at": "상태 변경 일시",
        "paid_at": "지급 일시",
        "statement__issued_at": "정산내역서 발송 일시",
    }
    default_period = "90"
    search = ["partner__name", "public_id", "bulk_payout__name", "bulk_payout__public_id"]
    search_hint = "파트너, 지급·일괄 지급 아이디"
    totals = ["amount", "settlement_amount", "withheld_amount", "vat_amount"]
    currency = "currency"
    detail = "payouts:payout"
    empty = "아직 지급 내역이 없습니다."
    empty_help = "일괄 지급을 만들고 지급을 생성하면 파트너마다 한 건씩 생겨요."
    actions = [
        BulkAction(
            "retry",
            "이체 재시도",
            _retry,
            APPROVE,
            total="amount",
            form=OtpForm,
            blockers=[
                Blocker(Q(method="DIRECT"), "직접 지급은 재시도하지 않습니다."),
                Blocker(
                    Q(attempts__status="UNKNOWN"),
                    "은행 결과가 미확정이라 확인되기 전에는 다시 보내지 않습니다.",
                ),
                only_in(Payout.FACES, PayoutStatus.FAILED, PayoutStatus.STOPPED),
            ],
            explain="확정된 계좌로 새 거래 키를 써서 다시 보냅니다.",
        ),
        BulkAction(
            "memos",
            "통장 메모",
            _default_memos,
            WRITE,
            form=MemoForm,
            blockers=[only_in(Payout.FACES, *UNSENT)],
            explain="비운 칸은 바꾸지 않습니다. 통장 메모는 20자까지입니다.",
        ),
        BulkAction(
            "cancel",
            "지급 취소",
            _cancel,
            WRITE,
            total="amount",
            form=ReasonForm,
            danger=True,
            blockers=[only_in(Payout.FACES, *CANCELLABLE)],
            explain="정산 내역은 지급 취소가 되고, 새 일괄 지급으로 지급할 수 있습니다.",
        ),
    ]

    def __init__(self, request: ConsoleRequest) -> None:
        super().__init__(request)
        self.actions = [*self.actions, send_action(request)]  # type: ignore[misc]

    def queryset(self) -> QuerySet[Payout]:
        payouts = rows(Payout, self.request.workspace)
        return with_states(payouts.select_related("partner", "bulk_payout"))
