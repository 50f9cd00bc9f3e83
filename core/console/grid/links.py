"""Every address a list offers: neighbouring pages, sizes, files, views."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.console.grid import saved
from core.console.grid.paging import SIZES
from core.console.grid.query import GET_ONCE, changed
from core.console.models import SavedView

Pair = tuple[str, str]


@dataclass(frozen=True)
class Links:
    grid: Any

    def _to(self, **values: object) -> str:
        return changed(self.grid.params, values)

    @property
    def first(self) -> str:
        return self._to()

    @property
    def previous(self) -> str:
        page = self.grid.page
        return self._to(page=page.number - 1) if page.number else self._to(before=page.before)

    @property
    def next(self) -> str:
        page = self.grid.page
        return self._to(page=page.number + 1) if page.number else self._to(after=page.after)

    @property
    def last(self) -> str:
        return self._to(page=self.grid.page.pages)

    @property
    def totals(self) -> str:
        return self._to(part="totals")

    @property
    def sizes(self) -> list[tuple[int, str, bool]]:
        return [(size, self._to(size=size), size == self.grid.size) for size in SIZES]

    @property
    def files(self) -> dict[str, str]:
        return {
            "xlsx": self._to(export="xlsx"),
            "csv": self._to(export="csv"),
            "all": self._to(export="xlsx", cols="all"),
        }

    @property
    def cleared(self) -> str:
        """Without any condition, but with the chosen order and page size."""
        keep = {key: self.grid.params.get(key) for key in ("sort", "size", "view")}
        if self.grid.is_narrowed:
            keep["period"] = "all"
        return changed(self.grid.params, keep, drop=list(self.grid.params))

    @property
    def views(self) -> list[tuple[SavedView, str]]:
        return [(view, saved.address(view)) for view in self.grid.views]

    @property
    def kept(self) -> list[Pair]:
        """Parameters a form must carry along as hidden fields."""
        params = self.grid.params
        return [(k, v) for k in params if k not in GET_ONCE for v in params.getlist(k)]

    @property
    def kept_by_period(self) -> list[Pair]:
        return [(k, v) for k, v in self.kept if k not in {"by", "from", "to", "period"}]

    @property
    def kept_by_search(self) -> list[Pair]:
        return [(k, v) for k, v in self.kept if k != "q"]

    @property
    def kept_by_filters(self) -> list[Pair]:
        own = {"q", "tab", "sort", "size", "by", "from", "to", "period", "cols", "view"}
        if self.grid.tab_choices:
            own.remove("tab")
        return [(k, v) for k, v in self.kept if k in own]
