"""Prepare messages as rows; deliver them in three phases: claim, send, record."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from core import clock
from core.bell import ring
from core.companies.identifiers import new_id
from core.companies.models import Workspace
from core.events.actors import Actor
from core.events.transitions import transition_all
from core.notifications.channels import email
from core.notifications.channels.base import PutOff, Refused, Unreachable
from core.notifications.links import reveal_all
from core.notifications.models import Attachment, Message
from core.sweeping import going_on

log = logging.getLogger(__name__)

POSTMAN = Actor.system("발송")
ABANDONED_AFTER = timedelta(minutes=10)
BATCH = 100
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
"""How long a letter waits that the mail server did not take this time."""


@dataclass(frozen=True)
class Letter:
    """What to say to whom. `key` makes it once per workspace; attachments lie in storage."""

    key: str
    template: str
    recipient: str
    subject: str
    text: str
    html: str = ""
    object_type: str = ""
    object_id: str = ""
    attachments: Sequence[tuple[str, str, str]] = ()
    """(file name, content type, path in storage)"""


@transaction.atomic
def prepare(*, workspace: Workspace, letter: Letter) -> Message:
    """Write the message; it leaves after commit. The same key returns the first one."""
    message, created = Message.objects.get_or_create(
        workspace=workspace,
        key=letter.key,
        defaults={
            "public_id": new_id("msg"),
            "template": letter.template,
            "recipient": letter.recipient,
            "subject": letter.subject,
            "text": letter.text,
            "html": letter.html,
            "object_type": letter.object_type,
            "object_id": letter.object_id,
        },
    )
    if created:
        Attachment.objects.bulk_create(
            Attachment(message=message, name=name, content_type=content_type, path=path)
            for name, content_type, path in letter.attachments
        )
        ring_postman()
    return message


@transaction.atomic
def prepare_many(*, workspace: Workspace, letters: Sequence[Letter]) -> dict[str, Message]:
    """Write many messages; a key that exists already is left alone. Returns them by key."""
    fresh = {letter.key: _message(workspace, letter) for letter in letters}
    Message.objects.bulk_create(fresh.values(), batch_size=1000, ignore_conflicts=True)
    written = {
        message.key: message
        for message in Message.objects.filter(workspace=workspace, key__in=fresh)
    }
    Attachment.objects.bulk_create(
        (
            Attachment(message=written[letter.key], name=name, content_type=kind, path=path)
            for letter in letters
            if written[letter.key].public_id == fresh[letter.key].public_id
            for name, kind, path in letter.attachments
        ),
        batch_size=1000,
    )
    ring_postman()
    return written


def _message(workspace: Workspace, letter: Letter) -> Message:
    return Message(
        workspace=workspace,
        public_id=new_id("msg"),
        key=letter.key,
        template=letter.template,
        recipient=letter.recipient,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        object_type=letter.object_type,
        object_id=letter.object_id,
    )


def ring_postman() -> None:
    from core.notifications.tasks import deliver_task  # the shell imports us

    ring(deliver_task)


def deliver_waiting() -> int:
    """Send everything that may go now, a workspace at a time. Returns how many left.

    Where the mail server takes no letters they go on waiting, saying why: a later sweep tries
    again.
    """
    workspaces = Workspace.objects.filter(pk__in=_waiting().values("workspace"))
    sent = 0
    for workspace in workspaces:
        with going_on("sending the letters of", workspace):
            sent += _deliver(workspace)
    return sent


def _waiting() -> QuerySet[Message]:
    may_go = Q(not_before=None) | Q(not_before__lte=clock.now())
    return Message.objects.filter(may_go, status=Message.Status.PREPARED)


def _deliver(workspace: Workspace) -> int:
    sent = 0
    try:
        with email.line(workspace) as line:
            while not line.is_down and (batch := _claim(workspace)):
                sent += _send_batch(workspace, batch, line)
    except Unreachable as trouble:
        log.error("letters wait, the mail server takes none: %s", trouble)
        _waiting().filter(workspace=workspace, error="").update(error=str(trouble))
    return sent


@transaction.atomic
def _claim(workspace: Workspace) -> list[Message]:
    waiting = _waiting().select_for_update(skip_locked=True).filter(workspace=workspace)
    ids = list(waiting.order_by("pk").values_list("pk", flat=True)[:BATCH])
    claimed = Message.objects.filter(pk__in=ids)
    if ids:
        transition_all(claimed, Message.Status.SENDING, workspace=workspace, actor=POSTMAN)
    return list(claimed.select_related("workspace__company").prefetch_related("attachments"))


def _send_batch(workspace: Workspace, batch: Sequence[Message], line: email.Line) -> int:
    """No transaction is open while we talk to the mail server.

    A batch ends well before its letters count as abandoned; the rest goes on waiting.
    """
    outcomes: dict[str, list[int]] = {}
    untouched = deque(batch)
    ends_at = clock.now() + ABANDONED_AFTER / 2
    reveal_all(batch)
    try:
        while untouched and clock.now() < ends_at:
            message = untouched.popleft()
            outcomes.setdefault(_outcome(message, line), []).append(message.pk)
    finally:
        for message in untouched:
            outcomes.setdefault(Message.Status.PREPARED, []).append(message.pk)
        for outcome, ids in outcomes.items():
            transition_all(
                Message.objects.filter(pk__in=ids), outcome, workspace=workspace, actor=POSTMAN
            )
    return len(outcomes.get(Message.Status.SENT, []))


def _outcome(message: Message, line: email.Line) -> str:
    try:
        line.send(message)
    except Unreachable:
        return Message.Status.PREPARED
    except PutOff as delay:
        return _put_off(message, str(delay))
    except Refused as refusal:
        return _note(message, Message.Status.FAILED, error=str(refusal))
    except OSError as error:
        # the server may have taken it before the line broke
        log.warning("message %s: outcome unknown: %s", message.public_id, error)
        return _note(message, Message.Status.UNKNOWN, error=str(error))
    return _note(message, Message.Status.SENT, error="") if message.error else Message.Status.SENT


def _put_off(message: Message, why: str) -> str:
    """Offered again after a while, until the server has put it off too often."""
    count = message.put_off_count
    if count == len(WAITS):
        return _note(message, Message.Status.FAILED, error=why)
    not_before = clock.now() + WAITS[count]
    return _note(
        message,
        Message.Status.PREPARED,
        error=why,
        put_off_count=count + 1,
        not_before=not_before,
    )


def _note(message: Message, outcome: str, **facts: Any) -> str:
    Message.objects.filter(pk=message.pk).update(**facts)
    return outcome


def sweep_messages() -> int:
    """Messages whose sender died become UNKNOWN: they may have left, so they are not resent."""
    abandoned = Message.objects.filter(
        status=Message.Status.SENDING, status_updated_at__lt=clock.now() - ABANDONED_AFTER
    )
    count = 0
    for workspace_id in abandoned.values_list("workspace", flat=True).distinct():
        workspace = Workspace.objects.get(pk=workspace_id)
        with going_on("giving up the letters of", workspace):
            count += transition_all(
                abandoned, Message.Status.UNKNOWN, workspace=workspace, actor=POSTMAN
            )
    return count
