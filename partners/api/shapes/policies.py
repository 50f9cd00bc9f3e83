"""Wire shapes (contract.md c): policies."""

from __future__ import annotations

from typing import Literal

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


class DiscountSharePolicy(Wire):
    id: Text
    graphql_id: Text
    name: Text
    partner_share_rate: Int32
    memo: Text | UnsetType = UNSET
    is_archived: bool
    applied_at: Timestamp
    is_for_test: bool


class DiscountSharePolicyFilterOptions(Wire):
    partner_share_rates: list[Int32]
