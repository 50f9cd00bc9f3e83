"""From a draft on a page to a simulation of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect

from core.companies.access import find
from core.console.access import ConsoleRequest, console_url
from partners.console.contexts import FactChange
from partners.models import Contract, VersionedRow
from partners.services import kinds
from partners.services.kinds import kind_of
from settlements.calculator import Formulas
from settlements.console.formula_rows import side_by_side
from settlements.models import Simulation
from settlements.services import combine_simulations, draft_simulation
from settlements.services.combining import sources_of
from settlements.simulation.base import DRAFTED_KINDS

DRAFT_KEYS = {kind.name: part for part, kind in DRAFTED_KINDS.items() if kind != kinds.PARTNER}
"""Where a draft keeps the snapshot of each kind of terms."""

MOVES = "defaultContractId"
"""What of a partner's snapshot decides how its orders settle."""

TITLE_LENGTH = 200


def simulate_formulas(
    request: ConsoleRequest, drafted: Formulas, in_force: Formulas
) -> HttpResponseBase:
    """Keep the formulas as a draft and go where its months are chosen. Errors: FormulaError."""
    changes = [list(each) for each in side_by_side(in_force, drafted) if each[1] != each[2]]
    return _simulation(request, "계산식 초안", {"calculator": drafted.to_snapshot()}, changes)


def simulate_terms(
    request: ConsoleRequest, row: VersionedRow, draft: dict[str, Any], lines: list[FactChange]
) -> HttpResponseBase:
    """The same for a contract or policy that is being changed."""
    changes = [[line.label, line.before, line.after] for line in lines]
    content = {DRAFT_KEYS[kind_of(row).name]: {row.public_id: draft}}
    return _simulation(request, f"{kind_of(row).word} '{row.name}' 변경안", content, changes)


def simulate_move(
    request: ConsoleRequest, row: VersionedRow, draft: dict[str, Any], lines: list[FactChange]
) -> HttpResponseBase:
    """The same for a partner that is about to come under another contract, as that is today.

    What else changes of it, secrets perhaps, is nobody's who looks at simulations.
    """
    contract = find(Contract, request.workspace, draft[MOVES])
    move = {"contractId": contract.public_id, "contract": kinds.CONTRACT.snapshot(contract)}
    moved = [line for line in lines if line.path == MOVES]
    changes = [[line.label, line.before, line.after] for line in moved]
    content = {"partners": {row.public_id: move}}
    return _simulation(request, f"파트너 '{row.name}' 계약 변경안", content, changes)


def combine(
    request: ConsoleRequest, simulation: Simulation, others: Sequence[Simulation]
) -> HttpResponseBase:
    """The same for several drafts at once. Errors: those of `combine_simulations`."""
    together = [simulation, *others]
    first, *more = dict.fromkeys(title for each in together for title in sources_of(each))
    combined = combine_simulations(
        simulations=together,
        title=f"{first} 외 {len(more)}개"[:TITLE_LENGTH],
        actor=request.actor,
    )
    return redirect(console_url(request, "settlements:simulation", combined.public_id))


def _simulation(
    request: ConsoleRequest, title: str, draft: dict[str, Any], changes: Sequence[list[str]]
) -> HttpResponseBase:
    simulation = draft_simulation(
        workspace=request.workspace,
        actor=request.actor,
        title=title,
        draft=draft,
        changes=changes,
    )
    return redirect(console_url(request, "settlements:simulation", simulation.public_id))
