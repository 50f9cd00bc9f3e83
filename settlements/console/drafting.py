"""From a draft on a page to a simulation of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect

from core.console.access import ConsoleRequest, console_url
from core.money import Rounding
from partners.console.contexts import FactChange
from partners.models import VersionedRow
from partners.services import kinds
from partners.services.kinds import kind_of
from settlements.calculator import Formulas
from settlements.console.formula_rows import rows_of
from settlements.explaining import ROUNDING_LABELS
from settlements.services import draft_simulation

DRAFT_KEYS = {
    kinds.CONTRACT.name: "contracts",
    kinds.DISCOUNT_SHARE.name: "discountSharePolicies",
    kinds.ADDITIONAL_FEE.name: "additionalFeePolicies",
}
"""Where a draft keeps the snapshot of each kind (settlements.models.Simulation)."""


def simulate_formulas(
    request: ConsoleRequest, drafted: Formulas, in_force: Formulas
) -> HttpResponseBase:
    """Keep the formulas as a draft and go where its months are chosen. Errors: FormulaError."""
    return _simulation(
        request, "계산식 초안", {"calculator": drafted.to_snapshot()}, changed(in_force, drafted)
    )


def simulate_terms(
    request: ConsoleRequest, row: VersionedRow, draft: dict[str, Any], lines: list[FactChange]
) -> HttpResponseBase:
    """The same for a contract or policy that is being changed."""
    changes = [[line.label, line.before, line.after] for line in lines]
    content = {DRAFT_KEYS[kind_of(row).name]: {row.public_id: draft}}
    return _simulation(request, f"{kind_of(row).word} '{row.name}' 변경안", content, changes)


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


def changed(before: Formulas, after: Formulas) -> list[list[str]]:
    """What differs between two sets of formulas: label, before, after."""
    old, new = _facts(before), _facts(after)
    return [
        [label, old.get(label, ""), new.get(label, "")]
        for label in dict.fromkeys([*old, *new])
        if old.get(label) != new.get(label)
    ]


def _facts(formulas: Formulas) -> dict[str, str]:
    rows = rows_of(formulas)
    facts = {
        f"{row.label} {row.result_key}".strip(): (
            f"{row.text} ({ROUNDING_LABELS[Rounding(row.rounding)]})"
        )
        for row in rows
    }
    facts["계산 순서"] = " → ".join(row.label for row in rows)
    facts["부가세 소수점 처리"] = ROUNDING_LABELS[formulas.vat_rounding]
    return facts
