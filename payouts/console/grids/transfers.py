"""이체 내역, and the desk of 미확정 이체."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, F, QuerySet, When
from django.utils.translation import gettext as _

from core import clock
from core.companies.access import rows
from core.companies.models import Permission
from core.console.access import ConsoleRequest
from core.console.formats import duration
from core.console.grid import Badge, BulkAction, Choice, Code, DateTime, Grid, Money, Number, Text
from core.errors import Conflict
from core.events.actors import Actor
from core.words import said_later
from payouts import services
from payouts.console.filters import TransferFilter
from payouts.console.words import account_of
from payouts.models import AccountTransfer, AccountTransferStatus

ASKED_AT_ONCE = 50
"""More questions than this at one press would keep the person waiting; the resolver asks all."""


def _counterpart(transfer: AccountTransfer) -> str:
    return account_of(transfer) if transfer.bank else ""


class TransferGrid(Grid[AccountTransfer]):
    model = AccountTransfer
    title = "이체 내역"
    columns = [
        Code("public_id", "이체 아이디"),
        Badge("status", "상태"),
        Choice("type", "구분"),
        Text("holder", "입금자·예금주"),
        Code("counterpart", "상대 계좌", value=_counterpart),
        Money("deposit_amount", "입금", currency="currency"),
        Money("withdrawal_amount", "출금", currency="currency"),
        Text("funding_account__name", "우리 계좌"),
        DateTime("traded_at", "이체 일시"),
        Choice("fail_reason", "사유", value=lambda row: row.fail_reason, sort=False),
        Text("withdrawal_memo", "보내는 이 통장 메모", sort=False, shown=False),
        Text("deposit_memo", "받는 이 통장 메모", sort=False),
        Number("attempt_number", "시도", unit="번째", shown=False),
        Code("bank_reference", "은행 거래 번호", shown=False),
        Code("payout__public_id", "지급 아이디", shown=False),
        Code("payout__bulk_payout__public_id", "일괄 지급 아이디", shown=False),
        DateTime("sent_at", "보낸 일시", shown=False),
        DateTime("scheduled_at", "예약 일시", shown=False),
        DateTime("status_updated_at", "상태 변경 일시", shown=False),
        DateTime("created_at", "생성 일시", shown=False),
    ]
    tabs = "status"
    filters = TransferFilter
    periods = {
        "created_at": "생성 일시",
        "traded_at": "이체 일시",
        "status_updated_at": "상태 변경 일시",
    }
    default_period = "90"
    search = ["holder", "public_id", "bank_reference", "deposit_memo"]
    search_hint = "예금주·입금자, 이체 아이디, 은행 거래 번호"
    totals = ["deposit_amount", "withdrawal_amount"]
    currency = "currency"
    detail = "payouts:transfer"
    empty = "아직 이체 내역이 없습니다."
    empty_help = "계좌에 입금되거나 승인된 지급을 보내면 한 건씩 생겨요."

    def queryset(self) -> QuerySet[AccountTransfer]:
        return (
            rows(AccountTransfer, self.request.workspace)
            .select_related("funding_account", "payout__bulk_payout")
            .annotate(
                deposit_amount=Case(When(type="DEPOSIT", then=F("amount"))),
                withdrawal_amount=Case(When(type="WITHDRAWAL", then=F("amount"))),
            )
        )


def _ask(
    request: ConsoleRequest, chosen: QuerySet[AccountTransfer], data: Mapping[str, Any]
) -> str:
    transfers = list(AccountTransfer.objects.filter(pk__in=chosen.values("pk"))[:ASKED_AT_ONCE])
    known = sum(_is_known(each, request.actor) for each in transfers)
    left = len(transfers) - known
    return _(
        "은행에 %(asked)s건을 물었습니다. %(known)s건의 결과가 확인되고 "
        "%(left)s건은 아직 모릅니다. 다시 보낸 것은 없습니다."
    ) % {"asked": f"{len(transfers):,}", "known": f"{known:,}", "left": f"{left:,}"}


def _is_known(transfer: AccountTransfer, actor: Actor) -> bool:
    """The resolver asks meanwhile: one it was quicker with is known as well."""
    try:
        return services.inquire_now(transfer=transfer, actor=actor)
    except Conflict:
        return True


class UnknownGrid(Grid[AccountTransfer]):
    """Sent, and nobody knows. It can be asked about, never sent again."""

    model = AccountTransfer
    title = "미확정 이체"
    columns = [
        Text("holder", "예금주"),
        Badge("status", "상태"),
        Money("amount", "금액", currency="currency"),
        Code("counterpart", "상대 계좌", value=_counterpart),
        DateTime("sent_at", "보낸 일시"),
        Text("since", "지난 시간", value=lambda row: since(row), sort="sent_at"),
        Choice("fail_reason", "모르는 까닭", value=lambda row: row.fail_reason, sort=False),
        Number("inquiry_count", "조회", unit="번"),
        DateTime("next_inquiry_at", "다음 조회"),
        Text("payout__bulk_payout__name", "일괄 지급"),
        Code("request_key", "거래 키"),
        Text("funding_account__name", "우리 계좌", shown=False),
        Code("payout__public_id", "지급 아이디", shown=False),
    ]
    default_sort = "sent_at"
    search = ["holder", "public_id", "payout__public_id"]
    search_hint = "예금주, 이체·지급 아이디"
    totals = ["amount"]
    currency = "currency"
    detail = "payouts:transfer"
    template = "payouts/console/unknown.html"
    empty = "결과를 모르는 이체가 없습니다."
    empty_help = "은행이 답하지 않은 이체는 실패로 보지 않고 여기에서 결과를 확인해요."
    actions = [
        BulkAction(
            "inquire",
            "지금 조회",
            _ask,
            Permission.PAYOUT_WRITE,
            total="amount",
            explain=said_later(
                "보낼 때 쓴 거래 키로 은행에 결과만 묻습니다. 돈을 다시 보내지 않습니다. "
                "한 번에 %(count)s건까지 묻고, 나머지는 정해진 시각에 묻습니다.",
                count=f"{ASKED_AT_ONCE:,}",
            ),
        )
    ]

    def queryset(self) -> QuerySet[AccountTransfer]:
        unknown = rows(AccountTransfer, self.request.workspace).filter(
            status=AccountTransferStatus.UNKNOWN
        )
        return unknown.select_related("funding_account", "payout__bulk_payout")


def since(transfer: AccountTransfer) -> str:
    return duration(clock.now() - transfer.sent_at) if transfer.sent_at else _("모름")
