"""Wire shapes (contract.md c): partners."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from core.api.wire import UNSET, Bank, Currency, Int64, Text, Timestamp, UnsetType, Wire


class PartnerContractSummary(Wire):
    id: Text
    name: Text


class PartnerFilterOptions(Wire):
    tags: list[Text]
    contract_summary: list[PartnerContractSummary]


PartnerTaxationType = Literal[
    "NORMAL",
    "SIMPLE_TAX_INVOICE_ISSUER",
    "SIMPLE",
    "TAX_FREE",
]


class UserDefinedPropertyValue(Wire):
    string: Text


Properties = dict[str, UserDefinedPropertyValue]


AccountStatus = Literal[
    "VERIFIED",
    "VERIFY_FAILED",
    "VERIFY_ERROR",
    "NOT_VERIFIED",
    "UNKNOWN",
]


class Account(Wire):
    bank: Bank
    currency: Currency
    number: Text
    holder: Text
    status: AccountStatus


class Contact(Wire):
    name: Text
    phone_number: Text | UnsetType = UNSET
    email: Text


PartnerStatus = Literal[
    "PENDING",
    "APPROVED",
    "REJECTED",
]


PartnerBusinessStatus = Literal[
    "NOT_VERIFIED",
    "VERIFY_ERROR",
    "NOT_FOUND",
    "IN_BUSINESS",
    "CLOSED",
    "SUSPENDED",
]


PartnerMemberCompanyConnectionStatus = Literal[
    "NOT_CONNECTED",
    "CONNECT_PENDING",
    "CONNECTED",
    "CONNECT_FAILED",
    "DISCONNECT_PENDING",
]


class PartnerTypeBusiness(Wire, tag_field="type", tag="BUSINESS"):
    company_name: Text
    taxation_type: PartnerTaxationType
    business_status: PartnerBusinessStatus
    business_registration_number: Text
    representative_name: Text
    company_address: Text | UnsetType = UNSET
    business_type: Text | UnsetType = UNSET
    business_class: Text | UnsetType = UNSET
    member_company_connection_status: PartnerMemberCompanyConnectionStatus
    member_company_connection_failed_reason: Text | UnsetType = UNSET


class PartnerTypeNonWhtPayer(Wire, tag_field="type", tag="NON_WHT_PAYER"):
    birthdate: dt.date | UnsetType = UNSET


class PartnerTypeWhtPayer(Wire, tag_field="type", tag="WHT_PAYER"):
    birthdate: dt.date | UnsetType = UNSET


PartnerType = PartnerTypeBusiness | PartnerTypeNonWhtPayer | PartnerTypeWhtPayer


class Partner(Wire):
    id: Text
    graphql_id: Text
    name: Text
    contact: Contact
    account: Account
    status: PartnerStatus
    default_contract_id: Text
    memo: Text | UnsetType = UNSET
    tags: list[Text]
    type: PartnerType
    is_archived: bool
    applied_at: Timestamp
    user_defined_properties: Properties
    is_for_test: bool


class CreatePartnersResponse(Wire):
    partners: list[Partner]


class ConnectPartnerCounterpartyResponse(Wire):
    partner: Partner


PartnerTypeName = Literal[
    "BUSINESS",
    "WHT_PAYER",
    "NON_WHT_PAYER",
]


class BulkTaskProgressStats(Wire):
    prepared_count: Int64
    processing_count: Int64
    succeeded_count: Int64
    failed_count: Int64
    canceled_count: Int64


BulkTaskStatus = Literal[
    "PREPARED",
    "PROCESSING",
    "COMPLETED",
    "CANCELED",
]


BulkTaskType = Literal[
    "CREATE_TRANSFERS",
    "CREATE_PARTNERS",
    "CONNECT_MEMBER_COMPANIES",
    "DISCONNECT_MEMBER_COMPANIES",
    "SEND_PAYOUT_SETTLEMENT_STATEMENTS",
]


class BulkTask(Wire):
    id: Text
    graphql_id: Text
    status: BulkTaskStatus
    type: BulkTaskType
    progress_stats: BulkTaskProgressStats
    is_for_test: bool
    status_updated_at: Timestamp
    created_at: Timestamp
    updated_at: Timestamp


class ConnectBulkPartnerCounterpartyResponse(Wire):
    bulk_task: BulkTask
