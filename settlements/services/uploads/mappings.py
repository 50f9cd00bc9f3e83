"""Saved column mappings: described once, recognised by their headings ever after."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.companies.access import rows
from core.companies.identifiers import new_id
from core.companies.models import Workspace
from core.events.actors import Actor
from core.events.services import record
from settlements.models import OrderColumnMapping
from settlements.upload.columns import ORIGIN_HEADING, REASON_HEADING, unique_names
from settlements.upload.errors import MappingNameTaken, MappingRefused
from settlements.upload.mapping import ColumnMapping, parse_mapping, refuse_meaningless
from settlements.upload.spool import Row
from settlements.upload.table import SEARCHED_ROWS

MAX_NAME = 60


def headings_of(cells: Sequence[str]) -> list[str]:
    """What a header is recognised by: its names in their order, without our own columns."""
    names = [name for name in unique_names(cells) if name not in (REASON_HEADING, ORIGIN_HEADING)]
    while names and not names[-1]:
        names.pop()
    return names


def header_sha256(headings: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(headings).encode()).hexdigest()


def saved_mapping(
    workspace: Workspace, head: Sequence[Row]
) -> tuple[ColumnMapping, OrderColumnMapping] | None:
    """The saved mapping whose headings stand in one of the first rows of a file."""
    places = {
        header_sha256(headings_of(cells)): number
        for number, cells in reversed(head[:SEARCHED_ROWS])
        if any(cells)
    }
    found = rows(OrderColumnMapping, workspace).filter(header_sha256__in=places)
    saved = min(found, key=lambda each: places[each.header_sha256], default=None)
    if saved is None:
        return None
    mapping = parse_mapping(saved.content)
    return msgspec.structs.replace(mapping, header_row=places[saved.header_sha256]), saved


def saved_sheets(workspace: Workspace) -> set[str]:
    """The sheets that saved mappings name."""
    named = rows(OrderColumnMapping, workspace).values_list("content__sheet", flat=True)
    return {sheet for sheet in named.distinct() if sheet}


@transaction.atomic
def save_column_mapping(
    *,
    workspace: Workspace,
    actor: Actor,
    name: str,
    mapping: ColumnMapping,
    header: Sequence[str],
) -> OrderColumnMapping:
    """Keep a mapping for every file with this header row.

    Raises MappingRefused for words that mean nothing, MappingNameTaken when the name or the
    header has one already.
    """
    saved = OrderColumnMapping(
        workspace=workspace,
        public_id=new_id("map"),
        name=_valid_name(name),
        content=_content(mapping),
        header=headings_of(header),
        header_sha256=header_sha256(headings_of(header)),
    )
    _written(saved)
    _record("saved", saved, actor)
    return saved


@transaction.atomic
def change_column_mapping(
    *, saved: OrderColumnMapping, actor: Actor, name: str, mapping: ColumnMapping
) -> None:
    """Other words for the same header. Uploads made so far keep what they were read with."""
    saved.name, saved.content = _valid_name(name), _content(mapping)
    _written(saved)
    _record("changed", saved, actor)


@transaction.atomic
def delete_column_mapping(*, saved: OrderColumnMapping, actor: Actor) -> None:
    """Forget a mapping; uploads made with it keep their own copy."""
    _record("deleted", saved, actor)
    saved.delete()


def _valid_name(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= MAX_NAME:
        message = _("저장하지 않았습니다. 이름은 1자부터 %(length)s자까지입니다.")
        raise MappingRefused(message % {"length": MAX_NAME})
    return name


def _content(mapping: ColumnMapping) -> dict[str, object]:
    """Without its header row: the next file may have one title more."""
    refuse_meaningless(mapping)
    content: dict[str, object] = msgspec.to_builtins(msgspec.structs.replace(mapping, header_row=0))
    return content


def _written(saved: OrderColumnMapping) -> None:
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError as error:
        raise MappingNameTaken() from error


def _record(what: str, saved: OrderColumnMapping, actor: Actor) -> None:
    record(
        f"ordercolumnmapping.{what}",
        workspace=saved.workspace,
        object_type="ordercolumnmapping",
        object_id=saved.public_id,
        actor=actor,
        changes={"name": saved.name, "columns": saved.content["columns"]},
    )
