"""Truths that must hold at any time. Apps declare theirs; nights, operators and tests ask."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from core.companies.models import Workspace
from core.events.actors import Actor
from core.events.services import record

log = logging.getLogger(__name__)

OFFENDERS = 10
"""How many rows a broken invariant shows; one is already too many."""

Offender = Mapping[str, Any]
Query = Callable[[Workspace], Sequence[Offender]]


@dataclass(frozen=True)
class Invariant:
    name: str
    app: str
    query: Query


@dataclass(frozen=True)
class Violation:
    invariant: Invariant
    offenders: Sequence[Offender]


INVARIANTS: dict[str, Invariant] = {}


def invariant(name: str) -> Callable[[Query], Query]:
    """Declare a query that returns the rows breaking a truth; apps import theirs in ready()."""

    def register(query: Query) -> Query:
        INVARIANTS[name] = Invariant(name, query.__module__.partition(".")[0], query)
        return query

    return register


def violations(workspace: Workspace) -> Iterator[Violation]:
    """Every declared truth that does not hold in this workspace."""
    for each in INVARIANTS.values():
        offenders = each.query(workspace)
        if offenders:
            yield Violation(each, offenders)


def note_violations(workspace: Workspace) -> int:
    """Write an event for each broken truth, for the console to show. Returns how many."""
    found = list(violations(workspace))
    for violation in found:
        log.error("%s: %s: %s", workspace, violation.invariant.name, violation.offenders)
        record(
            "invariant.broken",
            workspace=workspace,
            object_type="invariant",
            object_id=violation.invariant.name,
            actor=Actor.system(),
            changes={"offenders": [dict(offender) for offender in violation.offenders]},
        )
    return len(found)


def offenders(sql: str, workspace: Workspace, **values: Any) -> list[Offender]:
    """Rows of a query with %(workspace)s, as column → value, at most OFFENDERS of them."""
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT {OFFENDERS}", {"workspace": workspace.pk, **values})
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
