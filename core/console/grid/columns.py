"""How one value of a row looks in a list and leaves in a file."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import Any, ClassVar

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from core.clock import KST
from core.console.formats import NOTHING, badge, money, percent
from core.events.transitions import Face
from core.money import WON, decimals, in_whole_units
from core.words import said

Exported = str | int | Decimal | date | datetime | None


@dataclass(frozen=True)
class Column:
    """`key` is an attribute or an ORM path (`owner__name`); sorting and totals use it too."""

    key: str
    label: str
    _: KW_ONLY
    value: Callable[[Any], Any] | None = None
    """Reads the row when the key alone cannot."""
    sort: bool | str = True
    """False, or the ORM path to order by when it is not the key."""
    link: str = ""
    """URL name of a page that takes the row's public id."""
    shown: bool = True
    """Part of the list before anyone chose columns."""
    help: str = ""
    unit: str = ""

    css: ClassVar[str] = "text"

    @property
    def order_by(self) -> str:
        if isinstance(self.sort, str):
            return self.sort
        return self.key if self.sort and self.value is None else ""

    @cached_property
    def read(self) -> Callable[[Any], Any]:
        """Of a row; worked out once, for a file reads it a million times."""
        return self.value or getter(self.key)

    def cell(self, row: Any) -> str:
        content = self.read(row)
        return NOTHING if content in (None, "") else self.show(content, row)

    def show(self, content: Any, row: Any) -> str:
        return format_html("{}", content)

    def exported(self, row: Any) -> Exported:
        content = self.read(row)
        return None if content is None else str(content)

    def number(self, row: Any) -> int | None:
        """The value that selection sums add up; only money has one."""
        return None


class Text(Column):
    pass


class Code(Column):
    """Ids and account numbers: tabular figures, no wrapping."""

    css = "code"


class Choice(Column):
    """A field with choices, by its label; or any `value` that is one of the code's own words."""

    @cached_property
    def read(self) -> Callable[[Any], Any]:
        if self.value:
            return self.value
        owner_of, name = owner_and_name(self.key)

        def label(row: Any) -> Any:
            owner = owner_of(row)
            model: Any = type(owner)
            return None if owner is None else label_of(model, name, getattr(owner, name))

        return label

    def show(self, content: Any, row: Any) -> str:
        return format_html("{}", said(content))


@dataclass(frozen=True)
class Money(Column):
    """Won, right-aligned, unit once in the header; what is in another currency says so itself."""

    unit: str = "원"
    minus: str = ""
    """The word beside a negative amount: 차감, 환수."""
    currency: str = ""
    """The attribute that names the currency of a row; without one it is won."""

    css = "money"

    @cached_property
    def currency_of(self) -> Callable[[Any], str]:
        if not self.currency:
            return lambda row: WON
        named = getter(self.currency)
        return lambda row: named(row) or WON

    def show(self, content: Any, row: Any) -> str:
        currency = self.currency_of(row)
        unit = "" if currency == WON else currency
        return money(content, said(self.minus), unit, currency)

    def exported(self, row: Any) -> Exported:
        """Whole won, or the number with its decimals; its currency is a column of its own."""
        content = self.read(row)
        if content is None:
            return None
        currency = self.currency_of(row)
        return in_whole_units(content, currency) if decimals(currency) else int(content)

    def number(self, row: Any) -> int | None:
        """Only won are added up; other currencies are none of the sum."""
        content = self.read(row)
        return None if content is None or self.currency_of(row) != WON else int(content)


class Number(Column):
    css = "number"

    def show(self, content: Any, row: Any) -> str:
        return f"{content:,}"

    def exported(self, row: Any) -> Exported:
        content = self.read(row)
        return None if content is None else int(content)


class Rate(Column):
    """A rate in 10⁻⁵ as per cent."""

    css = "number"

    def show(self, content: Any, row: Any) -> str:
        return percent(content)

    def exported(self, row: Any) -> Exported:
        content = self.read(row)
        return None if content is None else percent(content)


class Date(Column):
    css = "date"

    def exported(self, row: Any) -> Exported:
        content: date | None = self.read(row)
        return content


class DateTime(Column):
    """A moment in Korean time; seconds on hover."""

    css = "date"

    def show(self, content: datetime, row: Any) -> str:
        local = content.astimezone(KST)
        return format_html(
            '<time datetime="{}" title="{}">{}</time>',
            local.isoformat(),
            f"{local:%Y-%m-%d %H:%M:%S} KST",
            f"{local:%Y-%m-%d %H:%M}",
        )

    def exported(self, row: Any) -> Exported:
        content: datetime | None = self.read(row)
        return content and content.astimezone(KST).replace(tzinfo=None)


@dataclass(frozen=True)
class Badge(Column):
    """A state by the faces declared beside it (core.events.transitions.Face)."""

    faces: Mapping[str, Face] | None = None

    css = "badge-cell"

    def face(self, row: Any) -> Face | None:
        state = self.read(row)
        if state in (None, ""):
            return None
        return self._faces(row).get(state, Face(str(state)))

    def _faces(self, row: Any) -> Mapping[str, Face]:
        if self.faces is not None:
            return self.faces
        faces: Mapping[str, Face] = self._owner(row).FACES
        return faces

    @cached_property
    def _owner(self) -> Callable[[Any], Any]:
        return owner_and_name(self.key)[0]

    def cell(self, row: Any) -> str:
        face = self.face(row)
        return badge(face) if face else NOTHING

    def exported(self, row: Any) -> Exported:
        face = self.face(row)
        return face.label if face else None


class Tags(Column):
    css = "tags"

    def show(self, content: Iterable[str], row: Any) -> str:
        return format_html_join(" ", '<span class="tag">{}</span>', ((str(t),) for t in content))

    def cell(self, row: Any) -> str:
        content = self.read(row)
        return self.show(content, row) if content else NOTHING

    def exported(self, row: Any) -> Exported:
        return "; ".join(str(tag) for tag in self.read(row) or ())


def getter(path: str) -> Callable[[Any], Any]:
    """`owner__name` as row.owner.name; nothing along the way is nothing."""
    names = path.split("__")
    directly = attrgetter(".".join(names))

    def read(row: Any) -> Any:
        try:
            return directly(row)
        except AttributeError:  # nothing along the way, or a row that is a dictionary
            return _followed(row, names)

    return read


def _followed(row: Any, names: Sequence[str]) -> Any:
    for name in names:
        if row is None:
            return None
        row = row[name] if isinstance(row, dict) else getattr(row, name)
    return row


def owner_and_name(path: str) -> tuple[Callable[[Any], Any], str]:
    """What reads the object that a path ends in, and the name of its field."""
    owner, _, name = path.rpartition("__")
    return (getter(owner) if owner else lambda row: row), name


@lru_cache(4_096)
def label_of(model: Any, name: str, value: Hashable) -> Any:
    """The word of one of a field's choices."""
    field: Any = model._meta.get_field(name)
    return dict(field.flatchoices).get(value, value)


def linked(html: str, href: str, *, panel: bool) -> SafeString:
    """The cell that opens the row; with scripts in the side panel, else as a page."""
    if not panel:
        return format_html('<a href="{}">{}</a>', href, mark_safe(html))
    return format_html(
        '<a href="{0}" class="row-link" hx-get="{0}" hx-target="#panel" hx-swap="innerHTML">'
        "{1}</a>",
        href,
        mark_safe(html),
    )
