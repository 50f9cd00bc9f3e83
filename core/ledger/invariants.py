"""What must be true of every ledger."""

from __future__ import annotations

from core.companies.models import Workspace
from core.invariants import Offender, invariant
from core.ledger.queries import gaps


@invariant("the trial balance is zero in every currency")
def trial_balance_is_zero(workspace: Workspace) -> list[Offender]:
    return [{"currency": currency, "gap": gap} for currency, gap in gaps(workspace).items()]
