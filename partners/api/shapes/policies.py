"""Wire shapes (contract.md c): policies."""

from __future__ import annotations

from typing import Literal

from core.api.paging import PageInfo, PageInput
from core.api.wire import UNSET, Int32, Int64, OneOf, Text, Timestamp, UnsetType, Wire


class FixedAmountFee(Wire, tag_field="type", tag="FIXED_AMOUNT"):
    amount: Int64


class FixedRateFee(Wire, tag_field="type", tag="FIXED_RATE"):
    rate: Int32


Fee = FixedAmountFee | FixedRateFee


Payer = Literal[
    "PARTNER",
    "MERCHANT",
]


class AdditionalFeePolicy(Wire):
    id: Text
    graphql_id: Text
    name: Text
    fee: Fee
    memo: Text | UnsetType = UNSET
    vat_payer: Payer
    is_archived: bool
    applied_at: Timestamp
    is_for_test: bool


class ArchiveAdditionalFeePolicyResponse(Wire):
    additional_fee_policy: AdditionalFeePolicy


class RecoverAdditionalFeePolicyResponse(Wire):
    additional_fee_policy: AdditionalFeePolicy


class FeeInput(OneOf):
    fixed_rate: Int32 | UnsetType = UNSET
    fixed_amount: Int64 | UnsetType = UNSET


class UpdateAdditionalFeePolicyBody(Wire):
    fee: FeeInput | UnsetType = UNSET
    name: Text | UnsetType = UNSET
    memo: Text | UnsetType = UNSET
    vat_payer: Payer | UnsetType = UNSET


class RescheduleAdditionalFeePolicyBody(Wire):
    update: UpdateAdditionalFeePolicyBody
    applied_at: Timestamp


class RescheduleAdditionalFeePolicyResponse(Wire):
    scheduled_additional_fee_policy: AdditionalFeePolicy


class ScheduleAdditionalFeePolicyBody(Wire):
    update: UpdateAdditionalFeePolicyBody
    applied_at: Timestamp


class ScheduleAdditionalFeePolicyResponse(Wire):
    scheduled_additional_fee_policy: AdditionalFeePolicy


class CancelAdditionalFeePolicyScheduleResponse(Wire):
    """Nothing."""


class UpdateAdditionalFeePolicyResponse(Wire):
    additional_fee_policy: AdditionalFeePolicy


class AdditionalFeePolicyFilterInputKeyword(OneOf):
    name: Text | UnsetType = UNSET
    id: Text | UnsetType = UNSET
    fee: Text | UnsetType = UNSET


class AdditionalFeePolicyFilterInput(Wire):
    is_archived: bool | UnsetType = UNSET
    vat_payers: list[Payer] | UnsetType = UNSET
    keyword: AdditionalFeePolicyFilterInputKeyword | UnsetType = UNSET


class GetAdditionalFeePoliciesBody(Wire):
    page: PageInput | UnsetType = UNSET
    filter: AdditionalFeePolicyFilterInput | UnsetType = UNSET


class GetAdditionalFeePoliciesResponse(Wire):
    items: list[AdditionalFeePolicy]
    page: PageInfo


class CreateAdditionalFeePolicyBody(Wire):
    id: Text | UnsetType = UNSET
    name: Text
    fee: FeeInput
    memo: Text | UnsetType = UNSET
    vat_payer: Payer


class CreateAdditionalFeePolicyResponse(Wire):
    additional_fee_policy: AdditionalFeePolicy


SettlementCycleDatePolicy = Literal[
    "HOLIDAY_BEFORE",
    "HOLIDAY_AFTER",
    "CALENDAR_DAY",
]


class SettlementCycleMethodDaily(Wire, tag_field="type", tag="DAILY"):
    """Nothing."""


class MonthDay(Wire):
    month: Int32
    day: Int32


class SettlementCycleMethodManualDates(Wire, tag_field="type", tag="MANUAL_DATES"):
    dates: list[MonthDay]


class SettlementCycleMethodMonthly(Wire, tag_field="type", tag="MONTHLY"):
    days_of_month: list[Int32]


DayOfWeek = Literal[
    "SUN",
    "MON",
    "TUE",
    "WED",
    "THU",
    "FRI",
    "SAT",
]


class SettlementCycleMethodWeekly(Wire, tag_field="type", tag="WEEKLY"):
    days_of_week: list[DayOfWeek]


SettlementCycleMethod = (
    SettlementCycleMethodDaily
    | SettlementCycleMethodManualDates
    | SettlementCycleMethodMonthly
    | SettlementCycleMethodWeekly
)


class SettlementCycle(Wire):
    lag_days: Int32
    date_policy: SettlementCycleDatePolicy
    method: SettlementCycleMethod


class Contract(Wire):
    id: Text
    graphql_id: Text
    name: Text
    memo: Text | UnsetType = UNSET
    platform_fee: Fee
    settlement_cycle: SettlementCycle
    platform_fee_vat_payer: Payer
    subtract_payment_vat_amount: bool
    is_archived: bool
    applied_at: Timestamp
    is_for_test: bool


class ArchiveContractResponse(Wire):
    contract: Contract


class RecoverContractResponse(Wire):
    contract: Contract


class SettlementCycleMethodDailyInput(Wire):
    """Nothing."""


class SettlementCycleMethodManualDatesInput(Wire):
    dates: list[MonthDay]


