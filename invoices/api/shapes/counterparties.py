"""Wire shapes (contract.md c): counterparties."""

from __future__ import annotations

from typing import Literal

from core.api.paging import PageInfo, PageInput
from core.api.wire import UNSET, Text, Timestamp, UnsetType, Wire

CertificateType = Literal[
    "E_TAX",
    "PORTONE",
    "ETC",
]


class Certificate(Wire):
    registered_at: Timestamp
    expired_at: Timestamp
    issuer_name: Text
    subject_name: Text
    certificate_type: CertificateType
    oid: Text
    registrant_contact_name: Text
    registrant_contact_id: Text


CounterpartyBusinessStatus = Literal[
    "UNKNOWN",
    "IN_BUSINESS",
    "CLOSED",
    "SUSPENDED",
    "NOT_FOUND",
    "CHECK_PENDING",
    "CHECK_FAILED",
]


class CounterpartyContact(Wire):
    name: Text
    phone_number: Text | UnsetType = UNSET
    email: Text
    memo: Text | UnsetType = UNSET


class CounterpartyVerification(Wire):
    id: Text
    checked_at: Timestamp


NtsConnectionStatus = Literal[
    "NOT_CONNECTED",
    "PENDING_CONNECT",
    "CONNECTED",
    "PENDING_DISCONNECT",
    "ERROR",
]


class Counterparty(Wire):
    id: Text
    graphql_id: Text
    is_for_test: bool
    brn: Text
    company_name: Text
    representative_name: Text
    address: Text | UnsetType = UNSET
    business_type: Text | UnsetType = UNSET
    business_class: Text | UnsetType = UNSET
    contact: CounterpartyContact
    additional_contacts: list[CounterpartyContact]
    memo: Text | UnsetType = UNSET
    nts_connection_status: NtsConnectionStatus
    nts_connected_at: Timestamp | UnsetType = UNSET
    nts_connection_failed_reason: Text | UnsetType = UNSET
    partner_id: Text | UnsetType = UNSET
    business_status: CounterpartyBusinessStatus | UnsetType = UNSET
    business_status_checked_at: Timestamp | UnsetType = UNSET
    business_status_verification: CounterpartyVerification | UnsetType = UNSET
    business_info_verification: CounterpartyVerification | UnsetType = UNSET
    applied_at: Timestamp | UnsetType = UNSET


class CounterpartyCreateOptions(Wire):
    check_business_info: bool | UnsetType = UNSET
    check_business_status: bool | UnsetType = UNSET
    business_info_verification_id: Text | UnsetType = UNSET
    business_status_verification_id: Text | UnsetType = UNSET


class CounterpartyContactInput(Wire):
    name: Text
    phone_number: Text | UnsetType = UNSET
    email: Text
    memo: Text | UnsetType = UNSET


class CounterpartyInput(Wire):
    brn: Text
    name: Text | UnsetType = UNSET
    representative_name: Text | UnsetType = UNSET
    address: Text | UnsetType = UNSET
    business_type: Text | UnsetType = UNSET
    business_class: Text | UnsetType = UNSET
    contact: CounterpartyContactInput | UnsetType = UNSET
    additional_contacts: list[CounterpartyContactInput] | UnsetType = UNSET
    memo: Text | UnsetType = UNSET


class UpdateCounterpartyBody(Wire):
    counterparty: CounterpartyInput
    options: CounterpartyCreateOptions | UnsetType = UNSET


class UpdateCounterpartyResponse(Wire):
    counterparty: Counterparty


class CounterpartyFilter(Wire):
    id: Text | UnsetType = UNSET
    brn: Text | UnsetType = UNSET
    company_name: Text | UnsetType = UNSET
    representative_name: Text | UnsetType = UNSET
    contact_name: Text | UnsetType = UNSET
    contact_phone: Text | UnsetType = UNSET
    contact_email: Text | UnsetType = UNSET
    business_statuses: list[CounterpartyBusinessStatus] | UnsetType = UNSET
    nts_connection_statuses: list[NtsConnectionStatus] | UnsetType = UNSET
    counterparty_ids: list[Text] | UnsetType = UNSET


class GetCounterpartiesBody(Wire):
    page: PageInput | UnsetType = UNSET
    filter: CounterpartyFilter | UnsetType = UNSET


class GetCounterpartiesResponse(Wire):
    page: PageInfo
    items: list[Counterparty]


class CreateCounterpartyBody(Wire):
    counterparty_id: Text | UnsetType = UNSET
    counterparty: CounterpartyInput
    options: CounterpartyCreateOptions | UnsetType = UNSET


class CreateCounterpartyResponse(Wire):
    counterparty: Counterparty
