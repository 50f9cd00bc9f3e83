"""Pages that stay fast: exact numbered pages up to a cap, then keyset pages without numbers.

An OFFSET of 10,000 rows costs a few milliseconds; one of millions does not, and neither does
counting them, so above the cap the list says "10,000+" and walks by the sort key.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Count as Tally
from django.db.models import F, Field, Model, Q, QuerySet
from django.db.models.expressions import OrderBy

from core.console.grid.columns import getter

CAP = 10_000
SIZES = (50, 100, 200)


@dataclass(frozen=True)
class Count:
    """How many rows, exactly or as "more than the cap"."""

    number: int

    @property
    def is_exact(self) -> bool:
        return self.number <= CAP

    def __str__(self) -> str:
        return f"{self.number:,}" if self.is_exact else f"{CAP:,}+"


def count(queryset: QuerySet[Any]) -> Count:
    return Count(queryset.order_by().values("pk")[: CAP + 1].count())


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    count: Count
    number: int = 0
    """1-based; 0 when the list is too long for numbers."""
    pages: int = 0
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Order:
    """One sort path and the primary key in the same direction, so that every row has a place."""

    path: str
    descending: bool
    nullable: bool

    @classmethod
    def parse(cls, queryset: QuerySet[Any], sort: str) -> Order:
        path = sort.removeprefix("-")
        field = field_at(queryset, path)
        related = "__" in path
        return cls(path, sort.startswith("-"), related or field is None or field.null)

    def apply(self, queryset: QuerySet[Any], *, reverse: bool = False) -> QuerySet[Any]:
        descending = self.descending is not reverse
        return queryset.order_by(*(self._term(path, descending, reverse) for path in self._paths()))

    def _paths(self) -> list[str]:
        return [self.path] if self.path in {"id", "pk"} else [self.path, "pk"]

    def _term(self, path: str, descending: bool, reverse: bool) -> OrderBy:
        nulls = {"nulls_first" if reverse else "nulls_last": True} if self._has_nulls(path) else {}
        return F(path).desc(**nulls) if descending else F(path).asc(**nulls)

    def _has_nulls(self, path: str) -> bool:
        return self.nullable and path == self.path

    def key(self, row: Any) -> str:
        """The place of a row, safe in a URL."""
        content = getter(self.path)(row)
        plain = content.isoformat() if isinstance(content, date | datetime) else content
        return base64.urlsafe_b64encode(json.dumps([plain, row.pk]).encode()).decode()

    def beyond(self, key: str, queryset: QuerySet[Any], *, reverse: bool) -> Q:
        """Rows past `key` in this order; nulls come last."""
        value, pk = _decode(key)
        past = "lt" if self.descending is not reverse else "gt"
        tie = Q(**{f"pk__{past}": pk})
        if value is None:
            missing = Q(**{f"{self.path}__isnull": True})
            return (missing & tie) | (Q(**{f"{self.path}__isnull": False}) if reverse else Q())
        field = field_at(queryset, self.path)
        typed = field.to_python(value) if field else value
        if self.path in {"id", "pk"}:
            return tie
        further = Q(**{f"{self.path}__{past}": typed}) | Q(**{self.path: typed}) & tie
        if self.nullable and not reverse:
            further |= Q(**{f"{self.path}__isnull": True})
        return further


def field_at(queryset: QuerySet[Any], path: str) -> Field[Any, Any] | None:
    """The model field or annotation behind an ORM path."""
    annotation = queryset.query.annotations.get(path)
    if annotation is not None:
        return getattr(annotation, "output_field", None)
    model: type[Model] = queryset.model
    try:
        *relations, name = path.split("__")
        for relation in relations:
            model = model._meta.get_field(relation).related_model  # type: ignore[assignment]
        return model._meta.pk if name == "pk" else model._meta.get_field(name)  # type: ignore[return-value]
    except FieldDoesNotExist:
        return None


def _decode(key: str) -> tuple[Any, int]:
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(key))
        return value, int(pk)
    except (ValueError, binascii.Error, TypeError) as error:
        raise ValidationError("bad page key") from error


def numbered(queryset: QuerySet[Any], order: Order, total: Count, number: int, size: int) -> Page:
    pages = max(-(-total.number // size), 1)
    number = min(max(number, 1), pages)
    start = (number - 1) * size
    rows = list(order.apply(queryset)[start : start + size])
    return Page(rows, total, number, pages)


def keyset(
    queryset: QuerySet[Any], order: Order, total: Count, *, after: str, before: str, size: int
) -> Page:
    """The page after or before a key; one row more is read to know whether it goes on."""
    reverse = bool(before)
    if key := before or after:
        queryset = queryset.filter(order.beyond(key, queryset, reverse=reverse))
    rows = list(order.apply(queryset, reverse=reverse)[: size + 1])
    goes_on = len(rows) > size
    rows = rows[:size]
    if reverse:
        rows.reverse()
    has_after = goes_on or reverse
    has_before = goes_on if reverse else bool(after)
    return Page(
        rows,
        total,
        before=order.key(rows[0]) if rows and has_before else "",
        after=order.key(rows[-1]) if rows and has_after else "",
    )


def counts(queryset: QuerySet[Any], parts: Sequence[Q], total: Count) -> list[Count]:
    """How many rows of each part: one scan while small, a capped count each when large."""
    if not total.is_exact:
        return [count(queryset.filter(part)) for part in parts]
    keys = {f"part_{index}": Tally("pk", filter=part) for index, part in enumerate(parts)}
    found = queryset.order_by().aggregate(**keys)
    return [Count(found[key]) for key in keys]
