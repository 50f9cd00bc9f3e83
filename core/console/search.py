"""The search box: each app registers where it looks."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.companies.models import Permission
from core.console.access import ConsoleRequest
from core.money import WON

HITS_PER_SOURCE = 8
AMOUNT = re.compile(r"-?[0-9]{1,18}")


@dataclass(frozen=True)
class Hit:
    title: str
    href: str
    detail: str = ""
    amount: int | None = None
    currency: str = WON


Find = Callable[[ConsoleRequest, str], Sequence[Hit]]
"""Request and words → hits, best first; bounded, indexed look-ups only."""


@dataclass(frozen=True)
class Source:
    label: str
    find: Find
    permission: Permission | None = None


@dataclass(frozen=True)
class Found:
    label: str
    hits: Sequence[Hit]


SOURCES: list[Source] = []


def register(*sources: Source) -> None:
    SOURCES.extend(sources)


def search(request: ConsoleRequest, words: str) -> list[Found]:
    if len(words) < 2:
        return []
    allowed = [s for s in SOURCES if s.permission is None or request.member.may(s.permission)]
    found = [Found(source.label, source.find(request, words)) for source in allowed]
    return [group for group in found if group.hits]


def as_amount(words: str) -> int | None:
    """`1,284,000` or `1284000원` as won, when the words are an amount."""
    digits = words.removesuffix("원").replace(",", "").replace("−", "-").strip()
    return int(digits) if AMOUNT.fullmatch(digits) else None
