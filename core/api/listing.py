"""What every list of the contract shares: optional filters, counts by status, ranges (a.3, a.7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar

from django.db.models import Count, Model, QuerySet, Sum
from msgspec import UnsetType

Row = TypeVar("Row", bound=Model)


class Range(Protocol):
    from_: Any
    until: Any


def among(
    rows: QuerySet[Row, Any], field: str, values: Sequence[Any] | UnsetType
) -> QuerySet[Row, Any]:
    """Rows whose field is one of the values; absent or empty is no restriction."""
    if isinstance(values, UnsetType) or not values:
        return rows
    return rows.filter(**{f"{field}__in": values})


def within(rows: QuerySet[Row, Any], field: str, span: Range) -> QuerySet[Row, Any]:
    """Rows inside a range, both ends included."""
    return rows.filter(**{f"{field}__gte": span.from_, f"{field}__lte": span.until})


def matching(rows: QuerySet[Row, Any], lookup: str, value: Any | UnsetType) -> QuerySet[Row, Any]:
    return rows if isinstance(value, UnsetType) else rows.filter(**{lookup: value})


def counts(rows: QuerySet[Any, Any], states: Iterable[str]) -> dict[str, int]:
    """How many rows are in each state, keyed in camelCase, zeros included."""
    found = dict(rows.order_by().values_list("status").annotate(Count("pk")))
    return {camel(state): found.get(state, 0) for state in states}


def sums(rows: QuerySet[Any, Any], states: Iterable[str], column: str) -> dict[str, int]:
    found = dict(rows.order_by().values_list("status").annotate(Sum(column)))
    return {camel(state): found.get(state, 0) for state in states}


def camel(state: str) -> str:
    """`POST_PROCESS_PENDING` → `postProcessPending`."""
    first, *rest = state.lower().split("_")
    return first + "".join(word.capitalize() for word in rest)


def present(**facts: Any) -> dict[str, Any]:
    """The facts that exist: nothing on the wire is null."""
    return {name: value for name, value in facts.items() if value is not None and value != ""}


__all__ = ["among", "camel", "counts", "matching", "present", "sums", "within"]
