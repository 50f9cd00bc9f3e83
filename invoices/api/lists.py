"""Lists and sheets of tax documents, and the bulk they came in (contract.md c.11)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from msgspec import UnsetType

from core import clock
from core.api.listing import among
from core.api.operations import Call, Operation, WireView
from core.api.paging import PageInput, page_of
from core.api.wire import given
from core.companies.access import rows
from core.companies.models import Permission, Workspace
from core.errors import InvalidRequest
from invoices import errors
from invoices.api import wire
from invoices.api.shapes import tax_invoice_requests as requests
from invoices.api.shapes import tax_invoices as shapes
from invoices.models import Counterparty, TaxInvoice
from invoices.queries.bulk import find_bulk
from invoices.queries.invoices import invoices

DATE_COLUMNS = {"REGISTER": "created_at", "WRITE": "write_date", "ISSUE": "issued_at"}
EXACT = {
    "tax_invoice_id": "public_id",
    "bulk_tax_invoice_id": "bulk__public_id",
    "nts_approval_number": "nts_approval_number",
    "supplier_document_key": "supplier_document_key",
    "recipient_document_key": "recipient_document_key",
    "payout_id": "source_id",
}
SIZE_DEFAULT, SIZE_MAX = 500, 1000
SHEET_ROWS_MAX = 100_000


def matching(
    workspace: Workspace, asked: requests.GetTaxInvoicesBodyFilter | UnsetType
) -> QuerySet[TaxInvoice]:
    found = invoices(workspace)
    if isinstance(asked, UnsetType):
        return _since_last_month(found)
    found = _by_primary(found, asked.primary_filter)
    if asked.supplier_brn:
        found = found.filter(supplier_brn=asked.supplier_brn)
    if asked.partner_brn:
        found = found.filter(_other_side(asked.partner_brn))
    found = among(found, "status", asked.statuses)
    found = among(found, "taxation_type", asked.taxation_types)
    found = among(found, "issuance_type", asked.issuance_types)
    found = among(found, "purpose_type", asked.purpose_types)
    if not isinstance(asked.is_delayed, UnsetType):
        found = found.filter(is_delayed=asked.is_delayed)
    return _by_counterparty(workspace, _by_modification(found, asked), asked)


def _since_last_month(found: QuerySet[TaxInvoice]) -> QuerySet[TaxInvoice]:
    first = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    return found.filter(created_at__gte=clock.kst_midnight(first))


def _by_primary(
    found: QuerySet[TaxInvoice], primary: requests.GetTaxInvoicesBodyPrimaryFilter | UnsetType
) -> QuerySet[TaxInvoice]:
    if isinstance(primary, UnsetType):
        return _since_last_month(found)
    name, value = primary.choice
    if name == "tax_invoice_ids":
        return found.filter(public_id__in=value)
    if name == "date_filter":
        return _by_dates(found, value)
    return found.filter(**{EXACT[name]: value})


def _by_dates(
    found: QuerySet[TaxInvoice], asked: requests.GetTaxInvoicesBodyDateFilter
) -> QuerySet[TaxInvoice]:
    spans = given(asked.date_range, [])
    if not spans:
        return _since_last_month(found)
    column = DATE_COLUMNS[given(asked.date_type, "REGISTER")]
    within = Q()
    for span in spans:
        within |= _between(column, span)
    return found.filter(within)


def _between(column: str, span: requests.DateRangeOption) -> Q:
    is_date = column == "write_date"
    limits = Q()
    if not isinstance(span.from_, UnsetType):
        limits &= Q(**{f"{column}__gte": span.from_ if is_date else clock.kst_midnight(span.from_)})
    if not isinstance(span.until, UnsetType) and span.until < date.max:
        after = span.until + timedelta(days=1)
        limits &= Q(**{f"{column}__lt": after if is_date else clock.kst_midnight(after)})
    return limits


def _other_side(brn: str) -> Q:
    return Q(issuance_type="REVERSE", supplier_brn=brn) | Q(
        issuance_type="NORMAL", recipient_brn=brn
    )


def _by_modification(
    found: QuerySet[TaxInvoice], asked: requests.GetTaxInvoicesBodyFilter
) -> QuerySet[TaxInvoice]:
    kinds = set(given(asked.document_modification_types, []))
    if len(kinds) != 1:
        return found
    plain = Q(modification_type="")
    return found.filter(plain if kinds == {"NORMAL"} else ~plain)


def _by_counterparty(
    workspace: Workspace,
    found: QuerySet[TaxInvoice],
    asked: requests.GetTaxInvoicesBodyFilter,
) -> QuerySet[TaxInvoice]:
    if isinstance(asked.counterparty_id, UnsetType):
        return found
    known = rows(Counterparty, workspace).filter(public_id=asked.counterparty_id)
    sides = Q(supplier_counterparty__in=known) | Q(recipient_counterparty__in=known)
    if given(asked.include_brn_match, False):
        numbers = known.values("business_registration_number")
        sides |= Q(supplier_brn__in=numbers) | Q(recipient_brn__in=numbers)
    return found.filter(sides)


def ordered(
    found: QuerySet[TaxInvoice], sort: requests.TaxInvoiceSortInput | UnsetType
) -> QuerySet[TaxInvoice]:
    by, order = "STATUS_UPDATED_AT", "DESC"
    if not isinstance(sort, UnsetType):
        by, order = given(sort.by, "STATUS_UPDATED_AT"), given(sort.order, "DESC")
    sign = "-" if order == "DESC" else ""
    return found.order_by(f"{sign}{by.lower()}", f"{sign}pk")


class Invoices(WireView):
    tag = "tax-invoices"

    @Operation(
        body=requests.GetTaxInvoicesBody,
        returns=shapes.GetTaxInvoicesResponse,
        scope=Permission.INVOICE_READ,
        errors=[errors.TaxInvoiceNotFound, errors.ExternalService],
        operation_id="getB2bTaxInvoices",
        summary="세금계산서 목록 조회",
    )
    def get(self, call: Call[requests.GetTaxInvoicesBody]) -> dict[str, Any]:
        number, size = given(call.body.page_number, 0), given(call.body.page_size, SIZE_DEFAULT)
        if number < 0 or not 1 <= size <= SIZE_MAX:
            raise InvalidRequest(f"pageSize는 1~{SIZE_MAX}, pageNumber는 0 이상이어야 합니다.")
        found = ordered(matching(call.workspace, call.body.filter), call.body.sort)
        page_rows, page = page_of(found, PageInput(number=number, size=size))
        return {"items": [wire.summary_to_wire(row) for row in page_rows], "page": page}


COLUMNS: dict[str, tuple[str, Callable[[TaxInvoice], Any]]] = {
    "STATUS": ("상태", lambda row: row.get_status_display()),
    "CANCEL_REASON": ("취소 사유", lambda row: row.end_reason),
    "ISSUANCE_TYPE": ("발행 유형", lambda row: row.get_issuance_type_display()),
    "DOCUMENT_MODIFICATION_TYPE": ("수정 사유", lambda row: row.get_modification_type_display()),
    "IS_DELAYED": ("지연 발행", lambda row: "예" if row.is_delayed else "아니요"),
    "WRITE_DATE": ("작성일", lambda row: row.write_date),
    "ISSUANCE_DUE_DATE": ("발행 기한", lambda row: row.issuance_due_date),
    "TAXATION_TYPE": ("과세 유형", lambda row: row.get_taxation_type_display()),
    "PURPOSE_TYPE": ("영수·청구", lambda row: row.get_purpose_type_display()),
    "SUPPLIER_COMPANY_NAME": ("공급자 상호", lambda row: row.supplier_name),
    "SUPPLIER_BRN": ("공급자 등록번호", lambda row: row.supplier_brn),
    "SUPPLIER_REPRESENTATIVE_NAME": (
        "공급자 대표자",
        lambda row: row.supplier.get("representativeName", ""),
    ),
    "TOTAL_AMOUNT": ("합계 금액", lambda row: row.total_amount),
    "TOTAL_SUPPLY_AMOUNT": ("공급가액", lambda row: row.total_supply_amount),
    "TOTAL_TAX_AMOUNT": ("세액", lambda row: row.total_tax_amount),
    "MEMO": ("메모", lambda row: row.memo),
    "REQUESTED_AT": ("요청 일시", lambda row: row.requested_at),
    "ISSUED_AT": ("발행 일시", lambda row: row.issued_at),
    "NTS_SENT_AT": ("전송 일시", lambda row: row.nts_sent_at),
    "STATUS_UPDATED_AT": ("상태 변경 일시", lambda row: row.status_updated_at),
    "BULK_TAX_INVOICE_ID": ("일괄 ID", lambda row: row.bulk.public_id if row.bulk else ""),
    "PLAIN_ID": ("세금계산서 ID", lambda row: row.public_id),
    "SUPPLIER_DOCUMENT_KEY": ("공급자 문서번호", lambda row: row.supplier_document_key),
    "RECIPIENT_DOCUMENT_KEY": ("공급받는자 문서번호", lambda row: row.recipient_document_key),
    "RECIPIENT_COMPANY_NAME": ("공급받는자 상호", lambda row: row.recipient_name),
    "RECIPIENT_BRN": ("공급받는자 등록번호", lambda row: row.recipient_brn),
    "RECIPIENT_REPRESENTATIVE_NAME": (
        "공급받는자 대표자",
        lambda row: row.recipient.get("representativeName", ""),
    ),
    "SUPPLIER_COUNTERPARTY_ID": (
        "공급자 거래처 ID",
        lambda row: row.supplier_counterparty.public_id if row.supplier_counterparty else "",
    ),
    "RECIPIENT_COUNTERPARTY_ID": (
        "공급받는자 거래처 ID",
        lambda row: row.recipient_counterparty.public_id if row.recipient_counterparty else "",
    ),
    "PAYOUT_ID": ("지급 ID", lambda row: row.source_id),
    "ITEMS": ("품목", lambda row: json.dumps(row.items, ensure_ascii=False)),
}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class InvoiceSheet(WireView):
    tag = "tax-invoices"

    @Operation(
        body=requests.DownloadTaxInvoicesSheetBody,
        returns=None,
        scope=Permission.INVOICE_READ,
        media_type="text/csv",
        operation_id="downloadB2bTaxInvoicesSheet",
        summary="세금계산서 시트 내려받기",
    )
    def get(self, call: Call[requests.DownloadTaxInvoicesSheetBody]) -> bytes:
        found = ordered(matching(call.workspace, call.body.filter), call.body.sort)
        chosen = [COLUMNS[name] for name in given(call.body.fields, []) or COLUMNS]
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(title for title, _ in chosen)
        for row in found[:SHEET_ROWS_MAX].iterator(chunk_size=2000):
            writer.writerow([_cell(value(row)) for _, value in chosen])
        return out.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


class BulkInvoice(WireView):
    tag = "tax-invoices"

    @Operation(
        returns=shapes.BulkTaxInvoice,
        scope=Permission.INVOICE_READ,
        errors=[errors.BulkTaxInvoiceNotFound, errors.ExternalService],
        operation_id="getB2bBulkTaxInvoice",
        summary="일괄 세금계산서 조회",
    )
    def get(self, call: Call[None]) -> dict[str, Any]:
        return wire.bulk_to_wire(find_bulk(call.workspace, call.ids["id"]))
