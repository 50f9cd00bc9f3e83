"""Columns that users defined: properties of partners and transfers, results of formulas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.console.access import ConsoleRequest
from core.console.grid import Column, Money, Text
from partners.models import PropertyDefinition
from partners.queries import seen_properties
from settlements.console.amounts import CURRENCY
from settlements.queries import formula_names

FORMULA = "formula_"
"""Begins the keys of columns whose content `results` bring to the row."""


def own_columns(request: ConsoleRequest, *kinds: str) -> list[Column]:
    """Hidden until someone chooses them; secret properties only for those who may see them, in
    files as on the page."""
    seen = seen_properties(request.workspace, request.actor)
    return [
        *(_property(each) for kind in kinds for each in seen if each.object_type == kind),
        *(_formula(key, name) for key, name in formula_names(request.workspace).items()),
    ]


def _property(definition: PropertyDefinition) -> Text:
    key = definition.key
    if definition.object_type == PropertyDefinition.ObjectType.PARTNER:
        return Text(
            f"partner_property_{key}",
            definition.name,
            value=lambda row: row.partner.properties.get(key),
            shown=False,
        )
    return Text(
        f"property_{key}", definition.name, value=lambda row: row.properties.get(key), shown=False
    )


def _formula(key: str, name: str) -> Money:
    return Money(
        f"{FORMULA}{key}",
        name,
        value=lambda row: _result(row, key),
        minus="차감",
        shown=False,
        currency=CURRENCY,
    )


def _result(row: Any, key: str) -> int | None:
    """With a minus for a cancel, as its amounts are shown."""
    result: int | None = row.results.get(key)
    return -result if result is not None and row.type == "ORDER_CANCEL" else result


def asks_results(columns: Iterable[Column]) -> bool:
    return any(column.key.startswith(FORMULA) for column in columns)


def keep_results(found: Sequence[Any], results: Mapping[int, Mapping[str, int]]) -> None:
    for row in found:
        row.results = results.get(row.pk, {})
