"""What must be true of every ledger."""

from __future__ import annotations

from core.companies.models import Workspace
from core.invariants import Offender, invariant
from core.ledger.queries import trial_balance


@invariant("the trial balance is zero")
def trial_balance_is_zero(workspace: Workspace) -> list[Offender]:
    gap = sum(trial_balance(workspace).values())
    return [{"gap": gap}] if gap else []
