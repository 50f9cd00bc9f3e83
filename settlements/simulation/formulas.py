"""The user's own formulas that a simulation is about."""

from __future__ import annotations

from settlements.models import Simulation
from settlements.queries.formula_totals import formula_names


def drafted_names(simulation: Simulation) -> dict[str, str]:
    """Names by key: those of the draft, and of formulas that orders may have been settled with."""
    drafted = simulation.draft.get("calculator", {}).get("settlementFormula", {})
    names = {each["key"]: each["name"] for each in drafted.get("userDefined", ())}
    return formula_names(simulation.workspace) | names


def formulas_in(simulation: Simulation) -> dict[str, str]:
    """Names by key of those that its results hold, whatever the currency."""
    keys = {key for total in simulation.totals.values() for key in total.get("formulas", ())}
    names = drafted_names(simulation) if keys else {}
    return {
        key: names.get(key, key) for key in [*names, *sorted(keys - names.keys())] if key in keys
    }
