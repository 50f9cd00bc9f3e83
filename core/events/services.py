"""Write events and the reactions they oblige."""

from __future__ import annotations

from collections.abc import Callable
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
    event = Event.objects.create(
        workspace=workspace,
        kind=kind,
        object_type=object_type,
        object_id=object_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        changes=changes or {},
        reason=reason,
        request_id=request_id.get(),
    )
    oblige(event)
    return event


def oblige(event: Event) -> None:
    """Write the reactions an event demands and ring for them."""
    handlers = HANDLERS.get(event.kind)
    if handlers:
        Reaction.objects.bulk_create(Reaction(event=event, handler=name) for name in handlers)
        ring_relay()


def ring_relay() -> None:
    from core.events.tasks import react_task  # the shell imports us

    ring(react_task)
