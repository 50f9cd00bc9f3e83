"""파트너."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from django.db.models import Q, QuerySet

from core.business_number import formatted, normalised
from core.companies.access import rows
from core.companies.models import Permission
from core.console.access import ConsoleRequest
from core.console.grid import (
    Badge,
    Choice,
    Code,
    Column,
    DateTime,
    Grid,
    Tab,
    Tags,
    Text,
)
from partners.banks import bank_name
from partners.console.filters import (
    PartnerFilter,
)
from partners.console.grids.actions import ARCHIVE, CHECK_BUSINESSES, CHECK_HOLDERS, PLAN_CONTRACT
from partners.console.grids.common import (
    ACCOUNT_TO_CHECK,
    ARCHIVE_FACES,
    BUSINESS_WRONG,
    IN_USE,
    PUT_AWAY,
)
from partners.models import (
    Partner,
    PropertyDefinition,
)


class PartnerGrid(Grid[Partner]):
    model = Partner
    title = "파트너"
    base_columns: ClassVar[Sequence[Column]] = [
        Text("name", "파트너"),
        Badge("account_status", "계좌", faces=Partner.ACCOUNT_FACES),
        Badge(
            "business_status",
            "사업 상태",
            faces=Partner.BUSINESS_FACES,
            value=lambda p: p.business_status if p.is_business else "",
            sort="business_status",
        ),
        Choice("type", "유형"),
        Text("default_contract__name", "기본 계약"),
        Code("public_id", "파트너 아이디"),
        Tags("tags", "태그", sort=False),
        Code(
            "business_registration_number",
            "사업자등록번호",
            value=lambda p: formatted(p.business_registration_number),
            sort="business_registration_number",
        ),
        Choice("taxation_type", "과세 유형"),
        Choice("bank", "은행", value=lambda p: bank_name(p.bank), sort="bank"),
        Code("account_masked", "계좌번호", sort=False),
        Text("account_holder", "예금주"),
        Badge("status", "승인", shown=False),
        Badge("connection_status", "국세청 연동", faces=Partner.CONNECTION_FACES, shown=False),
        Badge("is_archived", "보관", faces=ARCHIVE_FACES, shown=False),  # type: ignore[arg-type]
        Text("representative_name", "대표자", shown=False),
        Text("contact_name", "담당자", shown=False),
        Text("contact_email", "담당자 이메일", shown=False),
        Code("currency", "통화", shown=False),
        Text("memo", "메모", sort=False, shown=False),
        DateTime("applied_at", "적용 시각", shown=False),
        DateTime("created_at", "등록 일시", shown=False),
    ]
    tabs = [
        IN_USE,
        Tab("account", "계좌 확인 필요", ACCOUNT_TO_CHECK & Q(is_archived=False), "waiting"),
        Tab("business", "휴폐업·미등록", BUSINESS_WRONG & Q(is_archived=False), "wrong"),
        Tab("waiting", "승인 대기", Q(status="PENDING"), "waiting"),
        PUT_AWAY,
    ]
    filters = PartnerFilter
    search = ["name", "public_id", "contact_email", "account_holder"]
    search_hint = "파트너, 아이디, 사업자등록번호, 이메일"
    detail = "partners:partner"
    template = "partners/console/partners.html"
    empty = "아직 파트너가 없습니다."
    empty_help = "한 곳씩 등록하거나, 파일로 한 번에 등록할 수 있어요."
    actions = [
        CHECK_HOLDERS,
        CHECK_BUSINESSES,
        PLAN_CONTRACT,
        ARCHIVE,
    ]

    def __init__(self, request: ConsoleRequest) -> None:
        super().__init__(request)
        self.columns = [*self.base_columns, *property_columns(request)]  # type: ignore[misc]

    def queryset(self) -> QuerySet[Partner]:
        return rows(Partner, self.request.workspace).select_related("default_contract")

    def apply_search(self, queryset: QuerySet[Partner], words: str) -> QuerySet[Partner]:
        digits = normalised(words)
        found = super().apply_search(queryset, words)
        if len(digits) < 3:
            return found
        return found | queryset.filter(business_registration_number__startswith=digits)


def property_columns(request: ConsoleRequest) -> list[Column]:
    """Secret ones only for those who may see secrets, in files as on the page."""
    definitions = PropertyDefinition.objects.filter(
        workspace=request.workspace, object_type=PropertyDefinition.ObjectType.PARTNER
    ).order_by("pk")
    if not request.member.may(Permission.SECRET_VIEW):
        definitions = definitions.filter(is_secret=False)
    return [_property_column(definition) for definition in definitions]


def _property_column(definition: PropertyDefinition) -> Column:
    key = definition.key
    return Text(
        f"property_{key}", definition.name, value=lambda p: p.properties.get(key), shown=False
    )
