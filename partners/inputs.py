"""What callers say about partners and policies: the request shapes of contract.md c, typed.

The API decodes them from JSON; forms, files and tests build them with `parse`. In an Update an
absent field means "leave as it is".
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from django.utils.translation import gettext as _
from msgspec import UNSET, Meta, UnsetType

from core.api.wire import Amount, Currency, Id, OneOf, Rate, Text, Wire
from core.errors import InvalidRequest
from core.shapes import convert
from partners.banks import BANKS
from partners.models import (
    AccountStatus,
    BusinessStatus,
    ConnectionStatus,
    CycleType,
    DatePolicy,
    PartnerType,
    SettlementAmountType,
    TaxationType,
    VatPayer,
)

NO_NUL = r"^[^\x00]*$"
Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=NO_NUL)]
ShortName = Annotated[str, Meta(min_length=1, max_length=100, pattern=NO_NUL)]
Line = Annotated[str, Meta(max_length=300, pattern=NO_NUL)]
Kind = Annotated[str, Meta(max_length=100, pattern=NO_NUL)]
Memo = Annotated[str, Meta(max_length=256, pattern=NO_NUL)]
BankMemo = Annotated[str, Meta(max_length=20, pattern=NO_NUL)]
Phone = Annotated[str, Meta(max_length=20, pattern=NO_NUL)]
Email = Annotated[
    str,
    Meta(
        max_length=254,
        pattern=r"^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+(?!\n)$",
        examples=["settlement@example.com"],
    ),
]
Tag = Annotated[str, Meta(min_length=1, max_length=50, pattern=NO_NUL)]
Tags = Annotated[list[Tag], Meta(max_length=10)]
Day = Annotated[int, Meta(ge=1, le=31)]
Weekday = Literal["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

Shape = TypeVar("Shape")


def parse(shape: type[Shape], body: Mapping[str, Any]) -> Shape:
    """A typed input from a dict in wire spelling, or INVALID_REQUEST naming the wrong place."""
    try:
        return convert(body, shape)
    except msgspec.ValidationError as error:
        message = _("입력이 올바르지 않습니다: %(error)s") % {"error": error}
        raise InvalidRequest(message) from error


# Contracts and policies (contract.md c.2, c.3)


class Fee(OneOf):
    fixed_rate: Rate | UnsetType = UNSET
    fixed_amount: Amount | UnsetType = UNSET


class Daily(Wire):
    pass


class Weekly(Wire):
    days_of_week: Annotated[list[Weekday], Meta(min_length=1)]


class Monthly(Wire):
    days_of_month: Annotated[list[Day], Meta(min_length=1)]


class MonthDay(Wire):
    month: Annotated[int, Meta(ge=1, le=12)]
    day: Day

    def __post_init__(self) -> None:
        if self.day > calendar.monthrange(2024, self.month)[1]:
            raise ValueError("no such day in that month")


MONTH_DAY = re.compile(r"([0-9]{1,2})[/월-]([0-9]{1,2})일?")


def month_day(text: str) -> dict[str, int] | None:
    """3/31, 3-31 or 3월31일 in the spelling of MonthDay; None when it is none of them."""
    found = MONTH_DAY.fullmatch(text)
    return {"month": int(found.group(1)), "day": int(found.group(2))} if found else None


class ManualDates(Wire):
    dates: Annotated[list[MonthDay], Meta(min_length=1)]


class CycleMethod(OneOf):
    daily: Daily | UnsetType = UNSET
    weekly: Weekly | UnsetType = UNSET
    monthly: Monthly | UnsetType = UNSET
    manual_dates: ManualDates | UnsetType = UNSET


class SettlementCycle(Wire):
    lag_days: Annotated[int, Meta(ge=1, le=10)]
    date_policy: DatePolicy
    method: CycleMethod


class CreateContract(Wire):
    name: Name
    platform_fee: Fee
    settlement_cycle: SettlementCycle
    platform_fee_vat_payer: VatPayer
    subtract_payment_vat_amount: bool
    id: Id | UnsetType = UNSET
    memo: Memo | UnsetType = UNSET


class UpdateContract(Wire):
    name: Name | UnsetType = UNSET
    memo: Memo | UnsetType = UNSET
    platform_fee: Fee | UnsetType = UNSET
    settlement_cycle: SettlementCycle | UnsetType = UNSET
    platform_fee_vat_payer: VatPayer | UnsetType = UNSET
    subtract_payment_vat_amount: bool | UnsetType = UNSET


class CreateDiscountSharePolicy(Wire):
    name: Name
    partner_share_rate: Rate
    id: Id | UnsetType = UNSET
    memo: Memo | UnsetType = UNSET


class UpdateDiscountSharePolicy(Wire):
    name: Name | UnsetType = UNSET
    partner_share_rate: Rate | UnsetType = UNSET
    memo: Memo | UnsetType = UNSET


class CreateAdditionalFeePolicy(Wire):
    name: Name
    fee: Fee
    vat_payer: VatPayer
    id: Id | UnsetType = UNSET
    memo: Memo | UnsetType = UNSET


class UpdateAdditionalFeePolicy(Wire):
    name: Name | UnsetType = UNSET
    fee: Fee | UnsetType = UNSET
    vat_payer: VatPayer | UnsetType = UNSET
    memo: Memo | UnsetType = UNSET


# Partners (contract.md c.1)


class Contact(Wire):
    name: ShortName
    email: Email
    phone_number: Phone | UnsetType = UNSET


class ContactUpdate(Wire):
    name: ShortName | UnsetType = UNSET
    email: Email | UnsetType = UNSET
    phone_number: Phone | UnsetType = UNSET


class Account(Wire):
    bank: Annotated[str, Meta(extra_json_schema={"enum": sorted(BANKS)})]
    currency: Currency
    number: Annotated[str, Meta(min_length=4, max_length=40)]
    holder: ShortName
    account_verification_id: Id | UnsetType = UNSET

    def __post_init__(self) -> None:
        if self.bank not in BANKS:
            raise ValueError(f"unknown bank {self.bank}")


class Business(Wire):
    company_name: Name
    business_registration_number: Text
    representative_name: ShortName
    taxation_type: TaxationType = TaxationType.NORMAL
    company_address: Line | UnsetType = UNSET
    business_type: Kind | UnsetType = UNSET
    business_class: Kind | UnsetType = UNSET
    company_verification_id: Id | UnsetType = UNSET


class BusinessUpdate(Wire):
    company_name: Name | UnsetType = UNSET
    business_registration_number: Text | UnsetType = UNSET
    representative_name: ShortName | UnsetType = UNSET
    taxation_type: TaxationType | UnsetType = UNSET
    company_address: Line | UnsetType = UNSET
    business_type: Kind | UnsetType = UNSET
    business_class: Kind | UnsetType = UNSET
    company_verification_id: Id | UnsetType = UNSET


class Person(Wire):
    birthdate: dt.date | UnsetType = UNSET


class PartnerKind(OneOf):
    business: Business | UnsetType = UNSET
    wht_payer: Person | UnsetType = UNSET
    non_wht_payer: Person | UnsetType = UNSET


class PartnerKindUpdate(OneOf):
    business: BusinessUpdate | UnsetType = UNSET
    wht_payer: Person | UnsetType = UNSET
    non_wht_payer: Person | UnsetType = UNSET


KIND_OF_CHOICE = {
    "business": PartnerType.BUSINESS,
    "wht_payer": PartnerType.WHT_PAYER,
    "non_wht_payer": PartnerType.NON_WHT_PAYER,
}


class PropertyValue(Wire):
    string: Annotated[str, Meta(max_length=500, pattern=NO_NUL)]


Properties = dict[str, PropertyValue]


class CreatePartner(Wire):
    name: Name
    contact: Contact
    account: Account
    default_contract_id: Text
    tags: Tags
    type: PartnerKind
    id: Id | UnsetType = UNSET
    memo: Memo | UnsetType = UNSET
    user_defined_properties: Properties | UnsetType = UNSET


class UpdatePartner(Wire):
    name: Name | UnsetType = UNSET
    contact: ContactUpdate | UnsetType = UNSET
    account: Account | UnsetType = UNSET
    default_contract_id: Text | UnsetType = UNSET
    tags: Tags | UnsetType = UNSET
    memo: Memo | UnsetType = UNSET
    type: PartnerKindUpdate | UnsetType = UNSET
    user_defined_properties: Properties | UnsetType = UNSET


# Settings (contract.md c.4)


class UpdateSetting(Wire):
    """PortOne's settings and, below the line, ours: same operation, more fields."""

    default_withdrawal_memo: BankMemo | UnsetType = UNSET
    default_deposit_memo: BankMemo | UnsetType = UNSET
    supports_multiple_order_transfers_per_partner: bool | UnsetType = UNSET
    adjust_settlement_date_after_holiday_if_earlier: bool | UnsetType = UNSET
    deduct_wht: bool | UnsetType = UNSET
    settlement_amount_type: SettlementAmountType | UnsetType = UNSET
    manual_settlement_per_transfer: bool | UnsetType = UNSET

    issues_commission_invoices: bool | UnsetType = UNSET
    requests_supply_invoices: bool | UnsetType = UNSET


