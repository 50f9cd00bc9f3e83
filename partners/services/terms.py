"""Put what an input says onto a contract or policy row."""

from __future__ import annotations

from typing import Any

from msgspec import UnsetType, to_builtins

from core.api.wire import given
from partners import inputs
from partners.models import AdditionalFeePolicy, Contract, CycleType, DiscountSharePolicy
from partners.services.references import References

CYCLE_TYPES = {
    "daily": (CycleType.DAILY, ""),
    "weekly": (CycleType.WEEKLY, "days_of_week"),
    "monthly": (CycleType.MONTHLY, "days_of_month"),
    "manual_dates": (CycleType.MANUAL_DATES, "dates"),
}


def change_contract(
    row: Contract,
    update: inputs.CreateContract | inputs.UpdateContract,
    references: References,
) -> None:
    row.name = given(update.name, row.name)
    row.memo = given(update.memo, row.memo)
    row.fee_vat_payer = given(update.platform_fee_vat_payer, row.fee_vat_payer)
    row.subtract_payment_vat = given(update.subtract_payment_vat_amount, row.subtract_payment_vat)
    if not isinstance(update.platform_fee, UnsetType):
        row.fee_rate, row.fee_amount = _fee_columns(update.platform_fee)
    if not isinstance(update.settlement_cycle, UnsetType):
        _change_cycle(row, update.settlement_cycle)


def change_discount_share(
    row: DiscountSharePolicy,
    update: inputs.CreateDiscountSharePolicy | inputs.UpdateDiscountSharePolicy,
    references: References,
) -> None:
    row.name = given(update.name, row.name)
    row.memo = given(update.memo, row.memo)
    row.partner_share_rate = given(update.partner_share_rate, row.partner_share_rate)


def change_additional_fee(
    row: AdditionalFeePolicy,
    update: inputs.CreateAdditionalFeePolicy | inputs.UpdateAdditionalFeePolicy,
    references: References,
) -> None:
    row.name = given(update.name, row.name)
    row.memo = given(update.memo, row.memo)
    row.vat_payer = given(update.vat_payer, row.vat_payer)
    if not isinstance(update.fee, UnsetType):
        row.fee_rate, row.fee_amount = _fee_columns(update.fee)


def _fee_columns(fee: inputs.Fee) -> tuple[int | None, int | None]:
    name, value = fee.choice
    return (value, None) if name == "fixed_rate" else (None, value)


def _change_cycle(row: Contract, cycle: inputs.SettlementCycle) -> None:
    name, method = cycle.method.choice
    row.cycle_type, days = CYCLE_TYPES[name]
    row.cycle_days = _without_repeats(to_builtins(getattr(method, days))) if days else []
    row.lag_days = cycle.lag_days
    row.date_policy = cycle.date_policy


def _without_repeats(days: list[Any]) -> list[Any]:
    return [day for index, day in enumerate(days) if day not in days[:index]]
