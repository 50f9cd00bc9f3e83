"""계약, 할인 분담, 추가 수수료."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from core.companies.access import rows
from core.console.grid import (
    Badge,
    Choice,
    Code,
    Column,
    DateTime,
    Grid,
    Number,
    Rate,
    Tab,
    Text,
)
from core.events.transitions import Face
from partners.console.filters import (
    AdditionalFeeFilter,
    ContractFilter,
    DiscountShareFilter,
)
from partners.console.grids.common import (
    ARCHIVE_FACES,
    IN_USE,
    PUT_AWAY,
)
from partners.console.words import cycle_words, fee_words
from partners.models import (
    AdditionalFeePolicy,
    Contract,
    DiscountSharePolicy,
    Version,
)


class PolicyGrid(Grid[Any]):
    """What the lists of contracts and policies share."""

    tabs = [IN_USE, Tab("planned", "변경 예약", Q(is_planned=True), "waiting"), PUT_AWAY]
    search = ["name", "public_id", "memo"]
    template = "partners/console/policies.html"
    new_url: ClassVar[str] = ""

    def queryset(self) -> QuerySet[Any]:
        return with_plans(rows(self.model, self.request.workspace))


def with_plans(policies: QuerySet[Any]) -> QuerySet[Any]:
    versions = policies.model._meta.get_field("versions").related_model._default_manager
    planned = versions.filter(subject=OuterRef("pk"), status=Version.Status.SCHEDULED)
    planning: QuerySet[Any] = policies.annotate(is_planned=Exists(planned))
    return planning


PLAN_FACES = {True: Face("변경 예약", "waiting", "예약 시각"), False: Face("없음", "neutral")}
COMMON: list[Column] = [
    Badge(
        "is_planned",
        "예약",
        faces=PLAN_FACES,  # type: ignore[arg-type]
        value=lambda row: row.is_planned or "",
    ),
    DateTime("applied_at", "적용 시각"),
    Text("memo", "메모", sort=False),
    Badge("is_archived", "보관", faces=ARCHIVE_FACES, shown=False),  # type: ignore[arg-type]
]


class ContractGrid(PolicyGrid):
    model = Contract
    title = "계약"
    columns = [
        Text("name", "계약"),
        Code("public_id", "계약 아이디"),
        Text("fee", "수수료", value=fee_words, sort="fee_rate"),
        Choice("fee_vat_payer", "수수료 부가세"),
        Text("cycle", "정산 주기", value=cycle_words, sort="cycle_type"),
        Number("lag_days", "지체일", unit="일"),
        Choice("date_policy", "쉬는 날이면"),
        Number("partner_count", "파트너", unit="곳"),
        *COMMON,
    ]
    filters = ContractFilter
    detail = "partners:contract"
    new_url = "partners:contract_new"
    empty = "아직 계약이 없습니다."
    empty_help = "수수료와 정산 주기를 정한 계약이 있어야 파트너를 등록할 수 있어요."

    def queryset(self) -> QuerySet[Any]:
        contracts: QuerySet[Any] = super().queryset().annotate(partner_count=Count("partners"))
        return contracts


class DiscountShareGrid(PolicyGrid):
    model = DiscountSharePolicy
    title = "할인 분담"
    columns = [
        Text("name", "정책"),
        Code("public_id", "정책 아이디"),
        Rate("partner_share_rate", "파트너 분담율"),
        *COMMON,
    ]
    filters = DiscountShareFilter
    detail = "partners:discount_share"
    new_url = "partners:discount_share_new"
    empty = "아직 할인 분담 정책이 없습니다."
    empty_help = "쿠폰·할인 금액을 파트너와 나누어 부담할 때 만들어요."


class AdditionalFeeGrid(PolicyGrid):
    model = AdditionalFeePolicy
    title = "추가 수수료"
    columns = [
        Text("name", "정책"),
        Code("public_id", "정책 아이디"),
        Text("fee", "수수료", value=fee_words, sort="fee_rate"),
        Choice("vat_payer", "수수료 부가세"),
        *COMMON,
    ]
    filters = AdditionalFeeFilter
    detail = "partners:additional_fee"
    new_url = "partners:additional_fee_new"
    empty = "아직 추가 수수료 정책이 없습니다."
    empty_help = "광고비, 포장비처럼 계약 수수료와 따로 받는 수수료예요."
