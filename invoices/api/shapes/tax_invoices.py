"""Wire shapes (contract.md c): tax invoices."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from core.api.paging import PageInfo
from core.api.wire import UNSET, Int32, Int64, Text, Timestamp, UnsetType, Wire

BulkTaxInvoiceSourceType = Literal[
    "SHEET",
    "PLATFORM",
]


BulkTaxInvoiceStatus = Literal[
    "DRAFT_PENDING",
    "DRAFTED",
    "REQUEST_PENDING",
    "ISSUE_PENDING",
    "IN_PROGRESS",
    "COMPLETED",
    "FAILED",
    "CANCELLED",
]


TaxInvoiceIssuanceType = Literal[
    "NORMAL",
    "REVERSE",
]


class BulkTaxInvoiceStat(Wire):
    count: Int32
    amount_sum: Int64


StatMap = dict[str, BulkTaxInvoiceStat]


class BulkTaxInvoice(Wire):
    id: Text
    graphql_id: Text
    name: Text | UnsetType = UNSET
    status: BulkTaxInvoiceStatus
    total_invoice_count: Int32
    total_amount: Int64
    stats: StatMap
    created_at: Timestamp
    scheduled_at: Timestamp | UnsetType = UNSET
    requested_at: Timestamp | UnsetType = UNSET
    status_updated_at: Timestamp
    source_type: BulkTaxInvoiceSourceType
    issuance_type: TaxInvoiceIssuanceType


class CreateFileUploadUrlPayload(Wire):
    file_id: Text
    url: Text


TaxInvoiceStatus = Literal[
    "DRAFTED",
    "DRAFT_PENDING",
    "DRAFT_FAILED",
    "REQUESTED",
    "REQUEST_PENDING",
    "REQUEST_FAILED",
    "REQUEST_CANCELLED",
    "ISSUED",
    "ISSUE_PENDING",
    "ISSUE_FAILED",
    "BEFORE_SENDING",
    "WAITING_SENDING",
    "SENDING",
    "SENDING_COMPLETED",
    "SENDING_FAILED",
    "REQUEST_REFUSED",
    "ISSUANCE_CANCELLED",
    "CANCEL_PENDING",
    "SENDING_PENDING",
]


TaxInvoiceTaxationType = Literal[
    "TAXABLE",
    "ZERO_RATED",
    "FREE",
]


TaxInvoiceDocumentModificationType = Literal[
    "NORMAL",
    "MODIFICATION",
]


TaxInvoicePurposeType = Literal[
    "RECEIPT",
    "INVOICE",
    "NONE",
]


class TaxInvoiceContact(Wire):
    name: Text | UnsetType = UNSET
    department: Text | UnsetType = UNSET
    phone_number: Text | UnsetType = UNSET
    mobile_phone_number: Text | UnsetType = UNSET
    email: Text


class TaxInvoiceCompany(Wire):
    brn: Text | UnsetType = UNSET
    counterparty_id: Text | UnsetType = UNSET
    tax_registration_id: Text | UnsetType = UNSET
    name: Text | UnsetType = UNSET
    representative_name: Text | UnsetType = UNSET
    address: Text | UnsetType = UNSET
    business_type: Text | UnsetType = UNSET
    business_class: Text | UnsetType = UNSET
    contact: TaxInvoiceContact | UnsetType = UNSET


class DecimalNumber(Wire):
    value: Int64
    scale: Int32 | UnsetType = UNSET


class TaxInvoiceItem(Wire):
    purchase_date: dt.date | UnsetType = UNSET
    name: Text | UnsetType = UNSET
    spec: Text | UnsetType = UNSET
    quantity: DecimalNumber | UnsetType = UNSET
    unit_cost_amount: DecimalNumber | UnsetType = UNSET
    supply_cost_amount: Int64 | UnsetType = UNSET
    tax_amount: Int64 | UnsetType = UNSET
    remark: Text | UnsetType = UNSET


class TaxInvoiceAdditionalContact(Wire):
    name: Text | UnsetType = UNSET
    email: Text
    phone_number: Text | UnsetType = UNSET


TaxInvoiceModificationType = Literal[
    "CORRECTION_OF_ENTRY_ERRORS",
    "CHANGE_IN_SUPPLY_COST",
    "RETURN",
    "CANCELLATION_OF_CONTRACT",
    "DUPLICATE_ISSUANCE_DUE_TO_ERROR",
]


class TaxInvoiceModification(Wire):
    type: TaxInvoiceModificationType
    original_nts_approval_number: Text
    original_tax_invoice_id: Text
    root_tax_invoice_id: Text


class TaxInvoice(Wire):
    id: Text
    status: TaxInvoiceStatus
    taxation_type: TaxInvoiceTaxationType
    document_modification_type: TaxInvoiceDocumentModificationType
    is_delayed: bool | UnsetType = UNSET
    issuance_type: TaxInvoiceIssuanceType
    bulk_tax_invoice_id: Text | UnsetType = UNSET
    serial_number: Text | UnsetType = UNSET
    book_volume: Int32 | UnsetType = UNSET
    book_issue: Int32 | UnsetType = UNSET
    write_date: dt.date
    issuance_due_date: dt.date
    purpose_type: TaxInvoicePurposeType
    total_supply_amount: Int64
    total_tax_amount: Int64
    total_amount: Int64
    cash_amount: Int64 | UnsetType = UNSET
    check_amount: Int64 | UnsetType = UNSET
    credit_amount: Int64 | UnsetType = UNSET
    note_amount: Int64 | UnsetType = UNSET
    remarks: list[Text]
    supplier_document_key: Text | UnsetType = UNSET
    supplier: TaxInvoiceCompany
    recipient_document_key: Text | UnsetType = UNSET
    recipient: TaxInvoiceCompany
    send_sms: bool | UnsetType = UNSET
    modification: TaxInvoiceModification | UnsetType = UNSET
    items: list[TaxInvoiceItem]
    additional_contacts: list[TaxInvoiceAdditionalContact]
    memo: Text | UnsetType = UNSET
    drafted_at: Timestamp | UnsetType = UNSET
    requested_at: Timestamp | UnsetType = UNSET
    issued_at: Timestamp | UnsetType = UNSET
    status_updated_at: Timestamp | UnsetType = UNSET
    nts_sent_at: Timestamp | UnsetType = UNSET
    nts_approval_number: Text | UnsetType = UNSET
    nts_result: Text | UnsetType = UNSET
    nts_result_code: Text | UnsetType = UNSET
    nts_result_received_at: Timestamp | UnsetType = UNSET
    deleted_at: Timestamp | UnsetType = UNSET


class UpdateTaxInvoiceDraftResponse(Wire):
    tax_invoice: TaxInvoice


class DraftTaxInvoiceResponse(Wire):
    tax_invoice: TaxInvoice


class IssueTaxInvoiceImmediatelyResponse(Wire):
    tax_invoice: TaxInvoice


class RequestTaxInvoiceReverseIssuanceResponse(Wire):
    tax_invoice: TaxInvoice


class TaxInvoiceAttachment(Wire):
    id: Text
    name: Text
    attached_at: Timestamp


class GetTaxInvoiceAttachmentsResponse(Wire):
    attachments: list[TaxInvoiceAttachment]


class IssueTaxInvoiceResponse(Wire):
    tax_invoice: TaxInvoice


class GetTaxInvoicePdfDownloadUrlResponse(Wire):
    url: Text


class GetTaxInvoicePopupUrlResponse(Wire):
    url: Text


class GetTaxInvoicePrintUrlResponse(Wire):
    url: Text


CompanyStateBusinessStatus = Literal[
    "IN_BUSINESS",
    "CLOSED",
    "SUSPENDED",
]


class TaxInvoiceSummary(Wire):
    id: Text
    taxation_type: TaxInvoiceTaxationType
    document_modification_type: TaxInvoiceDocumentModificationType
    is_delayed: bool | UnsetType = UNSET
    issuance_type: TaxInvoiceIssuanceType
    bulk_tax_invoice_id: Text | UnsetType = UNSET
    payout_id: Text | UnsetType = UNSET
    total_supply_amount: Int64
    total_tax_amount: Int64
    total_amount: Int64
    purpose_type: TaxInvoicePurposeType
    supplier_brn: Text
    supplier_name: Text
    supplier_representative_name: Text
    supplier_document_key: Text | UnsetType = UNSET
    supplier_counterparty_id: Text | UnsetType = UNSET
    recipient_brn: Text
    recipient_name: Text
    recipient_representative_name: Text
    recipient_document_key: Text | UnsetType = UNSET
    recipient_counterparty_id: Text | UnsetType = UNSET
    recipient_business_status: CompanyStateBusinessStatus | UnsetType = UNSET
    recipient_closed_suspended_date: dt.date | UnsetType = UNSET
    write_date: dt.date
    issuance_due_date: dt.date
    status: TaxInvoiceStatus
    drafted_at: Timestamp | UnsetType = UNSET
    requested_at: Timestamp | UnsetType = UNSET
    issued_at: Timestamp | UnsetType = UNSET
    opened_at: Timestamp | UnsetType = UNSET
    status_updated_at: Timestamp
    nts_sent_at: Timestamp | UnsetType = UNSET
    nts_approval_number: Text | UnsetType = UNSET
    nts_result: Text | UnsetType = UNSET
    nts_result_received_at: Timestamp | UnsetType = UNSET
    nts_result_code: Text | UnsetType = UNSET
    memo: Text | UnsetType = UNSET
    items: list[TaxInvoiceItem]


class GetTaxInvoicesResponse(Wire):
    items: list[TaxInvoiceSummary]
    page: PageInfo
