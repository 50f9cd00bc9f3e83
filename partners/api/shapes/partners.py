"""Wire shapes (contract.md c): partners."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from core.api.paging import PageInfo, PageInput
from core.api.wire import UNSET, Bank, Currency, Int64, OneOf, Text, Timestamp, UnsetType, Wire


class PartnerContractSummary(Wire):
    id: Text
    name: Text


class PartnerFilterOptions(Wire):
    tags: list[Text]
    contract_summary: list[PartnerContractSummary]


class CreatePartnerBodyAccount(Wire):
    bank: Bank
    currency: Currency
    number: Text
    holder: Text
    account_verification_id: Text | UnsetType = UNSET


class CreatePartnerBodyContact(Wire):
    name: Text
    phone_number: Text | UnsetType = UNSET
    email: Text


PartnerTaxationType = Literal[
    "NORMAL",
    "SIMPLE_TAX_INVOICE_ISSUER",
    "SIMPLE",
    "TAX_FREE",
]


class CreatePartnerBodyTypeBusiness(Wire):
    company_name: Text
    taxation_type: PartnerTaxationType | UnsetType = UNSET
    business_registration_number: Text
    representative_name: Text
    company_address: Text | UnsetType = UNSET
    business_type: Text | UnsetType = UNSET
    business_class: Text | UnsetType = UNSET
    company_verification_id: Text | UnsetType = UNSET


class CreatePartnerBodyTypeNonWhtPayer(Wire):
    birthdate: dt.date | UnsetType = UNSET


class CreatePartnerBodyTypeWhtPayer(Wire):
    birthdate: dt.date | UnsetType = UNSET


class CreatePartnerBodyType(OneOf):
    business: CreatePartnerBodyTypeBusiness | UnsetType = UNSET
    wht_payer: CreatePartnerBodyTypeWhtPayer | UnsetType = UNSET
    non_wht_payer: CreatePartnerBodyTypeNonWhtPayer | UnsetType = UNSET


class UserDefinedPropertyValue(Wire):
    string: Text


Properties = dict[str, UserDefinedPropertyValue]


class CreatePartnerBody(Wire):
    id: Text | UnsetType = UNSET
    name: Text
    contact: CreatePartnerBodyContact
    account: CreatePartnerBodyAccount
    default_contract_id: Text
    memo: Text | UnsetType = UNSET
    tags: list[Text]
    type: CreatePartnerBodyType
    user_defined_properties: Properties | UnsetType = UNSET


class CreatePartnersBody(Wire):
    partners: list[CreatePartnerBody]


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


class PartnerFilterInputKeyword(OneOf):
    id: Text | UnsetType = UNSET
    name: Text | UnsetType = UNSET
    email: Text | UnsetType = UNSET
    business_registration_number: Text | UnsetType = UNSET
    default_contract_id: Text | UnsetType = UNSET
    memo: Text | UnsetType = UNSET
    account_number: Text | UnsetType = UNSET
    account_holder: Text | UnsetType = UNSET


PartnerTypeName = Literal[
    "BUSINESS",
    "WHT_PAYER",
    "NON_WHT_PAYER",
]


class PartnerFilterInput(Wire):
    is_archived: bool | UnsetType = UNSET
    tags: list[Text] | UnsetType = UNSET
    banks: list[Bank] | UnsetType = UNSET
    account_currencies: list[Currency] | UnsetType = UNSET
    ids: list[Text] | UnsetType = UNSET
    contract_ids: list[Text] | UnsetType = UNSET
    account_statuses: list[AccountStatus] | UnsetType = UNSET
    business_statuses: list[PartnerBusinessStatus] | UnsetType = UNSET
    types: list[PartnerTypeName] | UnsetType = UNSET
    taxation_types: list[PartnerTaxationType] | UnsetType = UNSET
    member_company_connection_statuses: list[PartnerMemberCompanyConnectionStatus] | UnsetType = (
        UNSET
    )
    keyword: PartnerFilterInputKeyword | UnsetType = UNSET


class ConnectBulkPartnerCounterpartyBody(Wire):
    filter: PartnerFilterInput | UnsetType = UNSET


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


class DisconnectPartnerCounterpartyResponse(Wire):
    partner: Partner


class DisconnectBulkPartnerCounterpartyBody(Wire):
    filter: PartnerFilterInput | UnsetType = UNSET


class DisconnectBulkPartnerCounterpartyResponse(Wire):
    bulk_task: BulkTask


class SchedulePartnersBodyUpdateAccount(Wire):
    bank: Bank
    currency: Currency
    number: Text
    holder: Text
    account_verification_id: Text | UnsetType = UNSET


class SchedulePartnersBodyUpdateContact(Wire):
    name: Text | UnsetType = UNSET
    phone_number: Text | UnsetType = UNSET
    email: Text | UnsetType = UNSET


class SchedulePartnersBodyUpdateTypeBusiness(Wire):
    company_name: Text | UnsetType = UNSET
    taxation_type: PartnerTaxationType | UnsetType = UNSET
    business_registration_number: Text | UnsetType = UNSET
    representative_name: Text | UnsetType = UNSET
    company_address: Text | UnsetType = UNSET
    business_type: Text | UnsetType = UNSET
    business_class: Text | UnsetType = UNSET
    company_verification_id: Text | UnsetType = UNSET


class SchedulePartnersBodyUpdateTypeNonWhtPayer(Wire):
    birthdate: dt.date | UnsetType = UNSET


class SchedulePartnersBodyUpdateTypeWhtPayer(Wire):
    birthdate: dt.date | UnsetType = UNSET


class SchedulePartnersBodyUpdateType(OneOf):
    business: SchedulePartnersBodyUpdateTypeBusiness | UnsetType = UNSET
    wht_payer: SchedulePartnersBodyUpdateTypeWhtPayer | UnsetType = UNSET
    non_wht_payer: SchedulePartnersBodyUpdateTypeNonWhtPayer | UnsetType = UNSET


class SchedulePartnersBodyUpdate(Wire):
    name: Text | UnsetType = UNSET
    contact: SchedulePartnersBodyUpdateContact | UnsetType = UNSET
    type: SchedulePartnersBodyUpdateType | UnsetType = UNSET
    account: SchedulePartnersBodyUpdateAccount | UnsetType = UNSET
    default_contract_id: Text | UnsetType = UNSET
    memo: Text | UnsetType = UNSET
    tags: list[Text] | UnsetType = UNSET
    user_defined_properties: Properties | UnsetType = UNSET


class SchedulePartnersBody(Wire):
    filter: PartnerFilterInput | UnsetType = UNSET
    update: SchedulePartnersBodyUpdate
    applied_at: Timestamp


class SchedulePartnersResponse(Wire):
    """Nothing."""


class ArchivePartnerResponse(Wire):
    partner: Partner


class RecoverPartnerResponse(Wire):
    partner: Partner


class UpdatePartnerBodyAccount(Wire):
    bank: Bank
    currency: Currency
    number: Text
    holder: Text
    account_verification_id: Text | UnsetType = UNSET


class UpdatePartnerBodyContact(Wire):
    name: Text | UnsetType = UNSET
    phone_number: Text | UnsetType = UNSET
    email: Text | UnsetType = UNSET


class UpdatePartnerBodyTypeBusiness(Wire):
    company_name: Text | UnsetType = UNSET
    taxation_type: PartnerTaxationType | UnsetType = UNSET
    business_registration_number: Text | UnsetType = UNSET
    representative_name: Text | UnsetType = UNSET
    company_address: Text | UnsetType = UNSET
    business_type: Text | UnsetType = UNSET
    business_class: Text | UnsetType = UNSET
    company_verification_id: Text | UnsetType = UNSET


class UpdatePartnerBodyTypeNonWhtPayer(Wire):
    birthdate: dt.date | UnsetType = UNSET


class UpdatePartnerBodyTypeWhtPayer(Wire):
    birthdate: dt.date | UnsetType = UNSET


class UpdatePartnerBodyType(OneOf):
    business: UpdatePartnerBodyTypeBusiness | UnsetType = UNSET
    wht_payer: UpdatePartnerBodyTypeWhtPayer | UnsetType = UNSET
    non_wht_payer: UpdatePartnerBodyTypeNonWhtPayer | UnsetType = UNSET


class UpdatePartnerBody(Wire):
    name: Text | UnsetType = UNSET
    contact: UpdatePartnerBodyContact | UnsetType = UNSET
    account: UpdatePartnerBodyAccount | UnsetType = UNSET
    default_contract_id: Text | UnsetType = UNSET
    memo: Text | UnsetType = UNSET
    tags: list[Text] | UnsetType = UNSET
    type: UpdatePartnerBodyType | UnsetType = UNSET
    user_defined_properties: Properties | UnsetType = UNSET


class ReschedulePartnerBody(Wire):
    update: UpdatePartnerBody
    applied_at: Timestamp


class ReschedulePartnerResponse(Wire):
    scheduled_partner: Partner


class SchedulePartnerBody(Wire):
    update: UpdatePartnerBody
    applied_at: Timestamp


class SchedulePartnerResponse(Wire):
    scheduled_partner: Partner


class CancelPartnerScheduleResponse(Wire):
    """Nothing."""


class UpdatePartnerResponse(Wire):
    partner: Partner


class GetPartnersBody(Wire):
    page: PageInput | UnsetType = UNSET
    filter: PartnerFilterInput | UnsetType = UNSET


class GetPartnersResponse(Wire):
    items: list[Partner]
    page: PageInfo


class CreatePartnerResponse(Wire):
    partner: Partner
