"""What a draft stands on: the versions of the terms it changes, and whether they still count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from core.companies.access import rows
from core.companies.models import Workspace
from partners.models import Version, VersionedRow
from partners.services import kinds
from partners.services.kinds import Kind
from settlements.models import Simulation
from settlements.queries.calculators import calculator_in_force, planned_calculator

CALCULATOR = "calculator"
DRAFTED_KINDS = {
    "contracts": kinds.CONTRACT,
    "discountSharePolicies": kinds.DISCOUNT_SHARE,
    "additionalFeePolicies": kinds.ADDITIONAL_FEE,
    "partners": kinds.PARTNER,
}
"""Where a draft keeps the snapshots of each kind (settlements.models.Simulation)."""


@dataclass(frozen=True)
class Standing:
    """One object of a base as it is now."""

    word: str
    name: str
    number: int
    """Of the version in force."""
    is_planned: bool
    is_archived: bool


@dataclass(frozen=True)
class Moved:
    """Why a draft no longer says what would be: what happened to which of its terms."""

    CHANGED, PLANNED, ARCHIVED, GONE = "changed", "planned", "archived", "gone"

    word: str
    name: str
    how: str


def base_of(workspace: Workspace, draft: Mapping[str, Any]) -> dict[str, Any]:
    """The versions a draft made now stands on, as `Simulation.base` keeps them."""
    base: dict[str, Any] = {}
    if CALCULATOR in draft:
        in_force = calculator_in_force(workspace)
        base[CALCULATOR] = in_force.pk if in_force else None
    for part, kind in DRAFTED_KINDS.items():
        ids = set(draft.get(part, {}))
        if part == "contracts":
            ids |= {move["contractId"] for move in draft.get("partners", {}).values()}
        if ids:
            found = _standing(workspace, kind, ids)
            base[part] = {public_id: each.number for public_id, each in found.items()}
    return base


def moved_since(simulation: Simulation) -> list[Moved]:
    """What happened to the terms since they were drafted; nothing when they may be adopted."""
    workspace, base = simulation.workspace, simulation.base
    if not base:
        return [Moved("모의 정산", simulation.title, Moved.GONE)]
    return [
        *(_moved_calculator(workspace, base[CALCULATOR]) if CALCULATOR in base else ()),
        *(
            moved
            for part, kind in DRAFTED_KINDS.items()
            if part in base
            for moved in _moved_rows(workspace, kind, base[part])
        ),
    ]


def _moved_calculator(workspace: Workspace, base: int | None) -> Iterator[Moved]:
    in_force = calculator_in_force(workspace)
    if (in_force.pk if in_force else None) != base:
        yield Moved("계산식", "", Moved.CHANGED)
    if planned_calculator(workspace) is not None:
        yield Moved("계산식", "", Moved.PLANNED)


def _moved_rows(workspace: Workspace, kind: Kind, base: Mapping[str, int]) -> Iterator[Moved]:
    standing = _standing(workspace, kind, set(base))
    for public_id, number in base.items():
        now = standing[public_id]
        if now.is_archived:
            yield Moved(now.word, now.name, Moved.ARCHIVED)
        if now.number != number:
            yield Moved(now.word, now.name, Moved.CHANGED)
        if now.is_planned:
            yield Moved(now.word, now.name, Moved.PLANNED)


def _standing(workspace: Workspace, kind: Kind, ids: set[str]) -> dict[str, Standing]:
    """By public id, in two statements."""
    found: dict[int, VersionedRow] = {
        row.pk: row for row in rows(kind.model, workspace).filter(public_id__in=ids)
    }
    versions = kind.version._default_manager.filter(subject__in=found).order_by()
    planned = set(
        versions.filter(status=Version.Status.SCHEDULED).values_list("subject", flat=True)
    )
    numbers = dict(versions.values_list("subject").annotate(last=Max("number")))
    return {
        row.public_id: Standing(kind.word, row.name, numbers[pk], pk in planned, row.is_archived)
        for pk, row in found.items()
    }
