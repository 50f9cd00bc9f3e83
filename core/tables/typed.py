"""A file as typed rows: known headings parsed, wrong cells named, unknown columns reported."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from core.tables import TableRefused, examine, header_of, opened

Parser = Callable[[str], Any]
FORMULA = re.compile(r"^[=\t\r]|^[+\-@].*[(|!]")
"""What a spreadsheet would run: '=' always, '+ - @' when a call follows (+82-10… is text)."""


@dataclass(frozen=True)
class Column:
    key: str
    heading: str
    parse: Parser
    aliases: tuple[str, ...] = ()
    is_required: bool = False
    sample: str = ""


@dataclass(frozen=True)
class Failure:
    """`row` as a spreadsheet counts; `column` the heading, empty for the row as a whole."""

    row: int
    column: str
    message: str


@dataclass(frozen=True)
class Row:
    number: int
    values: Mapping[str, Any]

    def get(self, key: str, default: Any = "") -> Any:
        return self.values.get(key, default)


@dataclass
class Table:
    rows: list[Row] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)


def read_table(file: BinaryIO, columns: Sequence[Column], sheets: Sequence[str]) -> Table:
    """Raises TableRefused for a file that is no such table."""
    names = [(name, c) for c in columns for name in (c.key, c.heading, *c.aliases)]
    exact, by_heading = dict(names), {_key(name): c for name, c in names}
    with opened(file, examine(file), sheets) as found:
        header = header_of(found)
        layout = [exact.get(cell.strip()) or by_heading.get(_key(cell)) for cell in header]
        _refuse_missing(columns, layout)
        _refuse_twice(header, layout)
        table = Table(
            unknown_columns=[
                cell for cell, column in zip(header, layout, strict=True) if cell and not column
            ]
        )
        for number, cells in found:
            if any(cell.strip() for cell in cells):
                _take(table, number, cells, layout)
    if not table.rows and not table.failures:
        raise TableRefused("EMPTY", "머리글 아래에 행이 없습니다.")
    return table


def _refuse_missing(columns: Sequence[Column], layout: Sequence[Column | None]) -> None:
    missing = [c.heading for c in columns if c.is_required and c not in layout]
    if missing:
        sentence = _("꼭 있어야 하는 열이 없습니다: %(columns)s")
        raise TableRefused("HEADER", sentence % {"columns": ", ".join(missing)})


def _refuse_twice(header: Sequence[str], layout: Sequence[Column | None]) -> None:
    """Of two amounts nobody knows which was meant."""
    columns = [column for column in layout if column]
    twice = [cell for cell, c in zip(header, layout, strict=True) if c and columns.count(c) > 1]
    if twice:
        sentence = _("같은 열이 두 번 있습니다: %(columns)s")
        raise TableRefused("HEADER", sentence % {"columns": ", ".join(twice)})


def _take(table: Table, number: int, cells: Sequence[str], layout: Sequence[Column | None]) -> None:
    """A cell that cannot be read is named once, required or not."""
    values: dict[str, Any] = {}
    wrong: set[str] = set()
    for cell, column in zip(cells, layout, strict=False):
        if column is None:
            continue
        try:
            text = plain(cell)
            if text:
                values[column.key] = column.parse(text)
        except ValueError as error:
            wrong.add(column.key)
            table.failures.append(Failure(number, column.heading, str(error)))
    for column in layout:
        if column and column.is_required and column.key not in values.keys() | wrong:
            table.failures.append(Failure(number, column.heading, "꼭 적어야 합니다."))
    table.rows.append(Row(number, values))


def _key(heading: str) -> str:
    return re.sub(r"[\s_\-*·]", "", unicodedata.normalize("NFKC", heading)).casefold()


def plain(text: Any) -> str:
    """A cell as text, without the quote that keeps a spreadsheet from running it."""
    value = unicodedata.normalize("NFKC", str(text if text is not None else "")).strip()
    if value.startswith("'") and value[1:2] in {"=", "+", "-", "@"}:
        return value[1:]
    if FORMULA.search(value):
        raise ValueError("수식은 받지 않습니다. 값으로 바꿔 주세요.")
    return value


def one_of(names: Mapping[str, str]) -> Parser:
    known = {_key(name): value for name, value in names.items()}
    labels = " · ".join(names)

    def parse(text: str) -> str:
        if _key(text) not in known:
            raise ValueError(_("%(labels)s 가운데 하나여야 합니다.") % {"labels": labels})
        return known[_key(text)]

    return parse
