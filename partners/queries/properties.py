"""Which user-defined properties a caller may read (contract.md h.2: `isSecret`)."""

from __future__ import annotations

from dataclasses import dataclass

from core.companies.access import rows
from core.companies.models import Permission, Workspace
from core.events.actors import Actor
from partners.models import PropertyDefinition

PARTNER, TRANSFER = PropertyDefinition.ObjectType.PARTNER, PropertyDefinition.ObjectType.TRANSFER
Keys = frozenset[str]


@dataclass(frozen=True)
class Properties:
    """Keys, by what has the property."""

    partner: Keys = frozenset()
    transfer: Keys = frozenset()


def hidden_properties(workspace: Workspace, actor: Actor) -> Properties:
    """What the caller may not read; no query for one that may read all."""
    if actor.may(Permission.SECRET_VIEW):
        return Properties()
    return defined_properties(workspace, is_secret=True)


def seen_properties(workspace: Workspace, actor: Actor) -> list[PropertyDefinition]:
    """Definitions the caller may know of, of partners and of transfers, in the order they were
    made; secret ones are not even named to the others."""
    seen = rows(PropertyDefinition, workspace)
    if not actor.may(Permission.SECRET_VIEW):
        seen = seen.filter(is_secret=False)
    return list(seen.order_by("pk"))


def defined_properties(workspace: Workspace, **facts: bool) -> Properties:
    """All that are defined, or only those of which `facts` hold."""
    found = list(
        rows(PropertyDefinition, workspace).filter(**facts).values_list("object_type", "key")
    )
    return Properties(
        partner=frozenset(key for kind, key in found if kind == PARTNER),
        transfer=frozenset(key for kind, key in found if kind == TRANSFER),
    )
