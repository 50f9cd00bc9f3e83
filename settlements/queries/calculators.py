"""The formulas of a workspace: the ones in force, the planned ones, and those that were."""

from __future__ import annotations

from django.db.models import QuerySet

from core import clock
from core.companies.access import rows
from core.companies.models import Workspace
from settlements.calculator import DEFAULT_CALCULATOR, Decimal, Formulas, Parameter
from settlements.models import CalculatorVersion, SettlementParameter


def calculator_versions(workspace: Workspace) -> QuerySet[CalculatorVersion]:
    """Newest first; cancelled plans included."""
    return rows(CalculatorVersion, workspace).order_by("-applied_at", "-id")


def calculator_in_force(workspace: Workspace) -> CalculatorVersion | None:
    """None: the documented formulas (contract.md d.1). A plan whose time has come is in force."""
    versions = calculator_versions(workspace).exclude(status=CalculatorVersion.Status.CANCELLED)
    return versions.filter(applied_at__lte=clock.now()).first()


def planned_calculator(workspace: Workspace) -> CalculatorVersion | None:
    scheduled = calculator_versions(workspace).filter(status=CalculatorVersion.Status.SCHEDULED)
    return scheduled.filter(applied_at__gt=clock.now()).first()


def formulas_of(workspace: Workspace, version: CalculatorVersion | None) -> Formulas:
    snapshot = DEFAULT_CALCULATOR.to_snapshot() if version is None else version.content
    return Formulas.from_snapshot(snapshot, parameters_of_workspace(workspace))


def parameters_of_workspace(workspace: Workspace) -> tuple[Parameter, ...]:
    return tuple(
        Parameter(row.key, row.name, Decimal(row.default_decimal, row.default_scale))
        for row in rows(SettlementParameter, workspace).order_by("key")
    )
