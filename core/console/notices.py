"""Notices of the bell and the first page: what each kind says, where it leads, who hears it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.companies.access import rows
from core.companies.models import Permission
from core.console.access import ConsoleRequest
from core.events.models import Notice

SHOWN = 20


@dataclass(frozen=True)
class Telling:
    """How one kind is told. Whoever has one of the permissions hears it."""

    say: Callable[[Notice], str]
    href: Callable[[ConsoleRequest, Notice], str]
    permissions: frozenset[Permission]


@dataclass(frozen=True)
class Told:
    pk: int
    text: str
    href: str
    reason: str
    at: datetime


TELLINGS: dict[str, Telling] = {}
"""Kind → how it is told. Filled by apps in ready()."""


def register_notice(kind: str, telling: Telling) -> None:
    TELLINGS[kind] = telling


def heard_by(request: ConsoleRequest) -> list[Notice]:
    """Open ones this member may do something about, newest first."""
    may = request.member.may
    kinds = [kind for kind, each in TELLINGS.items() if any(map(may, each.permissions))]
    found = rows(Notice, request.workspace).filter(kind__in=kinds, closed_at=None)
    return list(found.order_by("-pk")[:SHOWN]) if kinds else []


def told(request: ConsoleRequest) -> list[Told]:
    return [_told(request, notice) for notice in heard_by(request)]


def _told(request: ConsoleRequest, notice: Notice) -> Told:
    telling = TELLINGS[notice.kind]
    href = telling.href(request, notice)
    return Told(notice.pk, telling.say(notice), href, notice.reason, notice.created_at)
