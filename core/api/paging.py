"""`page: {number, size}` in, `{number, size, totalCount}` out (contract.md a.7)."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from django.db.models import Model, QuerySet
from msgspec import Meta

from core.api.wire import Int32, Wire

DEFAULT_SIZE = 10
MAX_SIZE = 1000

Row = TypeVar("Row", bound=Model)


class PageInput(Wire):
    number: Annotated[int, Meta(ge=0, le=10_000_000)] = 0
    size: Annotated[int, Meta(ge=1, le=MAX_SIZE)] = DEFAULT_SIZE


class PageInfo(Wire):
    number: Int32
    size: Int32
    total_count: Int32


def page_of(
    rows: QuerySet[Row, Any], page: PageInput, *, total_count: int | None = None
) -> tuple[list[Row], PageInfo]:
    """One page of an ordered queryset and its numbers; the rows are counted unless told."""
    start = page.number * page.size
    total = rows.count() if total_count is None else total_count
    return (
        list(rows[start : start + page.size]),
        PageInfo(number=page.number, size=page.size, total_count=total),
    )
