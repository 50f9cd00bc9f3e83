"""The lists: documents, bulks, counterparties."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet

from core.business_number import formatted, normalised
from core.companies.access import rows
from core.console.grid import (
    Badge,
    Choice,
    Code,
    Date,
    DateTime,
    Grid,
    Money,
    Number,
    Tab,
    Text,
)
from core.console.grid.paging import Page
from core.events.transitions import Face
from invoices.console.actions import CHECK_STATUS, INVOICE_ACTIONS
from invoices.console.filters import BulkFilter, CounterpartyFilter, InvoiceFilter
from invoices.models import (
    FAILED,
    IN_TRANSMISSION,
    ISSUED_STATES,
    PENDING,
    BulkTaxInvoice,
    Counterparty,
    TaxInvoice,
)
from invoices.queries.bulk import StatusSums, status_sums, status_sums_of
from invoices.queries.counterparties import counterparties

DELAY_FACES = {True: Face("지연 발행", "wrong"), False: Face("", "neutral")}
CONNECTION_FACES = {
    "NOT_CONNECTED": Face("미연동", "neutral", "재무"),
    "PENDING_CONNECT": Face("연동 중", "running", "시스템"),
    "CONNECTED": Face("연동됨", "arrived"),
    "PENDING_DISCONNECT": Face("해제 중", "running", "시스템"),
    "ERROR": Face("오류", "wrong", "재무"),
}
BUSINESS_FACES = {
    "UNKNOWN": Face("미확인", "neutral", "재무"),
    "IN_BUSINESS": Face("사업 중", "arrived"),
    "CLOSED": Face("폐업", "wrong", "재무"),
    "SUSPENDED": Face("휴업", "wrong", "재무"),
    "NOT_FOUND": Face("미등록", "wrong", "재무"),
    "CHECK_PENDING": Face("조회 중", "running", "시스템"),
    "CHECK_FAILED": Face("조회 실패", "waiting", "재무"),
}


def other_name(invoice: TaxInvoice) -> str:
    return invoice.supplier_name if invoice.is_reverse else invoice.recipient_name


def other_brn(invoice: TaxInvoice) -> str:
    return formatted(invoice.supplier_brn if invoice.is_reverse else invoice.recipient_brn)


TYPE_NAMES = {"REVERSE": "역발행", "NORMAL": "정발행"}


class InvoiceGrid(Grid[TaxInvoice]):
    model = TaxInvoice
    title = "세금계산서 내역"
    columns = [
        Text("other", "상대방", value=other_name),
        Badge("status", "상태"),
        Choice("issuance_type", "발행 유형"),
        Choice(
            "modification_type",
            "문서 형태",
            value=lambda i: i.get_modification_type_display() if i.is_amendment else "일반",
        ),
        Date("write_date", "작성일"),
        Date("issuance_due_date", "발행 기한"),
        Money("total_amount", "합계 금액", minus="취소"),
        Money("total_supply_amount", "공급가액", minus="취소"),
        Money("total_tax_amount", "세액", minus="취소"),
        Code("other_brn", "사업자등록번호", value=other_brn),
        Choice("taxation_type", "과세 유형"),
        Text("end_reason", "거부·취소 사유", sort=False),
        Choice("purpose_type", "영수·청구", shown=False),
        Badge(
            "is_delayed",
            "지연 발행",
            faces=DELAY_FACES,  # type: ignore[arg-type]
            value=lambda i: i.is_delayed or "",
            sort="is_delayed",
            shown=False,
        ),
        Code("nts_approval_number", "승인번호", shown=False),
        DateTime("requested_at", "요청 일시", shown=False),
        DateTime("opened_at", "메일 열람", shown=False),
        DateTime("issued_at", "발행 일시", shown=False),
        DateTime("nts_sent_at", "국세청 전송 일시", shown=False),
        Code("nts_result_code", "국세청 결과", shown=False),
        Text("provider_error", "실패 사유", sort=False, shown=False),
        Code("source_id", "지급 아이디", shown=False),
        Code("bulk__public_id", "일괄 아이디", shown=False),
        Code("supplier_document_key", "공급자 문서번호", shown=False),
        Code("recipient_document_key", "공급받는자 문서번호", shown=False),
        Text("memo", "메모", sort=False, shown=False),
        Code("public_id", "세금계산서 아이디", shown=False),
        DateTime("status_updated_at", "상태 변경 일시", shown=False),
        DateTime("created_at", "등록 일시", shown=False),
    ]
    tabs = [
        Tab("draft", "임시저장", Q(status="DRAFTED")),
        Tab("requested", "역발행 요청", Q(status="REQUESTED"), "waiting"),
        Tab("refused", "거부", Q(status="REQUEST_REFUSED"), "wrong"),
        Tab("issued", "발행완료", Q(status="ISSUED"), "arrived"),
        Tab("sending", "전송 중", Q(status__in=IN_TRANSMISSION), "running"),
        Tab("sent", "전송완료", Q(status="SENDING_COMPLETED"), "arrived"),
        Tab("cancelled", "회수·취소", Q(status__in=["REQUEST_CANCELLED", "ISSUANCE_CANCELLED"])),
        Tab("pending", "처리 중", Q(status__in=PENDING), "running"),
        Tab("failed", "실패", Q(status__in=[*FAILED, "SENDING_FAILED"]), "wrong"),
    ]
    filters = InvoiceFilter
    periods = {"created_at": "등록 일시", "write_date": "작성일", "issued_at": "발행 일시"}
    default_period = "90"
    search = ["supplier_name", "recipient_name", "public_id", "nts_approval_number", "memo"]
    search_hint = "상대방, 사업자등록번호, 승인번호, 아이디"
    totals = ["total_amount", "total_supply_amount", "total_tax_amount"]
    detail = "invoices:invoice"
    template = "invoices/console/invoices.html"
    actions = INVOICE_ACTIONS
    empty = "아직 세금계산서가 없습니다."
    empty_help = "직접 작성하거나, 지급에서 한 번에 만들 수 있어요."

    def queryset(self) -> QuerySet[TaxInvoice]:
        live = rows(TaxInvoice, self.request.workspace).filter(deleted_at=None)
        return live.select_related("bulk")

    def apply_search(self, queryset: QuerySet[TaxInvoice], words: str) -> QuerySet[TaxInvoice]:
        digits = normalised(words)
        found = super().apply_search(queryset, words)
        if len(digits) != 10:
            return found
        return found | queryset.filter(Q(supplier_brn=digits) | Q(recipient_brn=digits))


class BulkGrid(Grid[BulkTaxInvoice]):
    model = BulkTaxInvoice
    title = "일괄 세금계산서"
    columns = [
        Text("name", "이름", value=lambda bulk: bulk.name or bulk.public_id),
        Badge("status", "상태"),
        Choice("source", "만든 곳"),
        Choice("issuance_type", "발행 유형", value=lambda bulk: TYPE_NAMES[bulk.issuance_type]),
        Number("count", "문서", unit="건", value=lambda bulk: count_of(bulk)),
        Money("amount", "합계 금액", value=lambda bulk: amount_of(bulk)),
        Number("waiting", "응답 대기", unit="건", value=lambda bulk: count_of(bulk, {"REQUESTED"})),
        Number("issued", "발행", unit="건", value=lambda bulk: count_of(bulk, ISSUED_STATES)),
        Number("failed", "실패", unit="건", value=lambda bulk: count_of(bulk, FAILED)),
        DateTime("requested_at", "최초 요청 일시"),
        DateTime("status_updated_at", "상태 변경 일시"),
        DateTime("created_at", "생성 일시"),
        Code("public_id", "일괄 아이디", shown=False),
    ]
    tabs = "status"
    filters = BulkFilter
    periods = {"created_at": "생성 일시"}
    default_period = "90"
    search = ["name", "public_id"]
    detail = "invoices:bulk"
    template = "invoices/console/bulks.html"
    empty = "아직 일괄 세금계산서가 없습니다."
    empty_help = "지급에서 만들거나 파일을 올리면 여기에 모여요."

    @cached_property
    def page(self) -> Page:
        """Counts come from the documents, in one query for the page."""
        page = super().page
        found = status_sums_of(page.rows)
        for bulk in page.rows:
            bulk.sums = found[bulk.pk]
        return page


def sums_of(bulk: Any) -> StatusSums:
    """What the page brought along; an export asks row by row."""
    if not hasattr(bulk, "sums"):
        bulk.sums = status_sums(bulk)
    sums: StatusSums = bulk.sums
    return sums


def count_of(bulk: BulkTaxInvoice, statuses: Collection[str] | None = None) -> int:
    sums = sums_of(bulk).items()
    return sum(row.count for status, row in sums if statuses is None or status in statuses)


def amount_of(bulk: BulkTaxInvoice) -> int:
    return sum(row.amount for row in sums_of(bulk).values())


class CounterpartyGrid(Grid[Counterparty]):
    model = Counterparty
    title = "거래처"
    columns = [
        Text("company_name", "상호", value=str, sort="company_name"),
        Badge("business_status", "사업 상태", faces=BUSINESS_FACES),
        Badge("connection", "국세청 연동", faces=CONNECTION_FACES),
        Code(
            "business_registration_number",
            "사업자등록번호",
            value=lambda row: formatted(row.business_registration_number),
            sort="business_registration_number",
        ),
        Text("representative_name", "대표자"),
        Text("contact_name", "담당자", value=lambda row: row.contact.get("name")),
        Text("contact_email", "담당자 이메일", value=lambda row: row.contact.get("email")),
        Text("contact_phone", "연락처", value=lambda row: row.contact.get("phoneNumber")),
        Text("partner__name", "파트너"),
        Text("address", "주소", sort=False, shown=False),
        Text("business_type", "업태", shown=False),
        Text("business_class", "종목", shown=False),
        DateTime("business_status_checked_at", "휴폐업 조회 일시", shown=False),
        DateTime("connected_at", "연동 일시", shown=False),
        Text("memo", "메모", sort=False, shown=False),
        Code("public_id", "거래처 아이디", shown=False),
        DateTime("created_at", "등록 일시", shown=False),
    ]
    tabs = [
        Tab("connected", "연동됨", Q(connection="CONNECTED"), "arrived"),
        Tab("open", "미연동", Q(connection__in=["NOT_CONNECTED", "ERROR"])),
        Tab(
            "inactive",
            "휴폐업·미등록",
            Q(business_status__in=["CLOSED", "SUSPENDED", "NOT_FOUND"]),
            "wrong",
        ),
    ]
    filters = CounterpartyFilter
    search = ["company_name", "representative_name", "public_id", "contact__email"]
    search_hint = "상호, 사업자등록번호, 대표자, 이메일"
    detail = "invoices:counterparty"
    template = "invoices/console/counterparties.html"
    actions = [CHECK_STATUS]
    empty = "아직 거래처가 없습니다."
    empty_help = "직접 등록하거나, 파트너를 국세청에 연동하면 생겨요."

    def queryset(self) -> QuerySet[Counterparty]:
        return counterparties(self.request.workspace)

    def apply_search(self, queryset: QuerySet[Counterparty], words: str) -> QuerySet[Counterparty]:
        digits = normalised(words)
        found = super().apply_search(queryset, words)
        if len(digits) < 3:
            return found
        return found | queryset.filter(business_registration_number__startswith=digits)
