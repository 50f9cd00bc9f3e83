"""검증: what banks and the tax office answered."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from core.business_number import formatted
from core.companies.access import rows
from core.console.grid import (
    Badge,
    Choice,
    Code,
    Date,
    DateTime,
    Grid,
    Tab,
    Text,
)
from partners.banks import bank_name
from partners.console.filters import (
    PartnerFilter,
)
from partners.console.grids.actions import CHECK_BUSINESSES, CHECK_HOLDERS
from partners.console.grids.common import (
    BUSINESS_WRONG,
)
from partners.console.words import taxation_found
from partners.models import (
    Partner,
)


class CheckGrid(Grid[Partner]):
    model = Partner
    title = "검증"
    columns = [
        Text("name", "파트너"),
        Badge("account_status", "계좌", faces=Partner.ACCOUNT_FACES),
        Text("account_holder", "등록된 예금주"),
        Text("account_holder_found", "은행이 답한 예금주"),
        Choice("bank", "은행", value=lambda p: bank_name(p.bank), sort="bank"),
        Code("account_masked", "계좌번호", sort=False),
        DateTime("account_checked_at", "예금주 조회"),
        Badge(
            "business_status",
            "사업 상태",
            faces=Partner.BUSINESS_FACES,
            value=lambda p: p.business_status if p.is_business else "",
            sort="business_status",
        ),
        Code(
            "business_registration_number",
            "사업자등록번호",
            value=lambda p: formatted(p.business_registration_number),
            sort="business_registration_number",
        ),
        Choice("taxation_type", "등록된 과세 유형"),
        Choice("taxation_type_found", "국세청 과세 유형", value=taxation_found),
        Date("closed_suspended_on", "휴폐업일"),
        DateTime("business_status_checked_at", "사업 상태 조회"),
        DateTime("checks_due_at", "다음 조회", shown=False),
    ]
    tabs = [
        Tab("different", "예금주 불일치", Q(account_status="VERIFY_FAILED"), "wrong"),
        Tab("similar", "예금주 확인 필요", Q(account_status="UNKNOWN"), "waiting"),
        Tab(
            "unknown",
            "예금주 미확인",
            Q(currency="KRW", account_status__in=["NOT_VERIFIED", "VERIFY_ERROR"]),
            "waiting",
        ),
        Tab("business", "휴폐업·미등록", BUSINESS_WRONG, "wrong"),
        Tab(
            "unchecked",
            "사업 상태 미확인",
            Q(type="BUSINESS", business_status__in=["NOT_VERIFIED", "VERIFY_ERROR"]),
            "waiting",
        ),
    ]
    filters = PartnerFilter
    search = ["name", "public_id", "account_holder", "account_holder_found"]
    search_hint = "파트너, 예금주"
    detail = "partners:partner"
    empty = "검증할 파트너가 없습니다."
    empty_help = "파트너를 등록하면 예금주와 사업 상태를 바로 조회해요."
    actions = [CHECK_HOLDERS, CHECK_BUSINESSES]

    def queryset(self) -> QuerySet[Partner]:
        active = rows(Partner, self.request.workspace).filter(is_archived=False)
        return active.select_related("default_contract")
