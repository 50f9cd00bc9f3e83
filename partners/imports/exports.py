"""Partners as a file that could come back: CSV for Excel (UTF-8 with BOM) or XLSX."""

from __future__ import annotations

from typing import Literal

import tablib
from django.db.models import QuerySet

from core.companies.models import Permission, Workspace
from core.events.actors import Actor
from core.events.services import record
from partners.imports.columns import COLUMNS, Column, property_column
from partners.imports.resource import PartnerResource
from partners.models import Partner, PropertyDefinition

Format = Literal["csv", "xlsx"]
RUNNABLE = ("=", "+", "-", "@", "\t", "\r")


def export_partners(
    *,
    workspace: Workspace,
    partners: QuerySet[Partner, Partner],
    actor: Actor,
    format: Format = "csv",
) -> bytes:
    """The partners in file columns; account numbers masked, secret properties only for those who
    may see secrets. Leaves an event: downloads of personal data are on the record."""
    dataset = tablib.Dataset(headers=[column.heading for column in _columns(workspace, actor)])
    for row in _resource(workspace, actor).export(partners.select_related("default_contract")):
        dataset.append([_harmless(str(cell)) for cell in row])
    record(
        "partner.exported",
        workspace=workspace,
        object_type="partner",
        object_id="",
        actor=actor,
        changes={"count": len(dataset), "format": format},
    )
    return _bytes(dataset, format)


def export_name(list_name: str, format: str) -> str:
    return f"{list_name}_등록양식.{format}"


def _resource(workspace: Workspace, actor: Actor) -> PartnerResource:
    return PartnerResource(_columns(workspace, actor))


def _columns(workspace: Workspace, actor: Actor) -> list[Column]:
    definitions = PropertyDefinition.objects.filter(
        workspace=workspace, object_type=PropertyDefinition.ObjectType.PARTNER
    )
    if not actor.may(Permission.SECRET_VIEW):
        definitions = definitions.filter(is_secret=False)
    keys = definitions.order_by("key").values_list("key", flat=True)
    return [*COLUMNS, *map(property_column, keys)]


def _harmless(text: str) -> str:
    """A quote in front keeps a spreadsheet from running the cell; imports take it off again."""
    return f"'{text}" if text.startswith(RUNNABLE) else text


def _bytes(dataset: tablib.Dataset, format: Format) -> bytes:
    content = dataset.export(format)
    return content if isinstance(content, bytes) else content.encode("utf-8-sig")
