"""Make a simulated draft true: its changes now or on a day, all of them or none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.companies.access import rows
from core.companies.models import Permission
from core.errors import Conflict, DomainError
from core.events.actors import Actor
from core.events.services import record
from core.jobs.models import Job
from core.words import said
from partners.inputs import UpdatePartner
from partners.models import Partner, VersionedRow
from partners.services import schedule_update, update_partner, update_policy
from partners.services.drafts import update_to
from partners.services.kinds import kind_of
from partners.services.versions import locked
from partners.snapshots import timestamp
from settlements.models import Simulation
from settlements.queries.calculators import calculator_in_force, formulas_of
from settlements.services.calculator_versions import queue_up, save_calculator
from settlements.simulation.base import CALCULATOR, DRAFTED_KINDS, Moved, moved_since

NEEDED = {
    CALCULATOR: Permission.CALCULATOR_WRITE,
    "contracts": Permission.POLICY_WRITE,
    "discountSharePolicies": Permission.POLICY_WRITE,
    "additionalFeePolicies": Permission.POLICY_WRITE,
    "partners": Permission.PARTNER_WRITE,
}


class NotAdopted(Conflict):
    """Nothing of the draft was applied."""


@dataclass(frozen=True)
class Planned:
    """One row that a draft changes, and the update that does it."""

    part: str
    row: VersionedRow
    update: Any


def permissions_for(simulation: Simulation) -> frozenset[Permission]:
    """What adopting it takes: whatever changing each of its terms by hand takes."""
    return frozenset(NEEDED[part] for part in simulation.draft)


@transaction.atomic
def adopt_simulation(
    *, simulation: Simulation, actor: Actor, applied_at: datetime | None = None
) -> Simulation:
    """Put the draft in force now, or plan it for a moment, through the services of its terms.

    Once only, after it ran. Errors: Forbidden, NotAdopted when its terms changed or are planned to
    since it was drafted, and those of the services; nothing is changed then.
    """
    for permission in permissions_for(simulation):
        actor.require(permission)
    if CALCULATOR in simulation.draft:
        queue_up(simulation.workspace)
    simulation = _locked(simulation)
    found = [locked(row) for row in _base_rows(simulation)]
    _refuse_moved(simulation)
    adopted = _adopted_rows(simulation, found, applied_at, actor)
    if _changes_formulas(simulation):
        version = save_calculator(
            workspace=simulation.workspace,
            actor=actor,
            content=simulation.draft[CALCULATOR],
            scheduled_at=applied_at,
        )
        adopted[CALCULATOR] = version.pk
    if not adopted:
        raise NotAdopted("채택하지 않았습니다. 초안이 지금 조건과 같아서 바꿀 것이 없습니다.")
    return _note_adopted(simulation, adopted, applied_at, actor)


def planned_changes(simulation: Simulation) -> list[Planned]:
    """What adopting it would change of contracts, policies and partners, as they are now."""
    return list(_planned(simulation, list(_base_rows(simulation))))


def refusals(simulation: Simulation) -> list[str]:
    """Why it cannot be adopted, as sentences; none when it can."""
    if simulation.adopted_at is not None:
        return [_("이미 채택한 모의 정산입니다.")]
    if simulation.job is None or simulation.job.status != Job.Status.SUCCEEDED:
        return [_("아직 끝까지 돌리지 않은 모의 정산입니다.")]
    return [_said(each) for each in moved_since(simulation)]


def _locked(simulation: Simulation) -> Simulation:
    fresh = Simulation.objects.select_related("workspace__company", "job")
    return fresh.select_for_update(of=("self",)).get(pk=simulation.pk)


def _base_rows(simulation: Simulation) -> Iterator[VersionedRow]:
    """Everything the draft stands on, in the one order in which all adoptions lock it."""
    for part, kind in DRAFTED_KINDS.items():
        if part in simulation.base:
            of_kind = rows(kind.model, simulation.workspace)
            yield from of_kind.filter(public_id__in=list(simulation.base[part])).order_by("pk")


def _refuse_moved(simulation: Simulation) -> None:
    reasons = refusals(simulation)
    if reasons:
        raise NotAdopted(" ".join([_("채택하지 않았습니다."), *reasons]))


def _adopted_rows(
    simulation: Simulation, found: list[VersionedRow], applied_at: datetime | None, actor: Actor
) -> dict[str, Any]:
    """The primary keys of the new versions, by part and public id."""
    adopted: dict[str, Any] = {}
    for planned in _planned(simulation, found):
        try:
            version = _apply(planned, applied_at, actor)
        except DomainError as error:
            message = _("채택하지 않았습니다. %(name)s: %(reason)s")
            reason = said(error.message)
            raise NotAdopted(message % {"name": planned.row.name, "reason": reason}) from error
        adopted.setdefault(planned.part, {})[planned.row.public_id] = version
    return adopted


def _planned(simulation: Simulation, found: list[VersionedRow]) -> Iterator[Planned]:
    parts = {kind.model: part for part, kind in DRAFTED_KINDS.items()}
    for row in found:
        part = parts[type(row)]
        drafted = simulation.draft.get(part, {}).get(row.public_id)
        if drafted is None:
            continue  # a contract that partners move to
        update = _move_to(row, drafted) if isinstance(row, Partner) else update_to(row, drafted)
        if update is not None:
            yield Planned(part, row, update)


def _move_to(partner: Partner, move: dict[str, Any]) -> UpdatePartner | None:
    """Orders of a move are calculated under one contract: where the partner is already, nothing."""
    if partner.default_contract.public_id == move["contractId"]:
        return None
    return UpdatePartner(default_contract_id=move["contractId"])


def _apply(planned: Planned, applied_at: datetime | None, actor: Actor) -> int:
    row, update = planned.row, planned.update
    if applied_at is not None:
        schedule_update(row=row, update=update, applied_at=applied_at, actor=actor)
    elif isinstance(row, Partner):
        update_partner(partner=row, update=update, actor=actor)
    else:
        update_policy(policy=row, update=update, actor=actor)  # type: ignore[type-var]
    versions = kind_of(row).version._default_manager.filter(subject=row)
    return int(versions.latest("pk").pk)


def _changes_formulas(simulation: Simulation) -> bool:
    if CALCULATOR not in simulation.draft:
        return False
    in_force = formulas_of(simulation.workspace, calculator_in_force(simulation.workspace))
    return bool(simulation.draft[CALCULATOR] != in_force.to_snapshot())


def _note_adopted(
    simulation: Simulation, adopted: dict[str, Any], applied_at: datetime | None, actor: Actor
) -> Simulation:
    moment = {} if applied_at is None else {"appliedAt": timestamp(applied_at)}
    simulation.adopted = {**adopted, **moment}
    simulation.adopted_at, simulation.adopted_by = clock.now(), actor.name
    simulation.save(update_fields=["adopted", "adopted_at", "adopted_by"])
    record(
        "simulation.adopted",
        workspace=simulation.workspace,
        object_type="simulation",
        object_id=simulation.public_id,
        actor=actor,
        changes={"title": [None, simulation.title], **moment},
    )
    return simulation


SAID = {
    Moved.CHANGED: "%(what)s: 초안을 만든 뒤에 바뀌었습니다. 지금 조건으로 다시 돌려 주세요.",
    Moved.PLANNED: "%(what)s: 예약된 변경이 있습니다. 예약은 하나만 할 수 있습니다.",
    Moved.ARCHIVED: "%(what)s: 보관되어 있습니다.",
    Moved.GONE: "%(what)s: 어느 버전에서 만든 초안인지 모릅니다. 초안을 다시 만들어 주세요.",
}


def _said(moved: Moved) -> str:
    what = f"{said(moved.word)} '{moved.name}'" if moved.name else said(moved.word)
    return _(SAID[moved.how]) % {"what": what}
