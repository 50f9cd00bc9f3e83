"""Grid: one declaration becomes a page, its fragments, files and bulk actions (README)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, reduce
from itertools import islice
from operator import or_
from typing import Any, ClassVar, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import DateTimeField, Model, Q, QuerySet
from django.http import HttpResponseBase
from django.utils.safestring import mark_safe
from django_filters import FilterSet

from core import clock
from core.companies.access import rows
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_url
from core.console.grid import paging, saved, serving
from core.console.grid.bulk import BulkAction
from core.console.grid.chips import Chip, chips, tick_several
from core.console.grid.columns import Column, linked
from core.console.grid.links import Links
from core.console.grid.parts import Cell, Heading, Line, Offer, PeriodField, Tab, TabLink
from core.console.grid.query import PRESETS, Period, changed, integer, moments, period_of
from core.console.grid.several import Offered, SeveralField
from core.console.grid.sums import Sums
from core.console.models import SavedView

Row = TypeVar("Row", bound=Model)
ROWS_AT_ONCE = 2000
"""Of an export, at a time."""


class Grid(Generic[Row]):
    """A list of one model. Subclasses only declare; `serve()` answers the request."""

    model: type[Row]
    title: ClassVar[str]
    columns: ClassVar[Sequence[Column]]
    tabs: ClassVar[str | Sequence[Tab]] = ""
    """A status field with FACES (or choices), or tabs of one's own."""
    filters: ClassVar[type[FilterSet] | None] = None
    periods: ClassVar[Mapping[str, str]] = {}
    """Date fields a period may mean → their label; the first is the default."""
    default_period: ClassVar[str] = "all"
    search: ClassVar[Sequence[str]] = ()
    """ORM paths the search box looks into."""
    totals: ClassVar[Sequence[str]] = ()
    """Keys of money columns to sum over everything that matches."""
    currency: ClassVar[str] = ""
    """The field that names the currency of a row; sums are of one."""
    default_sort: ClassVar[str] = "-id"
    detail: ClassVar[str] = ""
    """URL name of one row's page; the first column opens it in the side panel."""
    actions: ClassVar[Sequence[BulkAction]] = ()
    export_permission: ClassVar[Permission | None] = Permission.EXCEL_DOWNLOAD
    empty: ClassVar[str] = "아직 내역이 없습니다."
    empty_help: ClassVar[str] = ""
    """How the first row comes to be."""
    search_hint: ClassVar[str] = "이름, 아이디로 찾기"
    template: ClassVar[str] = "console/list.html"

    def __init__(self, request: ConsoleRequest) -> None:
        self.request = request
        self.params = request.GET

    # What subclasses may replace

    def queryset(self) -> QuerySet[Row]:
        """Every row of the list, before filters; start from `rows(model, workspace)`."""
        return rows(self.model, self.request.workspace)

    def href(self, row: Row) -> str:
        """The page of one row."""
        if not self.detail:
            return ""
        return console_url(self.request, self.detail, getattr(row, "public_id", row.pk))

    def complete(self, found: Sequence[Row], columns: Sequence[Column]) -> None:
        """Read what these columns need beyond the list's query, at once for all found rows."""

    def apply_search(self, queryset: QuerySet[Row], words: str) -> QuerySet[Row]:
        return queryset.filter(reduce(or_, (Q(**{f"{p}__icontains": words}) for p in self.search)))

    # Names

    @property
    def name(self) -> str:
        return type(self).__name__

    @property
    def filename(self) -> str:
        """정산내역_2026-10-31_마켓A; a test file says so first."""
        prefix = "테스트_" if self.request.workspace.is_test else ""
        title = self.title.replace(" ", "")
        return f"{prefix}{title}_{clock.today()}_{self.request.company.name}".replace("/", "-")

    # Rows

    @cached_property
    def filterset(self) -> FilterSet | None:
        if self.filters is None:
            return None
        queryset = self._within_period(self.queryset())
        filterset = self.filters(self.params, queryset=queryset, request=self.request)
        tick_several(filterset.form)
        return filterset

    @cached_property
    def base(self) -> QuerySet[Row]:
        """Everything that matches filters, period and search, over all tabs."""
        queryset: QuerySet[Row] = (
            self.filterset.qs if self.filterset else self._within_period(self.queryset())
        )
        words = self.params.get("q", "").strip()
        return self.apply_search(queryset, words) if words and self.search else queryset

    @cached_property
    def matching(self) -> QuerySet[Row]:
        """Everything that matches, in the chosen tabs."""
        chosen = self.chosen_tabs
        if not chosen:
            return self.base
        if isinstance(self.tabs, str):  # one list of values, which an index can serve
            return self.base.filter(**{f"{self.tabs}__in": [tab.name for tab in chosen]})
        return self.base.filter(reduce(or_, (tab.rows for tab in chosen)))

    def _within_period(self, queryset: QuerySet[Row]) -> QuerySet[Row]:
        if not self.periods:
            return queryset
        path, period = self.period_field, self.period
        if isinstance(paging.field_at(queryset, path), DateTimeField):
            return queryset.filter(moments(path, period))
        bounds = {f"{path}__gte": period.start, f"{path}__lte": period.end}
        return queryset.filter(**{key: day for key, day in bounds.items() if day})

    @cached_property
    def period(self) -> Period:
        return period_of(self.params, self.default_period)

    @cached_property
    def period_field(self) -> str:
        chosen = self.params.get("by", "")
        return chosen if chosen in self.periods else next(iter(self.periods), "")

    # Tabs

    @cached_property
    def all_tabs(self) -> list[Tab]:
        if not isinstance(self.tabs, str):
            return list(self.tabs)
        if not self.tabs:
            return []
        faces = getattr(self.model, "FACES", None)
        if faces:
            return [Tab(k, f.label, Q(**{self.tabs: k}), f.tone) for k, f in faces.items()]
        choices = self.model._meta.get_field(self.tabs).choices or []  # type: ignore[union-attr]
        return [Tab(str(key), str(label), Q(**{self.tabs: key})) for key, label in choices]

    @cached_property
    def chosen_tabs(self) -> list[Tab]:
        """One by its link, several by the filter; none is all."""
        names = self.params.getlist("tab")
        return [tab for tab in self.all_tabs if tab.name in names]

    @property
    def tab_choices(self) -> list[tuple[Tab, bool]]:
        """States to tick in the filter, where tabs are states."""
        if not isinstance(self.tabs, str):
            return []
        return [(tab, tab in self.chosen_tabs) for tab in self.all_tabs]

    @cached_property
    def base_count(self) -> paging.Count:
        return paging.count(self.base)

    @cached_property
    def tab_links(self) -> list[TabLink]:
        if not self.all_tabs:
            return []
        total = self.base_count
        counts = paging.counts(self.base, [tab.rows for tab in self.all_tabs], total)
        chosen = self.chosen_tabs
        links = [TabLink("전체", str(total), self.link(tab=None), "neutral", not chosen)]
        for tab, number in zip(self.all_tabs, counts, strict=True):
            href = self.link(tab=tab.name)
            links.append(TabLink(tab.label, str(number), href, tab.tone, tab in chosen))
        return links

    # Columns

    @cached_property
    def view(self) -> SavedView | None:
        pk = integer(self.params.get("view"), 0)
        return next((view for view in self.views if view.pk == pk), None)

    @cached_property
    def visible(self) -> list[Column]:
        """URL, then the open view, then the person's own choice, then the declaration."""
        by_key = {column.key: column for column in self.columns}
        keys = self._chosen_keys()
        chosen = [by_key[key] for key in keys if key in by_key]
        return chosen or [column for column in self.columns if column.shown]

    def _chosen_keys(self) -> Sequence[str]:
        if self.params.get("cols"):
            return self.params["cols"].split(",")
        if self.view and self.view.columns:
            return list(self.view.columns)
        own = next((row for row in self._saved if not row.name), None)
        return list(own.columns or []) if own else []

    @property
    def exported_columns(self) -> Sequence[Column]:
        return self.columns if self.params.get("cols") == "all" else self.visible

    @property
    def column_choices(self) -> list[tuple[Column, bool]]:
        """Every column: the visible ones in their order, then the rest."""
        hidden = [column for column in self.columns if column not in self.visible]
        return [(c, True) for c in self.visible] + [(c, False) for c in hidden]

    @cached_property
    def headings(self) -> list[Heading]:
        return [self._heading(column) for column in self.visible]

    def _heading(self, column: Column) -> Heading:
        path, sorted_by = column.order_by, self.sort
        if not path:
            return Heading(column)
        current = sorted_by.removeprefix("-") == path
        # The first click on an amount or a date shows the largest or latest.
        first = f"-{path}" if column.css in {"money", "number", "date"} else path
        flipped = path if sorted_by.startswith("-") else f"-{path}"
        direction = ("descending" if sorted_by.startswith("-") else "ascending") if current else ""
        return Heading(column, self.link(sort=flipped if current else first), direction)

    def exported_rows(self, columns: Sequence[Column]) -> Iterator[Row]:
        """Everything that matches, in the order of the list, read through a cursor."""
        rows = self.ordered.iterator(chunk_size=ROWS_AT_ONCE)
        while found := list(islice(rows, ROWS_AT_ONCE)):
            self.complete(found, columns)
            yield from found

    # The page

    @cached_property
    def sort(self) -> str:
        allowed = {column.order_by for column in self.columns if column.order_by}
        asked = self.params.get("sort", "")
        return asked if asked.removeprefix("-") in allowed else self.default_sort

    @cached_property
    def size(self) -> int:
        size = integer(self.params.get("size"), paging.SIZES[0])
        return size if size in paging.SIZES else paging.SIZES[0]

    @cached_property
    def order(self) -> paging.Order:
        return paging.Order.parse(self.matching, self.sort)

    @property
    def ordered(self) -> QuerySet[Row]:
        """Everything that matches, in the order of the list."""
        return self.order.apply(self.matching)

    @cached_property
    def page(self) -> paging.Page:
        page = self._read_page()
        self.complete(page.rows, self.visible)
        return page

    def _read_page(self) -> paging.Page:
        total = paging.count(self.matching) if self.chosen_tabs else self.base_count
        after, before = self.params.get("after", ""), self.params.get("before", "")
        if total.is_exact:
            number = integer(self.params.get("page"), 1)
            return paging.numbered(self.matching, self.order, total, number, self.size)
        keys = {"after": after, "before": before}
        try:
            return paging.keyset(self.matching, self.order, total, size=self.size, **keys)
        except ValidationError:
            return paging.keyset(
                self.matching, self.order, total, size=self.size, after="", before=""
            )

    @cached_property
    def lines(self) -> list[Line]:
        return [self._line(row) for row in self.page.rows]

    def _line(self, row: Row) -> Line:
        href = self.href(row)
        return Line(row.pk, href, [self._cell(c, row, i, href) for i, c in enumerate(self.visible)])

    def _cell(self, column: Column, row: Row, index: int, href: str) -> Cell:
        html = column.cell(row)
        if column.link:
            target = console_url(self.request, column.link, getattr(row, "public_id", row.pk))
            html = linked(html, target, panel=False)
        elif index == 0 and href:
            html = linked(html, href, panel=True)
        number = column.number(row) if column.key in self.totals else None
        return Cell(column, mark_safe(html), number)

    @cached_property
    def sums(self) -> Sums:
        return Sums(self)

    # Addresses

    def link(self, **values: object) -> str:
        return changed(self.params, values)

    @property
    def chips(self) -> list[Chip]:
        return chips(self.params, self.filterset, self.chosen_tabs)

    @property
    def offer(self) -> Offered | None:
        """What the filter that is being typed into offers (grid.several)."""
        fields = self.filterset.form.fields if self.filterset else {}
        name = self.params.get("of", "")
        field = fields.get(name)
        if not isinstance(field, SeveralField):
            return None
        words, *ticked = self.params.getlist(name) or [""]
        return Offered(name, field.boxes(ticked, words.strip()))

    @property
    def hides_rows(self) -> bool:
        """Of an empty list: whether other conditions would show something."""
        asks = bool(self.chips or self.chosen_tabs or self.is_narrowed)
        return asks and self.queryset().exists()

    @property
    def presets(self) -> list[PeriodField]:
        current = self.period.preset
        return [
            PeriodField(
                label, changed(self.params, {"period": key}, drop=["from", "to"]), key == current
            )
            for key, label in PRESETS.items()
        ]

    @property
    def links(self) -> Links:
        return Links(self)

    @property
    def is_narrowed(self) -> bool:
        """Whether the period hides something."""
        return bool(self.periods) and self.period.preset != "all"

    @property
    def offered(self) -> list[Offer]:
        """Every action, and why this person may not use it."""
        may = self.request.member.may
        reason = "이 작업을 할 권한이 없습니다."
        return [Offer(action, "" if may(action.permission) else reason) for action in self.actions]

    @property
    def may_export(self) -> bool:
        return self.export_permission is None or self.request.member.may(self.export_permission)

    @cached_property
    def _saved(self) -> list[SavedView]:
        return saved.views_of(self.request, self.name)

    @property
    def views(self) -> list[SavedView]:
        return [row for row in self._saved if row.name]

    def serve(self, **context: Any) -> HttpResponseBase:
        """Answer the list's own URL: page, fragment, file, columns, views, bulk actions."""
        return serving.serve(self, context)
