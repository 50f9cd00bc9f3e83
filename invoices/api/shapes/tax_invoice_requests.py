"""Wire shapes (contract.md c): tax invoice requests."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from core.api.wire import UNSET, Int32, Int64, OneOf, Text, UnsetType, Wire
from invoices.api.shapes.tax_invoices import (
    TaxInvoiceAdditionalContact,
    TaxInvoiceCompany,
    TaxInvoiceDocumentModificationType,
    TaxInvoiceIssuanceType,
    TaxInvoiceItem,
    TaxInvoiceModificationType,
    TaxInvoicePurposeType,
    TaxInvoiceStatus,
    TaxInvoiceTaxationType,
)


class CreateFileUploadUrlBody(Wire):
    file_name: Text


TaxInvoiceSortBy = Literal[
    "WRITE_DATE",
    "ISSUANCE_DUE_DATE",
    "TOTAL_AMOUNT",
    "TOTAL_SUPPLY_AMOUNT",
    "TOTAL_TAX_AMOUNT",
    "REQUESTED_AT",
    "ISSUED_AT",
    "NTS_SENT_AT",
    "STATUS_UPDATED_AT",
]


SortOrder = Literal[
    "DESC",
    "ASC",
]


class TaxInvoiceSortInput(Wire):
    by: TaxInvoiceSortBy | UnsetType = UNSET
    order: SortOrder | UnsetType = UNSET


SearchDateType = Literal[
    "REGISTER",
    "WRITE",
    "ISSUE",
]


class DateRangeOption(Wire):
    from_: dt.date | UnsetType = msgspec.field(name="from", default=UNSET)
    until: dt.date | UnsetType = UNSET


class GetTaxInvoicesBodyDateFilter(Wire):
    date_type: SearchDateType | UnsetType = UNSET
    date_range: list[DateRangeOption] | UnsetType = UNSET


class GetTaxInvoicesBodyPrimaryFilter(OneOf):
    date_filter: GetTaxInvoicesBodyDateFilter | UnsetType = UNSET
    tax_invoice_id: Text | UnsetType = UNSET
    bulk_tax_invoice_id: Text | UnsetType = UNSET
    nts_approval_number: Text | UnsetType = UNSET
    supplier_document_key: Text | UnsetType = UNSET
    recipient_document_key: Text | UnsetType = UNSET
    tax_invoice_ids: list[Text] | UnsetType = UNSET
    payout_id: Text | UnsetType = UNSET


class GetTaxInvoicesBodyFilter(Wire):
    primary_filter: GetTaxInvoicesBodyPrimaryFilter | UnsetType = UNSET
    supplier_brn: Text | UnsetType = UNSET
    partner_brn: Text | UnsetType = UNSET
    statuses: list[TaxInvoiceStatus] | UnsetType = UNSET
    taxation_types: list[TaxInvoiceTaxationType] | UnsetType = UNSET
    document_modification_types: list[TaxInvoiceDocumentModificationType] | UnsetType = UNSET
    is_delayed: bool | UnsetType = UNSET
    issuance_types: list[TaxInvoiceIssuanceType] | UnsetType = UNSET
    purpose_types: list[TaxInvoicePurposeType] | UnsetType = UNSET
    counterparty_id: Text | UnsetType = UNSET
    include_brn_match: bool | UnsetType = UNSET


TaxInvoicesSheetField = Literal[
    "STATUS",
    "CANCEL_REASON",
    "ISSUANCE_TYPE",
    "DOCUMENT_MODIFICATION_TYPE",
    "IS_DELAYED",
    "WRITE_DATE",
    "ISSUANCE_DUE_DATE",
    "TAXATION_TYPE",
    "PURPOSE_TYPE",
    "SUPPLIER_COMPANY_NAME",
    "SUPPLIER_BRN",
    "SUPPLIER_REPRESENTATIVE_NAME",
    "TOTAL_AMOUNT",
    "TOTAL_SUPPLY_AMOUNT",
    "TOTAL_TAX_AMOUNT",
    "MEMO",
    "REQUESTED_AT",
    "ISSUED_AT",
    "NTS_SENT_AT",
    "STATUS_UPDATED_AT",
    "BULK_TAX_INVOICE_ID",
    "PLAIN_ID",
    "SUPPLIER_DOCUMENT_KEY",
    "RECIPIENT_DOCUMENT_KEY",
    "RECIPIENT_COMPANY_NAME",
    "RECIPIENT_BRN",
    "RECIPIENT_REPRESENTATIVE_NAME",
    "SUPPLIER_COUNTERPARTY_ID",
    "RECIPIENT_COUNTERPARTY_ID",
    "PAYOUT_ID",
    "ITEMS",
]


class DownloadTaxInvoicesSheetBody(Wire):
    filter: GetTaxInvoicesBodyFilter | UnsetType = UNSET
    fields: list[TaxInvoicesSheetField] | UnsetType = UNSET
    test: bool | UnsetType = UNSET
    sort: TaxInvoiceSortInput | UnsetType = UNSET


class TaxInvoiceInput(Wire):
    taxation_type: TaxInvoiceTaxationType
    issuance_type: TaxInvoiceIssuanceType | UnsetType = UNSET
    serial_number: Text | UnsetType = UNSET
    book_volume: Int32 | UnsetType = UNSET
    book_issue: Int32 | UnsetType = UNSET
    write_date: dt.date
    purpose_type: TaxInvoicePurposeType
    total_supply_amount: Int64
    total_tax_amount: Int64
    total_amount: Int64
    cash_amount: Int64 | UnsetType = UNSET
    check_amount: Int64 | UnsetType = UNSET
    credit_amount: Int64 | UnsetType = UNSET
    note_amount: Int64 | UnsetType = UNSET
    remarks: list[Text] | UnsetType = UNSET
    supplier_document_key: Text | UnsetType = UNSET
    supplier: TaxInvoiceCompany | UnsetType = UNSET
    recipient_document_key: Text | UnsetType = UNSET
    recipient: TaxInvoiceCompany
    send_sms: bool | UnsetType = UNSET
    items: list[TaxInvoiceItem] | UnsetType = UNSET
    additional_contacts: list[TaxInvoiceAdditionalContact] | UnsetType = UNSET
    use_counterparty_additional_contacts: bool | UnsetType = UNSET


TaxInvoiceKeyType = Literal[
    "SUPPLIER",
    "RECIPIENT",
    "TAX_INVOICE_ID",
]


class UpdateTaxInvoiceDraftBody(Wire):
    brn: Text | UnsetType = UNSET
    tax_invoice_key: Text
    tax_invoice_key_type: TaxInvoiceKeyType | UnsetType = UNSET
    tax_invoice: TaxInvoiceInput
    memo: Text | UnsetType = UNSET


class TaxInvoiceModificationCreateBody(Wire):
    type: TaxInvoiceModificationType
    brn: Text | UnsetType = UNSET
    tax_invoice_key: Text
    tax_invoice_key_type: TaxInvoiceKeyType | UnsetType = UNSET


class DraftTaxInvoiceBody(Wire):
    tax_invoice: TaxInvoiceInput
    modification: TaxInvoiceModificationCreateBody | UnsetType = UNSET
    memo: Text | UnsetType = UNSET
    create_recipient_counterparty: bool | UnsetType = UNSET


class IssueTaxInvoiceImmediatelyBody(Wire):
    tax_invoice: TaxInvoiceInput
    memo: Text | UnsetType = UNSET
    modification: TaxInvoiceModificationCreateBody | UnsetType = UNSET
    create_recipient_counterparty: bool | UnsetType = UNSET


class RequestTaxInvoiceReverseIssuanceBody(Wire):
    tax_invoice: TaxInvoiceInput
    memo: Text | UnsetType = UNSET
    modification: TaxInvoiceModificationCreateBody | UnsetType = UNSET


class AttachTaxInvoiceFileBody(Wire):
    file_id: Text


class CancelTaxInvoiceIssuanceBody(Wire):
    memo: Text | UnsetType = UNSET


class CancelTaxInvoiceRequestBody(Wire):
    memo: Text | UnsetType = UNSET


class IssueTaxInvoiceBody(Wire):
    memo: Text | UnsetType = UNSET
    email_subject: Text | UnsetType = UNSET


class RefuseTaxInvoiceRequestBody(Wire):
    memo: Text | UnsetType = UNSET


class GetTaxInvoicesBody(Wire):
    test: bool | UnsetType = UNSET
    page_number: Int32 | UnsetType = UNSET
    page_size: Int32 | UnsetType = UNSET
    filter: GetTaxInvoicesBodyFilter | UnsetType = UNSET
    sort: TaxInvoiceSortInput | UnsetType = UNSET
