"""Wire shapes (contract.md c): settings."""

from __future__ import annotations

from typing import Literal

from core.api.wire import UNSET, Text, UnsetType, Wire

SettlementAmountType = Literal[
    "NET",
    "GROSS",
]


class Setting(Wire):
    default_withdrawal_memo: Text | UnsetType = UNSET
    default_deposit_memo: Text | UnsetType = UNSET
    supports_multiple_order_transfers_per_partner: bool
    adjust_settlement_date_after_holiday_if_earlier: bool
    deduct_wht: bool
    settlement_amount_type: SettlementAmountType
    is_for_test: bool
    manual_settlement_per_transfer: bool


class UpdateSettingResponse(Wire):
    setting: Setting
