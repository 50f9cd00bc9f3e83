"""What the console's frame, first page, search and histories know of tax documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from core.business_number import formatted, normalised
from core.companies.access import rows
from core.companies.models import Permission, Workspace
from core.console import history, home, navigation, search
from core.console.access import ConsoleRequest, console_url
from core.console.home import Counter, Panel
from core.console.navigation import Entry
from core.console.search import HITS_PER_SOURCE, Hit, Source, as_amount
from core.words import said
from invoices.console.grids import other_name
from invoices.models import Counterparty, TaxInvoice
from invoices.queries.deadlines import deadlines

READ = Permission.INVOICE_READ
LIST = "invoices:invoices"

navigation.register(
    Entry("세금계산서", "작성", "invoices:new", Permission.INVOICE_WRITE),
    Entry("세금계산서", "내역", LIST, READ),
    Entry("세금계산서", "일괄", "invoices:bulks", READ),
    Entry("세금계산서", "거래처", "invoices:counterparties", READ),
)


def _in_state(*statuses: str) -> Any:
    def count(workspace: Workspace) -> int:
        live = rows(TaxInvoice, workspace).filter(deleted_at=None)
        return live.filter(status__in=statuses).count()

    return count


home.register_counter(
    Counter(
        "거부된 역발행",
        _in_state("REQUEST_REFUSED"),
        LIST,
        "tab=refused&period=all",
        READ,
        tone="wrong",
        order=40,
    ),
    Counter(
        "전송·발행 실패",
        _in_state("DRAFT_FAILED", "REQUEST_FAILED", "ISSUE_FAILED", "SENDING_FAILED"),
        LIST,
        "tab=failed&period=all",
        READ,
        tone="wrong",
        order=42,
    ),
    Counter(
        "응답 대기 역발행",
        _in_state("REQUESTED"),
        LIST,
        "tab=requested&period=all",
        READ,
        order=44,
    ),
)


def _watch(request: ConsoleRequest) -> dict[str, Any]:
    lines = deadlines(request.workspace)
    return {
        "lines": lines,
        "late": [line for line in lines if line.is_late],
        "list_url": console_url(request, LIST),
    }


home.register_panel(Panel("invoices/console/deadlines.html", _watch, READ, order=30))


def _find_invoices(request: ConsoleRequest, words: str) -> Sequence[Hit]:
    digits = normalised(words)
    named = Q(public_id=words) | Q(nts_approval_number=words.replace("-", ""))
    if len(digits) == 10:
        named |= Q(supplier_brn=digits) | Q(recipient_brn=digits)
    if (amount := as_amount(words)) is not None:
        named |= Q(total_amount=amount)
    found = rows(TaxInvoice, request.workspace).filter(named, deleted_at=None).order_by("-pk")
    return [
        Hit(
            other_name(invoice),
            console_url(request, "invoices:invoice", invoice.public_id),
            f"{said(invoice.get_issuance_type_display())} · "
            f"{said(TaxInvoice.FACES[invoice.status].label)} · {invoice.write_date}",
            invoice.total_amount,
        )
        for invoice in found[:HITS_PER_SOURCE]
    ]


def _find_counterparties(request: ConsoleRequest, words: str) -> Sequence[Hit]:
    digits = normalised(words)
    named = Q(public_id=words) | Q(company_name__icontains=words)
    if len(digits) == 10:
        named |= Q(business_registration_number=digits)
    found = rows(Counterparty, request.workspace).filter(named, is_deleted=False)
    return [
        Hit(
            str(row),
            console_url(request, "invoices:counterparty", row.public_id),
            formatted(row.business_registration_number),
        )
        for row in found.order_by("company_name")[:HITS_PER_SOURCE]
    ]


search.register(
    Source("세금계산서", _find_invoices, READ), Source("거래처", _find_counterparties, READ)
)

history.register_nouns(
    {
        "taxinvoice": "세금계산서",
        "bulktaxinvoice": "일괄 세금계산서",
        "counterparty": "거래처",
        "total": "합계 금액",
        "recipient": "받는 곳",
        "file": "파일",
        "connection": "국세청 연동",
        "business_status": "사업 상태",
        "count": "문서 수",
        "asked": "요청한 문서 수",
    }
)
history.register_verbs(
    {
        "taxinvoice.drafted": "임시저장했습니다",
        "taxinvoice.updated": "내용을 고쳤습니다",
        "taxinvoice.noted": "메모를 적었습니다",
        "taxinvoice.deleted": "삭제했습니다",
        "taxinvoice.mailed": "메일을 다시 보냈습니다",
        "taxinvoice.request_pending": "역발행 요청을 보냈습니다",
        "taxinvoice.requested": "역발행 요청이 접수되었습니다",
        "taxinvoice.request_failed": "역발행 요청에 실패했습니다",
        "taxinvoice.request_refused": "공급자가 거부했습니다",
        "taxinvoice.request_cancelled": "요청을 거두었습니다",
        "taxinvoice.issue_pending": "발행을 시작했습니다",
        "taxinvoice.issued": "발행되었습니다",
        "taxinvoice.issue_failed": "발행하지 못했습니다",
        "taxinvoice.cancel_pending": "취소 처리를 시작했습니다",
        "taxinvoice.issuance_cancelled": "발행이 취소되었습니다",
        "taxinvoice.transmission_asked": "국세청 전송을 시작했습니다",
        "taxinvoice.sending": "국세청으로 전송 중입니다",
        "taxinvoice.sending_completed": "국세청 전송이 끝났습니다",
        "taxinvoice.sending_failed": "국세청 전송에 실패했습니다",
        "taxinvoice.mismatch": "세금계산서 서비스의 상태와 다릅니다",
        "taxinvoice.file_attached": "파일을 붙였습니다",
        "taxinvoice.file_detached": "파일을 뗐습니다",
        "bulktaxinvoice.created": "일괄 세금계산서를 만들었습니다",
        "counterparty.created": "거래처를 등록했습니다",
        "counterparty.updated": "거래처를 고쳤습니다",
        "counterparty.deleted": "거래처를 삭제했습니다",
        "counterparty.checked": "사업 상태가 바뀌었습니다",
        "counterparty.pending_connect": "국세청 연동을 시작했습니다",
        "counterparty.connected": "국세청에 연동했습니다",
        "counterparty.error": "국세청 연동에 실패했습니다",
        "counterparty.not_connected": "국세청 연동을 해제했습니다",
    }
)