class SettlementCycleMethodMonthlyInput(Wire):
    days_of_month: list[Int32]


class SettlementCycleMethodWeeklyInput(Wire):
    days_of_week: list[DayOfWeek]


class SettlementCycleMethodInput(OneOf):
    daily: SettlementCycleMethodDailyInput | UnsetType = UNSET
    weekly: SettlementCycleMethodWeeklyInput | UnsetType = UNSET
    monthly: SettlementCycleMethodMonthlyInput | UnsetType = UNSET
    manual_dates: SettlementCycleMethodManualDatesInput | UnsetType = UNSET


class SettlementCycleInput(Wire):
    lag_days: Int32
    date_policy: SettlementCycleDatePolicy
    method: SettlementCycleMethodInput


class UpdateContractBody(Wire):
    name: Text | UnsetType = UNSET
    memo: Text | UnsetType = UNSET
    platform_fee: FeeInput | UnsetType = UNSET
    settlement_cycle: SettlementCycleInput | UnsetType = UNSET
    platform_fee_vat_payer: Payer | UnsetType = UNSET
    subtract_payment_vat_amount: bool | UnsetType = UNSET


class RescheduleContractBody(Wire):
    update: UpdateContractBody
    applied_at: Timestamp


class RescheduleContractResponse(Wire):
    scheduled_contract: Contract


class ScheduleContractBody(Wire):
    update: UpdateContractBody
    applied_at: Timestamp


class ScheduleContractResponse(Wire):
    scheduled_contract: Contract


class CancelContractScheduleResponse(Wire):
    """Nothing."""


class UpdateContractResponse(Wire):
    contract: Contract


class ContractFilterInputKeyword(OneOf):
    id: Text | UnsetType = UNSET
    name: Text | UnsetType = UNSET


SettlementCycleType = Literal[
    "DAILY",
    "WEEKLY",
    "MONTHLY",
    "MANUAL_DATES",
]


class ContractFilterInput(Wire):
    platform_fee_payers: list[Payer] | UnsetType = UNSET
    cycle_types: list[SettlementCycleType] | UnsetType = UNSET
    date_policies: list[SettlementCycleDatePolicy] | UnsetType = UNSET
    is_archived: bool | UnsetType = UNSET
    keyword: ContractFilterInputKeyword | UnsetType = UNSET


class GetContractsBody(Wire):
    page: PageInput | UnsetType = UNSET
    filter: ContractFilterInput | UnsetType = UNSET


class GetContractsResponse(Wire):
    items: list[Contract]
    page: PageInfo


class CreateContractBody(Wire):
    id: Text | UnsetType = UNSET
    name: Text
    memo: Text | UnsetType = UNSET
    platform_fee: FeeInput
    settlement_cycle: SettlementCycleInput
    platform_fee_vat_payer: Payer
    subtract_payment_vat_amount: bool


class CreateContractResponse(Wire):
    contract: Contract


class DiscountSharePolicy(Wire):
    id: Text
    graphql_id: Text
    name: Text
    partner_share_rate: Int32
    memo: Text | UnsetType = UNSET
    is_archived: bool
    applied_at: Timestamp
    is_for_test: bool


class ArchiveDiscountSharePolicyResponse(Wire):
    discount_share_policy: DiscountSharePolicy


class RecoverDiscountSharePolicyResponse(Wire):
    discount_share_policy: DiscountSharePolicy


class UpdateDiscountSharePolicyBody(Wire):
    name: Text | UnsetType = UNSET
    partner_share_rate: Int32 | UnsetType = UNSET
    memo: Text | UnsetType = UNSET


class RescheduleDiscountSharePolicyBody(Wire):
    update: UpdateDiscountSharePolicyBody
    applied_at: Timestamp


class RescheduleDiscountSharePolicyResponse(Wire):
    scheduled_discount_share_policy: DiscountSharePolicy


class ScheduleDiscountSharePolicyBody(Wire):
    update: UpdateDiscountSharePolicyBody
    applied_at: Timestamp


class ScheduleDiscountSharePolicyResponse(Wire):
    scheduled_discount_share_policy: DiscountSharePolicy


class CancelDiscountSharePolicyScheduleResponse(Wire):
    """Nothing."""


class UpdateDiscountSharePolicyResponse(Wire):
    discount_share_policy: DiscountSharePolicy


class DiscountSharePolicyFilterInputKeyword(OneOf):
    id: Text | UnsetType = UNSET
    name: Text | UnsetType = UNSET


class DiscountSharePolicyFilterInput(Wire):
    is_archived: bool | UnsetType = UNSET
    partner_share_rates: list[Int32] | UnsetType = UNSET
    keyword: DiscountSharePolicyFilterInputKeyword | UnsetType = UNSET


class GetDiscountSharePoliciesBody(Wire):
    page: PageInput | UnsetType = UNSET
    filter: DiscountSharePolicyFilterInput | UnsetType = UNSET


class GetDiscountSharePoliciesResponse(Wire):
    items: list[DiscountSharePolicy]
    page: PageInfo


class CreateDiscountSharePolicyBody(Wire):
    id: Text | UnsetType = UNSET
    name: Text
    partner_share_rate: Int32
    memo: Text | UnsetType = UNSET


class CreateDiscountSharePolicyResponse(Wire):
    discount_share_policy: DiscountSharePolicy


class DiscountSharePolicyFilterOptions(Wire):
    partner_share_rates: list[Int32]
