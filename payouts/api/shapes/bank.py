"""Wire shapes (contract.md c): bank."""

from __future__ import annotations

from typing import Literal

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
from payouts.api.shapes.payouts import DateTimeRange

AccountTransferStatus = Literal[
    "PREPARED",
    "SCHEDULED",
    "CANCELLED",
    "STOPPED",
    "PROCESSING",
    "ASYNC_PROCESSING",
    "SUCCEEDED",
    "FAILED",
]


AccountTransferType = Literal[
    "DEPOSIT",
    "WITHDRAWAL",
]


class AccountTransferFilter(Wire):
    trade_timestamp_range: DateTimeRange | UnsetType = UNSET
    created_timestamp_range: DateTimeRange | UnsetType = UNSET
    status_updated_timestamp_range: DateTimeRange | UnsetType = UNSET
    scheduled_timestamp_range: DateTimeRange | UnsetType = UNSET
    account_transfer_id: Text | UnsetType = UNSET
    bank_account_id: Text | UnsetType = UNSET
    bulk_account_transfer_id: Text | UnsetType = UNSET
    payout_id: Text | UnsetType = UNSET
    account_transfer_ids: list[Text] | UnsetType = UNSET
    types: list[AccountTransferType] | UnsetType = UNSET
    statuses: list[AccountTransferStatus] | UnsetType = UNSET
    depositor_name: Text | UnsetType = UNSET
    deposit_account_holder: Text | UnsetType = UNSET
    deposit_memo: Text | UnsetType = UNSET
    withdrawal_memo: Text | UnsetType = UNSET


class GetAccountTransfersBody1(Wire):
    is_for_test: bool | UnsetType = UNSET
    page: PageInput | UnsetType = UNSET
    filter: AccountTransferFilter | UnsetType = UNSET


BankAccountProvider = Literal[
    "HYPHEN_DATA",
    "HYPHEN_FIRM",
    "DOZN",
    "MOCK",
]


class BankAccountDetail(Wire):
    account_number: Text
    bank: Bank
    provider: BankAccountProvider
    holder: Text | UnsetType = UNSET


class DepositAccountTransfer(Wire, tag_field="type", tag="DEPOSIT"):
    id: Text
    bank_account_id: Text
    bank_account_graphql_id: Text
    bank_account: BankAccountDetail
    currency: Currency
    amount: Int64
    deposit_memo: Text | UnsetType = UNSET
    traded_at: Timestamp | UnsetType = UNSET
    created_at: Timestamp
    updated_at: Timestamp
    depositor_name: Text
    is_for_test: bool
    status_updated_at: Timestamp
    status: AccountTransferStatus


WithdrawalType = Literal[
    "PARTNER_PAYOUT",
    "REMIT",
]


class WithdrawalAccountTransfer(Wire, tag_field="type", tag="WITHDRAWAL"):
    id: Text
    bank_account_id: Text
    bank_account_graphql_id: Text
    bank_account: BankAccountDetail
    sequence_number: Int32 | UnsetType = UNSET
    currency: Currency
    deposit_bank: Bank
    deposit_account_number: Text
    deposit_account_holder: Text
    amount: Int64
    withdrawal_memo: Text | UnsetType = UNSET
    deposit_memo: Text | UnsetType = UNSET
    balance: Int64 | UnsetType = UNSET
    fail_reason: Text | UnsetType = UNSET
    traded_at: Timestamp | UnsetType = UNSET
    created_at: Timestamp
    updated_at: Timestamp
    is_for_test: bool
    withdrawal_type: WithdrawalType
    partner_id: Text | UnsetType = UNSET
    partner_graphql_id: Text | UnsetType = UNSET
    bulk_payout_id: Text | UnsetType = UNSET
    bulk_payout_graphql_id: Text | UnsetType = UNSET
    payout_id: Text | UnsetType = UNSET
    payout_graphql_id: Text | UnsetType = UNSET
    bulk_account_transfer_id: Text | UnsetType = UNSET
    bulk_account_transfer_graphql_id: Text | UnsetType = UNSET
    document_id: Text | UnsetType = UNSET
    status_updated_at: Timestamp
    status: AccountTransferStatus
    scheduled_at: Timestamp | UnsetType = UNSET


AccountTransfer = DepositAccountTransfer | WithdrawalAccountTransfer


class AccountTransferStatusStats(Wire):
    prepared: Int64
    scheduled: Int64
    cancelled: Int64
    stopped: Int64
    processing: Int64
    async_processing: Int64
    succeeded: Int64
    failed: Int64


class GetAccountTransfersResponse(Wire):
    items: list[AccountTransfer]
    page: PageInfo
    counts: AccountTransferStatusStats


class BulkAccountTransferFilterInputCriteria(AtMostOne):
    timestamp_range: DateTimeRange | UnsetType = UNSET
    status_updated_timestamp_range: DateTimeRange | UnsetType = UNSET
    bulk_account_transfer_id: Text | UnsetType = UNSET


BulkAccountTransferStatus = Literal[
    "PREPARED",
    "SCHEDULED",
    "ONGOING",
    "COMPLETED",
]


class BulkAccountTransferFilterInput(Wire):
    statuses: list[BulkAccountTransferStatus] | UnsetType = UNSET
    criteria: BulkAccountTransferFilterInputCriteria | UnsetType = UNSET


class GetBulkAccountTransfersBody(Wire):
    is_for_test: bool | UnsetType = UNSET
    page: PageInput | UnsetType = UNSET
    filter: BulkAccountTransferFilterInput | UnsetType = UNSET


class BulkAccountTransferStats(Wire):
    amount: AccountTransferStatusStats
    count: AccountTransferStatusStats


class BulkAccountTransfer(Wire):
    id: Text
    graphql_id: Text
    creator_id: Text
    bank_account_id: Text
    bank_account_graphql_id: Text
    total_amount: Int64
    status: BulkAccountTransferStatus
    stats: BulkAccountTransferStats
    status_updated_at: Timestamp
    created_at: Timestamp
    updated_at: Timestamp
    scheduled_at: Timestamp | UnsetType = UNSET


class BulkAccountTransferStatusStats(Wire):
    prepared: Int64
    scheduled: Int64
    ongoing: Int64
    completed: Int64


class GetBulkAccountTransfersResponse(Wire):
    items: list[BulkAccountTransfer]
    page: PageInfo
    counts: BulkAccountTransferStatusStats
