"""What must be true of the trail."""

from __future__ import annotations

from core.companies.models import Workspace
from core.events.relay import broken_seal
from core.invariants import Offender, invariant


@invariant("the trail is as it was sealed")
def trail_is_as_sealed(workspace: Workspace) -> list[Offender]:
    sequence = broken_seal(workspace)
    return [] if sequence is None else [{"seal": sequence}]
