"""The terms an order is calculated with: contract, discount share, additional fee (c.2, c.3).

Each is built from the wire-shaped snapshot that versions and transfers hold. Rates are in 10⁻⁵.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.errors import InvalidRequest

Snapshot = Mapping[str, Any]

PARTNER = "PARTNER"
"""The payer of a VAT when it is not the merchant."""


class DatePolicy(StrEnum):
    HOLIDAY_BEFORE = "HOLIDAY_BEFORE"
    HOLIDAY_AFTER = "HOLIDAY_AFTER"
    CALENDAR_DAY = "CALENDAR_DAY"


class CycleMethod(StrEnum):
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    MANUAL_DATES = "MANUAL_DATES"


WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
"""In the order of date.weekday()."""


@dataclass(frozen=True, slots=True)
class Fee:
    """A rate or a fixed amount of won; the one that does not apply is 0."""

    rate: int = 0
    amount: int = 0
    is_fixed_amount: bool = False

    @classmethod
    def from_snapshot(cls, snapshot: Snapshot) -> Fee:
        if snapshot["type"] == "FIXED_AMOUNT":
            return cls(amount=snapshot["amount"], is_fixed_amount=True)
        return cls(rate=snapshot["rate"])


@dataclass(frozen=True, slots=True)
class Cycle:
    """When settlements fall due (contract.md e). What `days` holds depends on the method:

    weekdays from Monday = 0, days of the month, or (month, day) pairs; nothing for DAILY.
    """

    lag_days: int
    date_policy: DatePolicy
    method: CycleMethod
    days: tuple[int, ...] = ()
    month_days: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        has_days = self.month_days if self.method is CycleMethod.MANUAL_DATES else self.days
        if self.method is not CycleMethod.DAILY and not has_days:
            raise InvalidRequest("정산 주기에 정산 요일이나 날짜가 없습니다.")

    @classmethod
    def from_snapshot(cls, snapshot: Snapshot) -> Cycle:
        method = snapshot["method"]
        dates = sorted((day["month"], day["day"]) for day in method.get("dates", ()))
        weekdays = map(WEEKDAYS.index, method.get("daysOfWeek", ()))
        return cls(
            lag_days=snapshot["lagDays"],
            date_policy=DatePolicy(snapshot["datePolicy"]),
            method=CycleMethod(method["type"]),
            days=tuple(sorted({*weekdays, *method.get("daysOfMonth", ())})),
            month_days=tuple(dates),
        )


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """What of a contract decides amounts and dates (contract.md c.2)."""

    fee: Fee
    partner_pays_fee_vat: bool
    subtracts_payment_vat: bool
    cycle: Cycle

    @classmethod
    def from_snapshot(cls, snapshot: Snapshot) -> ContractTerms:
        return cls(
            fee=Fee.from_snapshot(snapshot["platformFee"]),
            partner_pays_fee_vat=snapshot["platformFeeVatPayer"] == PARTNER,
            subtracts_payment_vat=snapshot["subtractPaymentVatAmount"],
            cycle=Cycle.from_snapshot(snapshot["settlementCycle"]),
        )


@dataclass(frozen=True, slots=True)
class DiscountShareTerms:
    """The part of a discount that the partner bears (contract.md c.3)."""

    id: str
    rate: int

    @classmethod
    def from_snapshot(cls, snapshot: Snapshot) -> DiscountShareTerms:
        return cls(id=snapshot["id"], rate=snapshot["partnerShareRate"])


@dataclass(frozen=True, slots=True)
class AdditionalFeeTerms:
    """A fee beside the contract's own (contract.md c.3)."""

    id: str
    fee: Fee
    partner_pays_vat: bool

    @classmethod
    def from_snapshot(cls, snapshot: Snapshot) -> AdditionalFeeTerms:
        return cls(
            id=snapshot["id"],
            fee=Fee.from_snapshot(snapshot["fee"]),
            partner_pays_vat=snapshot["vatPayer"] == PARTNER,
        )