class UpdateSafeguards(UpdateSetting):
    """With the guards of money, which people change in the console and programs never do."""

    requires_second_person: bool | UnsetType = UNSET
    requires_otp: bool | UnsetType = UNSET
    account_change_hold_hours: Annotated[int, Meta(ge=0, le=720)] | UnsetType = UNSET


# Filters of lists (contract.md c.11): absent or empty means no restriction


class PartnerKeyword(OneOf):
    id: Text | UnsetType = UNSET
    name: Text | UnsetType = UNSET
    email: Text | UnsetType = UNSET
    business_registration_number: Text | UnsetType = UNSET
    default_contract_id: Text | UnsetType = UNSET
    memo: Text | UnsetType = UNSET
    account_number: Text | UnsetType = UNSET
    account_holder: Text | UnsetType = UNSET


class PartnerFilter(Wire):
    is_archived: bool = False
    tags: list[Text] = []
    banks: list[Text] = []
    account_currencies: list[Text] = []
    ids: list[Text] = []
    contract_ids: list[Text] = []
    account_statuses: list[AccountStatus] = []
    business_statuses: list[BusinessStatus] = []
    types: list[PartnerType] = []
    taxation_types: list[TaxationType] = []
    member_company_connection_statuses: list[ConnectionStatus] = []
    keyword: PartnerKeyword | UnsetType = UNSET


class PolicyKeyword(OneOf):
    id: Text | UnsetType = UNSET
    name: Text | UnsetType = UNSET


class FeePolicyKeyword(OneOf):
    id: Text | UnsetType = UNSET
    name: Text | UnsetType = UNSET
    fee: Text | UnsetType = UNSET


class ContractFilter(Wire):
    is_archived: bool = False
    platform_fee_payers: list[VatPayer] = []
    cycle_types: list[CycleType] = []
    date_policies: list[DatePolicy] = []
    keyword: PolicyKeyword | UnsetType = UNSET


class DiscountSharePolicyFilter(Wire):
    is_archived: bool = False
    partner_share_rates: list[int] = []
    keyword: PolicyKeyword | UnsetType = UNSET


class AdditionalFeePolicyFilter(Wire):
    is_archived: bool = False
    vat_payers: list[VatPayer] = []
    keyword: FeePolicyKeyword | UnsetType = UNSET
