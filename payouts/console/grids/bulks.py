"""일괄 지급 and 승인."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from core.companies.access import rows
from core.console.grid import Badge, Choice, Code, DateTime, Grid, Money, Number, Tab, Text
from payouts.console.filters import BulkFilter
from payouts.console.words import masked, next_actor
from payouts.models import Approval, BulkPayout, Payout, PayoutStatus

S = BulkPayout.Status


def _of_payouts(aggregate: Any, *statuses: str) -> Any:
    """One number about a bulk payout's payouts, those of some states or the live ones."""
    payouts = Payout.objects.filter(bulk_payout=OuterRef("pk")).order_by()
    payouts = (
        payouts.filter(status__in=statuses)
        if statuses
        else payouts.exclude(status=PayoutStatus.CANCELLED)
    )
    return Coalesce(
        Subquery(payouts.values("bulk_payout").annotate(found=aggregate).values("found")), 0
    )


def _of_one_currency(amount: Any) -> Any:
    """Nothing where currencies are mixed: won and dollars have no sum."""
    return Case(When(~Q(currency=""), then=amount))


class BulkGrid(Grid[BulkPayout]):
    model = BulkPayout
    title = "일괄 지급"
    columns = [
        Text("name", "이름"),
        Badge("status", "상태"),
        Text("next_actor", "다음", value=next_actor),
        Choice("method", "지급 방법"),
        Number("payout_count", "지급", unit="건"),
        Money("payout_amount", "지급 금액", currency="currency"),
        Money("paid_amount", "성공 금액", currency="currency"),
        Number("failed_count", "실패·중단", unit="건"),
        Text(
            "funding_account__name",
            "출금 계좌",
        ),
        DateTime("scheduled_at", "예약 일시"),
        Text("creator_name", "만든 사람"),
        DateTime("created_at", "생성 일시"),
        DateTime("status_updated_at", "상태 변경 일시", shown=False),
        Code("currency", "통화", shown=False),
        Code("public_id", "일괄 지급 아이디", shown=False),
    ]
    tabs = [
        Tab("preparing", "선택 중", Q(status=S.PREPARING)),
        Tab("prepared", "승인 요청 전", Q(status=S.PREPARED, scheduled_at=None, waits=False)),
        Tab("waiting", "승인 대기", Q(status=S.PREPARED, waits=True), "waiting"),
        Tab("scheduled", "예약", Q(status=S.PREPARED, scheduled_at__isnull=False), "waiting"),
        Tab("ongoing", "지급 중", Q(status=S.ONGOING), "running"),
        Tab("pending", "결과 대기", Q(status=S.POST_PROCESS_PENDING), "wrong"),
        Tab("completed", "완료", Q(status=S.COMPLETED), "arrived"),
        Tab("cancelled", "취소", Q(status=S.CANCELLED)),
    ]
    filters = BulkFilter
    periods = {
        "created_at": "생성 일시",
        "scheduled_at": "예약 일시",
        "status_updated_at": "상태 변경 일시",
    }
    default_period = "90"
    search = ["name", "public_id", "creator_name"]
    search_hint = "이름, 아이디, 만든 사람"
    totals = ["payout_amount", "paid_amount"]
    currency = "currency"
    detail = "payouts:bulk"
    template = "payouts/console/bulks.html"
    empty = "아직 일괄 지급이 없습니다."
    empty_help = "정산 내역을 골라 일괄 지급을 만들면 파트너마다 한 건씩 지급이 생겨요."

    def queryset(self) -> QuerySet[BulkPayout]:
        open_request = Approval.objects.filter(bulk_payout=OuterRef("pk"), status="REQUESTED")
        return (
            rows(BulkPayout, self.request.workspace)
            .select_related("funding_account")
            .annotate(
                waits=Exists(open_request),
                payout_count=_of_payouts(Count("pk")),
                payout_amount=_of_one_currency(_of_payouts(Sum("amount"))),
                paid_amount=_of_one_currency(_of_payouts(Sum("amount"), PayoutStatus.SUCCEEDED)),
                failed_count=_of_payouts(Count("pk"), PayoutStatus.FAILED, PayoutStatus.STOPPED),
            )
        )


def _paid(approval: Approval) -> dict[str, int]:
    paid: dict[str, int] = approval.summary["paid"]
    return paid


def _account(approval: Approval) -> str:
    account = approval.summary["account"]
    return f"{account['name']} · {masked(account['bank'], account['last4'])}"


class ApprovalGrid(Grid[Approval]):
    """What was asked for, as it was asked: amounts of the request, not of today."""

    model = Approval
    title = "지급 승인"
    columns = [
        Text("bulk_payout__name", "일괄 지급"),
        Badge("status", "상태"),
        Number("count", "지급", unit="건", value=lambda row: _paid(row)["count"]),
        Money("amount", "지급 금액", value=lambda row: _paid(row)["amount"]),
        Text("account", "출금 계좌", value=_account),
        DateTime("scheduled_at", "예약 일시"),
        Text("requester_name", "요청한 사람"),
        DateTime("created_at", "요청 일시"),
        Text("decider_name", "결정한 사람"),
        DateTime("decided_at", "결정 일시"),
        Code("public_id", "승인 아이디", shown=False),
    ]
    tabs = "status"
    periods = {"created_at": "요청 일시", "decided_at": "결정 일시"}
    default_period = "90"
    search = ["bulk_payout__name", "requester_name", "decider_name", "public_id"]
    search_hint = "일괄 지급, 요청·결정한 사람"
    detail = "payouts:approval"
    empty = "아직 승인 요청이 없습니다."
    empty_help = "지급을 생성하고 승인을 요청하면, 다른 사람이 여기에서 확인하고 승인해요."

    def queryset(self) -> QuerySet[Approval]:
        return rows(Approval, self.request.workspace).select_related("bulk_payout")
