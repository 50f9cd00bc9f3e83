"""Wire shapes (contract.md c): payouts."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from core.api.paging import PageInfo, PageInput
from core.api.wire import (
    UNSET,
    AtMostOne,
    Bank,
    Currency,
    Int32,
    Int64,
    Text,
    Timestamp,
    UnsetType,
    Wire,
)
from partners.api.shapes.partners import Partner, PartnerTaxationType, PartnerTypeName
from partners.api.shapes.settings import SettlementAmountType


class DateTimeRange(Wire):
    from_: Timestamp = msgspec.field(name="from")
    until: Timestamp


class BulkPayoutFilterInputCriteria(AtMostOne):
    timestamp_range: DateTimeRange | UnsetType = UNSET
    status_updated_timestamp_range: DateTimeRange | UnsetType = UNSET
    bulk_payout_id: Text | UnsetType = UNSET


BulkPayoutStatus = Literal[
    "PREPARING",
    "PREPARED",
    "ONGOING",
    "POST_PROCESS_PENDING",
    "CANCELLED",
    "COMPLETED",
]


PayoutMethod = Literal[
    "DIRECT",
    "AGENCY",
]


class BulkPayoutFilterInput(Wire):
    statuses: list[BulkPayoutStatus] | UnsetType = UNSET
    methods: list[PayoutMethod] | UnsetType = UNSET
    criteria: BulkPayoutFilterInputCriteria | UnsetType = UNSET


class GetBulkPayoutsBody(Wire):
    is_for_test: bool | UnsetType = UNSET
    page: PageInput | UnsetType = UNSET
    filter: BulkPayoutFilterInput | UnsetType = UNSET


class PayoutStatusStats(Wire):
    confirmed: Int64
    prepared: Int64
    cancelled: Int64
    stopped: Int64
    processing: Int64
    succeeded: Int64
    failed: Int64
    scheduled: Int64


class BulkPayoutStats(Wire):
    amount: PayoutStatusStats
    count: PayoutStatusStats


class BulkPayout(Wire):
    id: Text
    graphql_id: Text
    name: Text
    creator_id: Text
    method: PayoutMethod
    total_payout_amount: Int64
    total_settlement_amount: Int64
    status: BulkPayoutStatus
    payout_stats: BulkPayoutStats
    status_updated_at: Timestamp
    created_at: Timestamp
    updated_at: Timestamp


class BulkPayoutStatusStats(Wire):
    preparing: Int64
    prepared: Int64
    ongoing: Int64
    post_process_pending: Int64
    completed: Int64
    cancelled: Int64


class GetBulkPayoutsResponse(Wire):
    items: list[BulkPayout]
    page: PageInfo
    counts: BulkPayoutStatusStats


class CompletePayoutByPartnerSettlementIdsBody(Wire):
    bulk_payout_id: Text
    name: Text | UnsetType = UNSET
    partner_settlement_ids: list[Text]
    completed_at: dt.date | UnsetType = UNSET
    is_for_test: bool | UnsetType = UNSET


class CompletePayoutByPartnerSettlementIdsResponse(Wire):
    bulk_payout_id: Text | UnsetType = UNSET
    bulk_payout_graphql_id: Text | UnsetType = UNSET
    payout_count: Int32
    partner_settlement_count: Int32


class PayoutFilterInputCriteria(AtMostOne):
    timestamp_range: DateTimeRange | UnsetType = UNSET
    status_updated_timestamp_range: DateTimeRange | UnsetType = UNSET
    scheduled_timestamp_range: DateTimeRange | UnsetType = UNSET
    settlement_statement_issued_timestamp_range: DateTimeRange | UnsetType = UNSET
    payout_id: Text | UnsetType = UNSET
    bulk_payout_id: Text | UnsetType = UNSET
    tax_invoice_id: Text | UnsetType = UNSET
    settlement_statement_id: Text | UnsetType = UNSET


PayoutSettlementStatementStatus = Literal[
    "UNSENT",
    "SENT",
    "SEND_FAILED",
    "SEND_PREPARED",
]


PayoutStatus = Literal[
    "CONFIRMED",
    "PREPARED",
    "CANCELLED",
    "STOPPED",
    "PROCESSING",
    "SUCCEEDED",
    "FAILED",
    "SCHEDULED",
]


PayoutTaxInvoiceStatus = Literal[
    "NONE",
    "DRAFTED",
    "DRAFT_PENDING",
    "DRAFT_FAILED",
    "REQUESTED",
    "REQUEST_PENDING",
    "REQUEST_FAILED",
    "REQUEST_CANCELLED",
    "REQUEST_REFUSED",
    "ISSUED",
    "ISSUE_PENDING",
    "ISSUE_FAILED",
    "ISSUANCE_CANCELLED",
    "CANCEL_PENDING",
    "BEFORE_SENDING",
    "WAITING_SENDING",
    "SENDING",
    "SENDING_PENDING",
    "SENDING_COMPLETED",
    "SENDING_FAILED",
]


class PayoutFilterInput(Wire):
    statuses: list[PayoutStatus] | UnsetType = UNSET
    partner_ids: list[Text] | UnsetType = UNSET
    criteria: PayoutFilterInputCriteria
    payout_account_banks: list[Bank] | UnsetType = UNSET
    partner_tags: list[Text] | UnsetType = UNSET
    payout_currencies: list[Currency] | UnsetType = UNSET
    payout_ids: list[Text] | UnsetType = UNSET
    tax_invoice_statuses: list[PayoutTaxInvoiceStatus] | UnsetType = UNSET
    partner_types: list[PartnerTypeName] | UnsetType = UNSET
    partner_taxation_types: list[PartnerTaxationType] | UnsetType = UNSET
    settlement_statement_statuses: list[PayoutSettlementStatementStatus] | UnsetType = UNSET


class GetPayoutsBody(Wire):
    is_for_test: bool | UnsetType = UNSET
    page: PageInput | UnsetType = UNSET
    filter: PayoutFilterInput | UnsetType = UNSET


class PayoutAccount(Wire):
    bank: Bank
    number: Text
    holder: Text


class PayoutSettlementStatementSummary(Wire):
    status: PayoutSettlementStatementStatus
    id: Text | UnsetType = UNSET
    issued_at: Timestamp | UnsetType = UNSET


class Payout(Wire):
    id: Text
    graphql_id: Text
    bulk_payout_id: Text
    bulk_payout_graphql_id: Text
    method: PayoutMethod
    status: PayoutStatus
    status_updated_at: Timestamp
    memo: Text | UnsetType = UNSET
    partner: Partner
    account: PayoutAccount
    tax_invoice_id: Text | UnsetType = UNSET
    tax_invoice_status: PayoutTaxInvoiceStatus
    currency: Currency
    amount: Int64
    supply_amount: Int64
    tax_free_amount: Int64
    vat_amount: Int64
    settlement_amount: Int64
    settlement_tax_free_amount: Int64
    income_tax_amount: Int64
    local_income_tax_amount: Int64
    withdrawal_memo: Text | UnsetType = UNSET
    deposit_memo: Text | UnsetType = UNSET
    created_at: Timestamp
    scheduled_at: Timestamp | UnsetType = UNSET
    fail_reason: Text | UnsetType = UNSET
    deduct_wht: bool
    settlement_amount_type: SettlementAmountType
    settlement_statement: PayoutSettlementStatementSummary


class GetPayoutsResponse(Wire):
    items: list[Payout]
    page: PageInfo
    counts: PayoutStatusStats
