"""Wire shapes (contract.md c): policies."""

from __future__ import annotations

from typing import Literal

from core.api.paging import PageInfo
from core.api.wire import UNSET, Int32, Int64, Text, Timestamp, UnsetType, Wire


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


class RescheduleAdditionalFeePolicyResponse(Wire):
    scheduled_additional_fee_policy: AdditionalFeePolicy


class ScheduleAdditionalFeePolicyResponse(Wire):
    scheduled_additional_fee_policy: AdditionalFeePolicy


class CancelAdditionalFeePolicyScheduleResponse(Wire):
    """Nothing."""


class UpdateAdditionalFeePolicyResponse(Wire):
    additional_fee_policy: AdditionalFeePolicy


class GetAdditionalFeePoliciesResponse(Wire):
    items: list[AdditionalFeePolicy]
    page: PageInfo


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


class RescheduleContractResponse(Wire):
    scheduled_contract: Contract


class ScheduleContractResponse(Wire):
    scheduled_contract: Contract


class CancelContractScheduleResponse(Wire):
    """Nothing."""


class UpdateContractResponse(Wire):
    contract: Contract


class GetContractsResponse(Wire):
    items: list[Contract]
    page: PageInfo


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


class RescheduleDiscountSharePolicyResponse(Wire):
    scheduled_discount_share_policy: DiscountSharePolicy


class ScheduleDiscountSharePolicyResponse(Wire):
    scheduled_discount_share_policy: DiscountSharePolicy


class CancelDiscountSharePolicyScheduleResponse(Wire):
    """Nothing."""


class UpdateDiscountSharePolicyResponse(Wire):
    discount_share_policy: DiscountSharePolicy


class GetDiscountSharePoliciesResponse(Wire):
    items: list[DiscountSharePolicy]
    page: PageInfo


class CreateDiscountSharePolicyResponse(Wire):
    discount_share_policy: DiscountSharePolicy


class DiscountSharePolicyFilterOptions(Wire):
    partner_share_rates: list[Int32]
