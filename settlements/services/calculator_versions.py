"""Save formulas and parameters of a workspace (contract.md d.2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.companies.models import Workspace
from core.database import wait_for_lock
from core.errors import Conflict, InvalidRequest
from core.events.actors import Actor
from core.events.services import record
from core.money import MAX_WON
from settlements.calculator import Decimal, FormulaError, Formulas, Parameter, problems_of, rebased
from settlements.errors import ScheduledVersionAlreadyExists
from settlements.explaining import decimal_text
from settlements.models import CalculatorVersion, SettlementParameter
from settlements.queries.calculators import (
    calculator_in_force,
    formulas_of,
    parameters_of_workspace,
    planned_calculator,
)


def queue_up(workspace: Workspace) -> None:
    """One change of a workspace's formulas at a time; plans whose time has come are in force."""
    wait_for_lock(f"calculator:{workspace.pk}")
    CalculatorVersion.objects.filter(
        workspace=workspace,
        status=CalculatorVersion.Status.SCHEDULED,
        applied_at__lte=clock.now(),
    ).update(status=CalculatorVersion.Status.APPLIED)


@transaction.atomic
def save_calculator(
    *,
    workspace: Workspace,
    actor: Actor,
    content: Mapping[str, Any],
    scheduled_at: datetime | None = None,
) -> CalculatorVersion:
    """Put formulas in force now, or plan them for a moment; one plan at a time.

    `content`: {settlementFormula {…, userDefined, orderKeys}, vatRoundType} (contract.md h.9).
    Raises FormulaError with every problem, ScheduledVersionAlreadyExists, InvalidRequest for a
    moment that has passed, for a user's formula left out (once saved they stay), and for
    formulas that a waiting plan cannot be put over.
    """
    queue_up(workspace)
    formulas = Formulas.from_snapshot(content, parameters_of_workspace(workspace))
    problems = problems_of(formulas)
    if problems:
        raise FormulaError(problems)
    in_force = formulas_of(workspace, calculator_in_force(workspace))
    planned = planned_calculator(workspace)
    if scheduled_at is not None:
        _refuse_plan(scheduled_at, planned)
    _refuse_lost_formulas(formulas, in_force)
    if scheduled_at is None and planned is not None:
        _rebase(planned, in_force, formulas, actor)
    statuses = CalculatorVersion.Status
    version = CalculatorVersion.objects.create(
        workspace=workspace,
        status=statuses.SCHEDULED if scheduled_at else statuses.APPLIED,
        applied_at=scheduled_at or clock.now(),
        content=formulas.to_snapshot(),
        actor_name=actor.name,
    )
    _note(version, "scheduled" if scheduled_at else "applied", actor)
    return version


@transaction.atomic
def delete_calculator(*, version: CalculatorVersion, actor: Actor) -> None:
    """Take back planned formulas; those that were in force are history."""
    queue_up(version.workspace)
    planned = planned_calculator(version.workspace)
    if planned is None or planned.pk != version.pk:
        raise Conflict("삭제하지 않았습니다. 적용된 계산식은 삭제할 수 없습니다.")
    CalculatorVersion.objects.filter(pk=planned.pk).update(
        status=CalculatorVersion.Status.CANCELLED
    )
    _note(planned, "cancelled", actor)


@transaction.atomic
def create_parameter(
    *, workspace: Workspace, actor: Actor, key: str, name: str, default: Decimal
) -> SettlementParameter:
    """A number orders may carry into the formulas. Raises FormulaError for a key in use, and
    InvalidRequest for a default that no formula takes."""
    _refuse_huge(default)
    queue_up(workspace)
    declared = parameters_of_workspace(workspace)
    if any(parameter.key == key for parameter in declared):
        raise Conflict("저장하지 않았습니다. 같은 키의 파라미터가 이미 있습니다.")
    for version in (calculator_in_force(workspace), planned_calculator(workspace)):
        formulas = formulas_of(workspace, version)
        problems = problems_of(_with(formulas, Parameter(key, name, default)))
        if problems:
            raise FormulaError(problems)
    row = SettlementParameter.objects.create(
        workspace=workspace,
        key=key,
        name=name,
        default_decimal=default.value,
        default_scale=default.scale,
    )
    _note_parameter(row, "created", actor, {"default": [None, decimal_text(default)]})
    return row


