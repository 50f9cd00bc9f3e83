"""The one door for state: a declared table, a conditional UPDATE, an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from core import clock
from core.companies.models import Workspace
from core.errors import IllegalTransition, LostRace
from core.events.actors import Actor
from core.events.models import Event
from core.events.services import record, record_each
from core.words import said

Transitions = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Face:
    """How a state looks: its Korean word, its tone and who acts next."""

    label: str
    tone: str = "neutral"
    """neutral · waiting (amber) · wrong (red) · arrived (green) · running"""
    next_actor: str = ""


Subject = TypeVar("Subject", bound=Any)


@transaction.atomic
def transition(subject: Any, to: str, *, actor: Actor, reason: str = "", **fields: Any) -> Event:
    """Move one object to another state, or raise and change nothing.

    Raises IllegalTransition when the table lacks the move, LostRace when another writer was
    first. `fields` are written by the same UPDATE. The event is `<model>.<state>`.
    """
    came_from = subject.status
    if to not in subject.TRANSITIONS.get(came_from, frozenset()):
        states = {"now": _face(subject, came_from), "then": _face(subject, to)}
        raise IllegalTransition(_("%(now)s 상태에서 %(then)s(으)로 바꿀 수 없습니다.") % states)
    fields |= {"status": to, "status_updated_at": clock.now()}
    moved = type(subject)._default_manager.filter(pk=subject.pk, status=came_from).update(**fields)
    if moved != 1:
        raise LostRace()
    for name, value in fields.items():
        setattr(subject, name, value)
    name = type(subject)._meta.model_name or ""
    return record(
        f"{name}.{to.lower()}",
        workspace=subject.workspace,
        object_type=name,
        object_id=subject.public_id,
        actor=actor,
        changes={"status": [came_from, to]},
        reason=reason,
    )


@transaction.atomic
def transition_all(
    subjects: models.QuerySet[Any],
    to: str,
    *,
    workspace: Workspace,
    actor: Actor,
    reason: str = "",
    object_id: str = "",
    details: Mapping[str, Any] | None = None,
    **fields: Any,
) -> int:
    """Move many objects in one statement; those whose state forbids it stay. One event.

    Returns how many moved. `object_id` names the batch the event belongs to, `details` go
    into the event.
    """
    table: Transitions = subjects.model.TRANSITIONS
    allowed = [state for state, targets in table.items() if to in targets]
    fields |= {"status": to, "status_updated_at": clock.now()}
    moved = subjects.filter(workspace=workspace, status__in=allowed).update(**fields)
    if moved:
        name = subjects.model._meta.model_name or ""
        record(
            f"{name}.{to.lower()}",
            workspace=workspace,
            object_type=name,
            object_id=object_id,
            actor=actor,
            changes={"status": to, "count": moved, **(details or {})},
            reason=reason,
        )
    return moved


@transaction.atomic
def transition_each(
    subjects: models.QuerySet[Any],
    to: str,
    *,
    workspace: Workspace,
    actor: Actor,
    reason: str = "",
    **fields: Any,
) -> int:
    """Move every one of these objects or none, each with an event of its own.

    Returns how many. Raises IllegalTransition naming how many stand in the way.
    """
    model = subjects.model
    rows = list(
        subjects.filter(workspace=workspace)
        .select_for_update(of=("self",))
        .order_by("pk")
        .values_list("pk", "public_id", "status")
    )
    stuck = [status for _, _, status in rows if to not in model.TRANSITIONS.get(status, ())]
    if stuck:
        facts = {
            "count": len(stuck),
            "states": ", ".join(sorted({_face(model, status) for status in stuck})),
            "then": _face(model, to),
        }
        raise IllegalTransition(
            _(
                "바뀐 것은 없습니다. "
                "%(count)s건이 %(states)s 상태라 %(then)s(으)로 바꿀 수 없습니다."
            )
            % facts
        )
    fields |= {"status": to, "status_updated_at": clock.now()}
    model._default_manager.filter(pk__in=[pk for pk, _, _ in rows]).update(**fields)
    name = model._meta.model_name or ""
    record_each(
        f"{name}.{to.lower()}",
        workspace=workspace,
        object_type=name,
        changes={public_id: {"status": [status, to]} for _, public_id, status in rows},
        actor=actor,
        reason=reason,
    )
    return len(rows)


def _face(subject: Any, state: str) -> str:
    face: Face | None = subject.FACES.get(state)
    return str(said(face.label)) if face else state
