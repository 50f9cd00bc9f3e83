"""Statements follow their mails and their job."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery

from core.companies.access import find, rows
from core.companies.models import Workspace
from core.events.actors import Actor
from core.events.models import Event
from core.events.transitions import transition_all
from core.jobs.models import Job
from core.notifications.models import Message
from payouts.models import Statement

ENDS = {
    Message.Status.FAILED: Statement.Failure.REFUSED,
    Message.Status.UNKNOWN: Statement.Failure.UNKNOWN,
}


def follow_messages(workspace: Workspace, actor: Actor) -> int:
    """Move statements to where their mails are. Returns how many moved.

    A mail nobody knows about is no failed one: its statement says so, and a retry of failures
    leaves it alone.
    """
    waiting = rows(Statement, workspace).filter(status="SEND_PREPARED")
    late = rows(Statement, workspace).filter(status="SEND_FAILED", failure="UNKNOWN")
    moved = sum(
        _arrived(sent.filter(message__status=Message.Status.SENT), workspace, actor)
        for sent in (waiting, late)
    )
    for status, failure in ENDS.items():
        moved += transition_all(
            waiting.filter(message__status=status),
            "SEND_FAILED",
            workspace=workspace,
            actor=actor,
            failure=failure,
            error=Subquery(Message.objects.filter(pk=OuterRef("message")).values("error")[:1]),
        )
    return moved


def _arrived(statements: QuerySet[Statement], workspace: Workspace, actor: Actor) -> int:
    return transition_all(
        statements, "SENT", workspace=workspace, actor=actor, failure="", error=""
    )


def release_cancelled(event: Event) -> int:
    """A cancelled job leaves nothing waiting for it; what has a mail already goes out."""
    job = find(Job, event.workspace, event.object_id)
    left = rows(Statement, event.workspace).filter(job=job, message=None)
    return transition_all(
        left,
        "SEND_FAILED",
        workspace=event.workspace,
        actor=Actor(event.actor_kind, event.actor_id, event.actor_name),
        object_id=job.public_id,
        failure=Statement.Failure.STOPPED,
    )