@transaction.atomic
def update_parameter(
    *, parameter: SettlementParameter, actor: Actor, name: str, default: Decimal
) -> SettlementParameter:
    """Rename it or change its default, for orders registered from now on; its key stays. Raises
    InvalidRequest for a default that no formula takes."""
    _refuse_huge(default)
    queue_up(parameter.workspace)
    row = SettlementParameter.objects.select_for_update().get(pk=parameter.pk)
    before = Decimal(row.default_decimal, row.default_scale)
    changes = {"name": [row.name, name], "default": [decimal_text(before), decimal_text(default)]}
    row.name, row.default_decimal, row.default_scale = name, default.value, default.scale
    row.save()
    _note_parameter(row, "updated", actor, {k: v for k, v in changes.items() if v[0] != v[1]})
    return row


def _refuse_huge(default: Decimal) -> None:
    """With such a default no order of the workspace could be calculated any more."""
    if abs(default.value) > MAX_WON:
        raise InvalidRequest(_("저장하지 않았습니다. 기본값이 너무 큽니다."))


def _refuse_plan(scheduled_at: datetime, planned: CalculatorVersion | None) -> None:
    if scheduled_at <= clock.now():
        raise InvalidRequest("저장하지 않았습니다. 예약 시각이 이미 지났습니다.")
    if planned is not None:
        raise ScheduledVersionAlreadyExists()


def _rebase(plan: CalculatorVersion, base: Formulas, onto: Formulas, actor: Actor) -> None:
    """Put what the plan changes over the new formulas: as a row of its own, contents never change.

    Calculators are kept by the id of their version, and history shows what was planned before.
    """
    planned = formulas_of(plan.workspace, plan)
    formulas = rebased(planned, base, onto)
    if formulas == planned:
        return
    _refuse_broken_plan(formulas)
    statuses = CalculatorVersion.Status
    CalculatorVersion.objects.filter(pk=plan.pk).update(status=statuses.CANCELLED)
    successor = CalculatorVersion.objects.create(
        workspace=plan.workspace,
        status=statuses.SCHEDULED,
        applied_at=plan.applied_at,
        content=formulas.to_snapshot(),
        actor_name=plan.actor_name,
    )
    _note(successor, "rebased", actor)


def _refuse_broken_plan(formulas: Formulas) -> None:
    problems = problems_of(formulas)
    if problems:
        message = _(
            "저장하지 않았습니다. 예약된 수식을 이 수식 위에 얹으면 계산할 수 없습니다. "
            "예약을 삭제하면 저장할 수 있습니다: %(problems)s"
        )
        said = dict.fromkeys(problem.message for problem in problems)
        raise InvalidRequest(message % {"problems": " ".join(said)})


def _refuse_lost_formulas(new: Formulas, old: Formulas) -> None:
    kept = {user.key for user in new.user_defined}
    lost = sorted(user.key for user in old.user_defined if user.key not in kept)
    if lost:
        message = _("저장하지 않았습니다. 저장한 사용자 정의 수식은 지울 수 없습니다: %(keys)s")
        raise InvalidRequest(message % {"keys": ", ".join(lost)})


def _with(formulas: Formulas, parameter: Parameter) -> Formulas:
    return Formulas.from_snapshot(formulas.to_snapshot(), (*formulas.parameters, parameter))


def _note(version: CalculatorVersion, verb: str, actor: Actor) -> None:
    record(
        f"calculatorversion.{verb}",
        workspace=version.workspace,
        object_type="calculatorversion",
        object_id=str(version.pk),
        actor=actor,
        changes={"applied_at": version.applied_at.isoformat()},
    )


def _note_parameter(
    row: SettlementParameter, verb: str, actor: Actor, changes: dict[str, Any]
) -> None:
    record(
        f"parameter.{verb}",
        workspace=row.workspace,
        object_type="parameter",
        object_id=row.key,
        actor=actor,
        changes=changes,
    )
