"""Write events and the reactions they oblige."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.bell import ring
from core.companies.models import Workspace
from core.events.actors import Actor
from core.events.models import Event, Reaction
from core.events.request import request_id

Handler = Callable[[Event], object]
HANDLERS: dict[str, dict[str, Handler]] = {}
"""Event kind → handler name → handler. Filled by apps in ready()."""


def on(kind: str, name: str, handler: Handler) -> None:
    """Subscribe an idempotent handler to an event kind."""
    HANDLERS.setdefault(kind, {})[name] = handler


def record(
    kind: str,
    *,
    workspace: Workspace,
    object_type: str,
    object_id: str,
    actor: Actor,
    changes: dict[str, Any] | None = None,
    reason: str = "",
) -> Event:
    """Append an event, with its reactions, in the caller's transaction."""
    event = _event(kind, workspace, object_type, object_id, actor, changes or {}, reason)
    event.save(force_insert=True)
    oblige([event])
    return event


def record_each(
    kind: str,
    *,
    workspace: Workspace,
    object_type: str,
    changes: Mapping[str, dict[str, Any]],
    actor: Actor,
    reason: str = "",
) -> None:
    """One event per object id, with its changes and reactions, in two statements."""
    oblige(
        Event.objects.bulk_create(
            _event(kind, workspace, object_type, object_id, actor, change, reason)
            for object_id, change in changes.items()
        )
    )


def _event(
    kind: str,
    workspace: Workspace,
    object_type: str,
    object_id: str,
    actor: Actor,
    changes: dict[str, Any],
    reason: str,
) -> Event:
    return Event(
        workspace=workspace,
        kind=kind,
        object_type=object_type,
        object_id=object_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        changes=changes,
        reason=reason,
        request_id=request_id.get(),
    )


def oblige(events: Sequence[Event]) -> None:
    """Write the reactions events demand and ring for them."""
    reactions = [
        Reaction(event=event, handler=name)
        for event in events
        for name in HANDLERS.get(event.kind, {})
    ]
    if reactions:
        Reaction.objects.bulk_create(reactions)
        ring_relay()


def ring_relay() -> None:
    from core.events.tasks import react_task  # the shell imports us

    ring(react_task)
