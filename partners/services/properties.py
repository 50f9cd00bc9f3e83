"""User-defined properties of partners and transfers (contract.md h.2)."""

from __future__ import annotations

import re

from django.db import transaction

from core.companies.models import Permission, Workspace
from core.database import wait_for_lock
from core.errors import Conflict, InvalidRequest
from core.events.actors import Actor
from core.events.services import record
from partners.models import PropertyDefinition

KEY = re.compile(r"[A-Za-z0-9_]{1,60}")


@transaction.atomic
def define_property(
    *,
    workspace: Workspace,
    actor: Actor,
    object_type: PropertyDefinition.ObjectType,
    key: str,
    name: str,
    is_secret: bool = False,
) -> PropertyDefinition:
    """Add a property; at most ten per object type, each key once and for good."""
    if not KEY.fullmatch(key):
        raise InvalidRequest("만들지 않았습니다. 키는 영문, 숫자, 밑줄로 60자까지입니다.")
    wait_for_lock(f"properties:{workspace.pk}")
    defined = PropertyDefinition.objects.filter(workspace=workspace, object_type=object_type)
    if defined.filter(key=key).exists():
        raise Conflict("만들지 않았습니다. 같은 키의 속성이 이미 있습니다.")
    if defined.count() >= PropertyDefinition.LIMIT_PER_TYPE:
        raise Conflict("만들지 않았습니다. 속성은 대상마다 10개까지 만들 수 있습니다.")
    definition = PropertyDefinition.objects.create(
        workspace=workspace, object_type=object_type, key=key, name=name, is_secret=is_secret
    )
    _note(definition, "defined", actor, {"name": [None, name], "is_secret": [None, is_secret]})
    return definition


@transaction.atomic
def update_property(
    *, definition: PropertyDefinition, actor: Actor, name: str, is_secret: bool
) -> PropertyDefinition:
    """Rename a property or change who sees it; its key stays, for values hang on it. Only who may
    see secret values shows them to everybody."""
    if definition.is_secret and not is_secret:
        actor.require(Permission.SECRET_VIEW)
    changes: dict[str, list[object]] = {
        "name": [definition.name, name],
        "is_secret": [definition.is_secret, is_secret],
    }
    definition.name, definition.is_secret = name, is_secret
    definition.save()
    _note(definition, "updated", actor, {k: v for k, v in changes.items() if v[0] != v[1]})
    return definition


def _note(
    definition: PropertyDefinition, verb: str, actor: Actor, changes: dict[str, list[object]]
) -> None:
    record(
        f"property.{verb}",
        workspace=definition.workspace,
        object_type="property",
        object_id=f"{definition.object_type}.{definition.key}",
        actor=actor,
        changes=changes,
    )
