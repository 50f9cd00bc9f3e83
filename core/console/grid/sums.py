"""What the money columns of a list add up to: the whole filtered set, never the page."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import Count, QuerySet, Sum

from core.console.grid.columns import Column
from core.console.grid.parts import Total
from core.money import WON


class Sums:
    """Of one currency; what is in another is listed, not added."""

    def __init__(self, grid: Any) -> None:
        self.grid = grid

    @property
    def currency(self) -> str:
        """Won, unless only others were chosen: then the first of them."""
        chosen = [each.strip() for each in self.grid.params.getlist("currency") if each.strip()]
        return chosen[0] if self.grid.currency and chosen and WON not in chosen else WON

    @property
    def rows(self) -> QuerySet[Any]:
        matching: QuerySet[Any] = self.grid.matching
        named = self.grid.currency
        return matching.filter(**{named: self.currency}) if named else matching

    @property
    def are_slow(self) -> bool:
        return not self.grid.page.count.is_exact

    @cached_property
    def _found(self) -> dict[str, Any]:
        keys = {f"total_{i}": Sum(key) for i, key in enumerate(self.grid.totals)}
        return self.rows.order_by().aggregate(rows=Count("*"), **keys) if keys else {}

    @cached_property
    def amounts(self) -> dict[str, int]:
        """By the key of the column."""
        return {key: self._found[f"total_{i}"] or 0 for i, key in enumerate(self.grid.totals)}

    @property
    def part(self) -> str:
        """How many rows the sums are over when others, of another currency, are listed too."""
        count, summed = self.grid.page.count, self._found.get("rows")
        is_whole = summed is None or not count.is_exact or summed == count.number
        return "" if is_whole else f"{summed:,}"

    @property
    def cells(self) -> list[Total]:
        return [Total(each, self.amounts.get(each.key)) for each in self.grid.visible]

    @property
    def columns(self) -> list[Column]:
        """Those that have a sum."""
        return [column for column in self.grid.visible if column.key in self.grid.totals]
