"""Write events and the reactions they oblige."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.bell import ring
from core.companies.models import Workspace
from core.events.actors import Actor
from core.events.models import Event, Reaction
from core.events.request import request_id
from core.statements import column_values

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


FROM_THE_ROW = {
    "workspace_id": "object.workspace_id",
    "object_id": "object.public_id",
    "occurred_at": "object.created_at",
    "reason": "''",
}
EVENT_FIELDS = [
    field
    for field in Event._meta.concrete_fields
    if not field.primary_key and field.column not in FROM_THE_ROW
]
WITH_EVENT = """
    WITH object AS ({insert} RETURNING id, workspace_id, public_id, created_at),
    event AS (
        INSERT INTO {events} ({columns}) SELECT {values} FROM object RETURNING id
    ),
    duties AS (
        INSERT INTO {reactions} (event_id, handler, attempts, next_attempt_at, error)
        SELECT event.id, handler, 0, now(), '' FROM event, unnest(%s::text[]) handler
    )
    SELECT id FROM object
"""


def with_event(insert: str) -> str:
    """SQL of an INSERT of one row of a workspace and, when it happens, of its event and reactions.

    Its parameters: those of the INSERT, then `event_values`. It answers the row's id.
    """
    return WITH_EVENT.format(
        insert=insert,
        events=Event._meta.db_table,
        columns=", ".join([*FROM_THE_ROW, *(str(field.column) for field in EVENT_FIELDS)]),
        values=", ".join([*FROM_THE_ROW.values(), *["%s"] * len(EVENT_FIELDS)]),
        reactions=Reaction._meta.db_table,
    )


def event_values(
    kind: str,
    *,
    workspace: Workspace,
    object_type: str,
    object_id: str,
    actor: Actor,
    changes: dict[str, Any],
) -> list[Any]:
    """The event's parameters of a `with_event` statement. Whoever ran it calls `ring_for`."""
    event = _event(kind, workspace, object_type, object_id, actor, changes, "")
    return [*column_values(event, EVENT_FIELDS), list(HANDLERS.get(kind, {}))]


def ring_for(kind: str) -> None:
    if HANDLERS.get(kind):
        ring_relay()


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
