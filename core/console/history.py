"""Events in people's words: who did what, when, what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils.translation import gettext as _

from core import words
from core.console.formats import sum_in
from core.console.words import yes_or_no
from core.events.models import Event
from core.events.transitions import Face
from core.money import WON

VERBS: dict[str, str] = {}
"""Event kind → what happened, in Korean. Filled by apps in ready()."""

NOUNS: dict[str, str] = {}
"""Object type or changed field → its Korean word."""


Label = Callable[[str], str]
Say = Callable[[str, Any], str]
WORDS: dict[str, tuple[Label, Say]] = {}
"""Object type → how its facts are called and how a value of a fact is said."""


@dataclass(frozen=True)
class Story:
    title: str
    actor: str
    at: datetime
    face: Face | None
    reason: str
    changes: list[tuple[str, str]]
    kind: str


def register_verbs(verbs: dict[str, str]) -> None:
    """`{"partner.archived": "파트너를 보관했습니다"}`"""
    VERBS.update(verbs)


def register_nouns(nouns: dict[str, str]) -> None:
    """`{"contract": "계약", "fee_rate": "수수료율"}`: object types and fields alike."""
    NOUNS.update(nouns)


def register_words(object_type: str, label: Label, say: Say) -> None:
    """`register_words("contract", label_of, say)`: keys of `changes` in people's words, said by
    `say` itself: among its values are names that someone typed."""
    WORDS[object_type] = (label, say)


def stories(events: Iterable[Event]) -> list[Story]:
    return [story(event) for event in events]


def story(event: Event) -> Story:
    face = _face(event)
    label, say = WORDS.get(event.object_type, (noun, _said))
    say = _in_its_currency(event, say)
    changes = [
        (words.said(label(key)), _change(key, value, say))
        for key, value in event.changes.items()
        if key not in UNSAID
    ]
    return Story(
        title=_title(event, face),
        actor=actor(event),
        at=event.occurred_at,
        face=face,
        reason=event.reason,
        changes=changes,
        kind=event.kind,
    )


def _title(event: Event, face: Face | None) -> str:
    if event.kind in VERBS or face is None:
        return str(words.said(VERBS.get(event.kind, event.kind)))
    state = {"noun": noun(event.object_type), "state": words.said(face.label)}
    return _("%(noun)s %(state)s") % state


def actor(row: Any) -> str:
    """Who did it, of an event or a job: a person's name as it is, our own processes by a word."""
    is_ours = row.actor_kind == Event.ActorKind.SYSTEM
    return str(words.said(row.actor_name, "actor") if is_ours else row.actor_name)


UNSAID = {"status", "ids"}
"""The face says the one; the other is for handlers, and may be thousands long."""


def noun(name: str) -> str:
    """The word of an object type or a field, in the language of this request."""
    return str(words.said(NOUNS[name])) if name in NOUNS else name


def _models() -> dict[str, type[Model]]:
    return {model._meta.model_name or "": model for model in apps.get_models()}


def _face(event: Event) -> Face | None:
    """The face of the state this event moved its object to."""
    status = event.changes.get("status")
    if status is None:
        return None
    to = status[-1] if isinstance(status, list) else status
    faces: dict[str, Face] = getattr(_models().get(event.object_type), "FACES", {})
    return faces.get(to)


def _in_its_currency(event: Event, say: Say) -> Say:
    """Amounts are said with the currency that the event names, else as won."""
    named = (event.changes[key] for key in event.changes if _is_called("currency", key))
    currency = next(named, WON)

    def said_with_it(key: str, value: Any) -> str:
        is_amount = _is_called("amount", key) and isinstance(value, int)
        return sum_in(value, currency) if is_amount else say(key, value)

    return said_with_it


def _is_called(name: str, key: str) -> bool:
    return key == name or key.endswith(f"_{name}")


def _change(key: str, value: Any, say: Say) -> str:
    if isinstance(value, list) and len(value) == 2:
        return f"{say(key, value[0])} → {say(key, value[1])}"
    return say(key, value)


def _said(key: str, value: Any) -> str:
    """What someone typed stays as typed."""
    return said(value)


def said(value: Any) -> str:
    """A value of a fact in words."""
    if value is None or value == "":
        return _("없음")
    if isinstance(value, bool):
        return yes_or_no(value)
    if isinstance(value, list):
        return ", ".join(map(said, value))
    return f"{value:,}" if isinstance(value, int) else str(value)
