"""The verbs of settlement; nothing else writes its tables."""

from settlements.services.adopting import adopt_simulation
from settlements.services.calculator_versions import (
    create_parameter,
    delete_calculator,
    save_calculator,
    update_parameter,
)
from settlements.services.combining import combine_simulations
from settlements.services.deleting import delete_settlements, delete_transfer
from settlements.services.settling import SettleOutcome, settle_due
from settlements.services.simulations import draft_simulation, run_simulation
from settlements.services.status import (
    exclude_settlements,
    follow_payout,
    hold_settlements,
    restore_settlements,
)
from settlements.services.transfers import (
    OrderDraft,
    draft_cancel,
    draft_order,
    register_cancel,
    register_manual,
    register_order,
)

__all__ = [
    "OrderDraft",
    "SettleOutcome",
    "adopt_simulation",
    "combine_simulations",
    "create_parameter",
    "delete_calculator",
    "delete_settlements",
    "delete_transfer",
    "draft_cancel",
    "draft_order",
    "draft_simulation",
    "exclude_settlements",
    "follow_payout",
    "hold_settlements",
    "register_cancel",
    "register_manual",
    "register_order",
    "restore_settlements",
    "run_simulation",
    "save_calculator",
    "settle_due",
    "update_parameter",
]
