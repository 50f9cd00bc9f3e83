"""The verbs of paying; nothing else writes its tables."""

from payouts.queries.plan import Left
from payouts.services.approvals import (
    approve,
    open_approval,
    recall,
    refuse,
    request_approval,
    retry_payouts,
    withdraw_request,
)
from payouts.services.bulk import (
    cancel_bulk_payout,
    cancel_payouts,
    default_name,
    requeue_payouts,
    set_default_memos,
    set_memos,
)
from payouts.services.direct import Completed, complete_payout, mark_failed, mark_paid
from payouts.services.draining import Drained, drain
from payouts.services.execution import execute
from payouts.services.funding import (
    import_deposits,
    open_funding_account,
    record_deposit,
    set_funding_account_active,
)
from payouts.services.generation import Generation, generate_payouts
from payouts.services.inquiries import inquire_now, resolve_unknown
from payouts.services.launching import (
    start_bulk_payout,
    start_due,
    stop_bulk_payout,
    unschedule_bulk_payout,
)
from payouts.services.schedule import reschedule_bulk_payout
from payouts.services.selection import (
    create_bulk_payout,
    select_settlements,
    unselect_settlements,
)

__all__ = [
    "Completed",
    "Drained",
    "Generation",
    "Left",
    "approve",
    "cancel_bulk_payout",
    "cancel_payouts",
    "complete_payout",
    "create_bulk_payout",
    "default_name",
    "drain",
    "execute",
    "generate_payouts",
    "import_deposits",
    "inquire_now",
    "mark_failed",
    "mark_paid",
    "open_approval",
    "open_funding_account",
    "recall",
    "record_deposit",
    "refuse",
    "request_approval",
    "requeue_payouts",
    "reschedule_bulk_payout",
    "resolve_unknown",
    "retry_payouts",
    "select_settlements",
    "set_default_memos",
    "set_funding_account_active",
    "set_memos",
    "start_bulk_payout",
    "start_due",
    "stop_bulk_payout",
    "unschedule_bulk_payout",
    "unselect_settlements",
    "withdraw_request",
]
