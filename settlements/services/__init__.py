"""The verbs of settlement; nothing else writes its tables."""

from settlements.services.deleting import delete_settlements, delete_transfer
from settlements.services.settling import SettleOutcome, settle_due
from settlements.services.status import (
    exclude_settlements,
    follow_payout,
    hold_settlements,
    restore_settlements,
)
from settlements.services.transfers import register_cancel, register_manual, register_order

__all__ = [
    "SettleOutcome",
    "delete_settlements",
    "delete_transfer",
    "exclude_settlements",
    "follow_payout",
    "hold_settlements",
    "register_cancel",
    "register_manual",
    "register_order",
    "restore_settlements",
    "settle_due",
]
