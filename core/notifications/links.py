"""Mailed links to one document for someone without a login: /p/<token>/.

A token has 256 bits and is never stored: it is derived from the link's id with a key that is
not in the database, and found again by its hash. A letter is kept with a mention of the link;
the channel writes the address when it sends.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from re import Match

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from core import clock
from core.companies.identifiers import new_id
from core.companies.models import Workspace
from core.notifications.models import AccessLink, Message

LIFETIME_MONTHS = 2
MENTION = re.compile(r"\{link:(alk-[0-9A-Z]{26})\}")


class LinkState(StrEnum):
    LIVE = "LIVE"
    EXPIRED = "EXPIRED"
    REPLACED = "REPLACED"


@dataclass(frozen=True)
class Target:
    """Which document a link opens, and to whom it is sent."""

    object_type: str
    object_id: str
    recipient: str


def create_link(*, workspace: Workspace, purpose: str, target: Target) -> AccessLink:
    return create_links(workspace=workspace, purpose=purpose, targets=[target])[0]


@transaction.atomic
def create_links(
    *, workspace: Workspace, purpose: str, targets: Sequence[Target]
) -> list[AccessLink]:
    """A fresh link per target, valid two months; earlier links to the same document close."""
    now = clock.now()
    documents = Q(pk=None)
    for object_type in {target.object_type for target in targets}:
        ids = [target.object_id for target in targets if target.object_type == object_type]
        documents |= Q(object_type=object_type, object_id__in=ids)
    AccessLink.objects.filter(
        documents, workspace=workspace, purpose=purpose, replaced_at=None
    ).update(replaced_at=now)
    links = [_new_link(workspace, purpose, target, now) for target in targets]
    return AccessLink.objects.bulk_create(links, batch_size=1000)


def _new_link(workspace: Workspace, purpose: str, target: Target, now: datetime) -> AccessLink:
    last_day = clock.months_later(clock.kst_date(now), LIFETIME_MONTHS)
    link = AccessLink(
        workspace=workspace,
        public_id=new_id("alk"),
        purpose=purpose,
        object_type=target.object_type,
        object_id=target.object_id,
        recipient=target.recipient,
        expires_at=datetime.combine(last_day, now.astimezone(clock.KST).timetz()),
    )
    link.token_hash = _hash(token_of(link))
    return link


def token_of(link: AccessLink) -> str:
    digest = hmac.digest(settings.LINK_KEY, link.public_id.encode(), "sha256")
    return urlsafe_b64encode(digest).decode().rstrip("=")


def url_of(link: AccessLink) -> str:
    return f"{settings.PUBLIC_URL}/p/{token_of(link)}/"


def mention(link: AccessLink) -> str:
    """What a stored letter says instead of the address."""
    return f"{{link:{link.public_id}}}"


def reveal(message: Message, text: str) -> str:
    """The text as it is sent: mentions of this recipient's links become addresses."""
    return _revealed(message, text, _known_links([message], MENTION.findall(text)))


def reveal_all(messages: Sequence[Message]) -> None:
    """The same for letters about to leave, in memory alone: what is stored keeps its mentions.

    One question for letters of one workspace, however many.
    """
    mentioned = [
        public_id
        for message in messages
        for text in (message.text, message.html)
        for public_id in MENTION.findall(text)
    ]
    known = _known_links(messages, mentioned)
    for message in messages:
        message.text = _revealed(message, message.text, known)
        message.html = _revealed(message, message.html, known)


Known = dict[tuple[str, str], AccessLink]
"""Links by recipient and public id: a letter reveals nobody else's."""


def _known_links(messages: Sequence[Message], mentioned: Sequence[str]) -> Known:
    if not mentioned:
        return {}
    links = AccessLink.objects.filter(workspace=messages[0].workspace_id, public_id__in=mentioned)
    return {(link.recipient, link.public_id): link for link in links}


def _revealed(message: Message, text: str, known: Known) -> str:
    def address(found: Match[str]) -> str:
        link = known.get((message.recipient, found[1]))
        return url_of(link) if link else found[0]

    return MENTION.sub(address, text)


def find_link(token: str) -> AccessLink | None:
    """The link behind a token, live or not; None when there never was one."""
    return (
        AccessLink.objects.select_related("workspace__company")
        .filter(token_hash=_hash(token))
        .first()
    )


def state_of(link: AccessLink) -> LinkState:
    if link.replaced_at is not None:
        return LinkState.REPLACED
    return LinkState.EXPIRED if link.expires_at <= clock.now() else LinkState.LIVE


def note_opened(link: AccessLink) -> None:
    """Remember the first opening; the only thing a GET may leave behind."""
    AccessLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=clock.now())


def live_link(
    *, workspace: Workspace, purpose: str, object_type: str, object_id: str
) -> AccessLink | None:
    return AccessLink.objects.filter(
        workspace=workspace,
        purpose=purpose,
        object_type=object_type,
        object_id=object_id,
        replaced_at=None,
    ).first()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
