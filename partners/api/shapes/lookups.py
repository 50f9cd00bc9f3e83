"""Wire shapes (contract.md c): lookups."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from core.api.wire import UNSET, Text, UnsetType, Wire


class BusinessInfo(Wire):
    brn: Text
    name: Text
    ceo_name: Text
    zip_code: Text
    address: Text
    business_entity_type: Text
    business_status: Text
    taxation_type: Text
    simplified_taxation_type_date: Text | UnsetType = UNSET
    closing_date: Text | UnsetType = UNSET
    opening_date: Text
    business_type: Text
    business_class: Text
    business_category_code: Text
    corp_reg_no: Text | UnsetType = UNSET
    phone_number: Text | UnsetType = UNSET
    tax_office_code: Text | UnsetType = UNSET
    tax_office_name: Text | UnsetType = UNSET


class BusinessInfoResult(Wire):
    brn: Text
    business_info: BusinessInfo | UnsetType = UNSET
    error: Text | UnsetType = UNSET
    verification_id: Text | UnsetType = UNSET


class GetBusinessInfosResponse(Wire):
    result: list[BusinessInfoResult]


class AccountHolder(Wire):
    holder_name: Text
    account_verification_id: Text


BusinessStatus = Literal[
    "IN_BUSINESS",
    "CLOSED",
    "SUSPENDED",
]


TaxationType = Literal[
    "NORMAL",
    "SIMPLE_TAX_INVOICE_ISSUER",
    "SIMPLE",
    "TAX_FREE",
    "ASSIGNED_ID_NUMBER",
    "SPECIAL",
]


class CompanyState(Wire):
    taxation_type: TaxationType
    taxation_type_date: dt.date | UnsetType = UNSET
    business_status: BusinessStatus
    closed_suspended_date: dt.date | UnsetType = UNSET


class GetCompanyStatePayload(Wire):
    company_state: CompanyState
    company_verification_id: Text
