"""Short-lived addresses of a document: PDF, print, pop-up (contract.md c.10)."""

from __future__ import annotations

from core.api.operations import Call, Operation, WireView
from core.companies.models import Permission
from invoices.api.shapes import tax_invoices as shapes
from invoices.api.tax_invoices import FOUND, KEY_QUERY, TAG, addressed
from invoices.pages.papers import paper_url


class PdfUrl(WireView):
    tag = TAG

    @Operation(
        returns=shapes.GetTaxInvoicePdfDownloadUrlResponse,
        scope=Permission.INVOICE_READ,
        errors=FOUND,
        query=KEY_QUERY,
        operation_id="getB2bTaxInvoicePdfDownloadUrl",
        summary="세금계산서 PDF 주소 조회",
    )
    def get(self, call: Call[None]) -> dict[str, str]:
        return {"url": paper_url(addressed(call), "pdf")}


class PrintUrl(WireView):
    tag = TAG

    @Operation(
        returns=shapes.GetTaxInvoicePrintUrlResponse,
        scope=Permission.INVOICE_READ,
        errors=FOUND,
        query=KEY_QUERY,
        operation_id="getB2bTaxInvoicePrintUrl",
        summary="세금계산서 인쇄 주소 조회",
    )
    def get(self, call: Call[None]) -> dict[str, str]:
        return {"url": paper_url(addressed(call), "print")}


class PopupUrl(WireView):
    tag = TAG

    @Operation(
        returns=shapes.GetTaxInvoicePopupUrlResponse,
        scope=Permission.INVOICE_READ,
        errors=FOUND,
        query=KEY_QUERY | {"includeMenu": bool},
        operation_id="getB2bTaxInvoicePopupUrl",
        summary="세금계산서 팝업 주소 조회",
    )
    def get(self, call: Call[None]) -> dict[str, str]:
        return {"url": paper_url(addressed(call), "popup")}
