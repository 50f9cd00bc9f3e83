"""The table inside a file: where its headings are, and its rows in the shape of a layout.

Marketplaces put titles above the headings and sums below the rows, merge cells and leave out
what is the same everywhere; here all of that is undone, and said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from settlements.upload.columns import Layout, key_of, normalised, recognise, unique_names
from settlements.upload.errors import UploadRefused
from settlements.upload.leaving import LeftOut, without_left_out
from settlements.upload.mapping import PLAIN, ColumnMapping
from settlements.upload.spool import Row

SEARCHED_ROWS = 20
"""How far down the headings may begin."""

TOTAL_WORDS = frozenset(
    {"합계", "총합계", "총계", "소계", "계", "total", "totals", "grandtotal", "subtotal", "sum"}
)


@dataclass
class Table:
    layout: Layout
    rows: Iterator[Row]
    header_row: int
    total_rows: list[int] = field(default_factory=list)
    """Rows of sums that were left out; complete once `rows` is exhausted."""
    left_out: LeftOut = field(default_factory=LeftOut)
    """Rows that the mapping leaves out; complete once `rows` is exhausted."""


def table_of(rows: Iterator[Row], mapping: ColumnMapping = PLAIN, *, whole: bool = False) -> Table:
    """`whole`: with the rows that the mapping leaves out. Raises UploadRefused when there are no
    headings, or not those an order needs."""
    head = list(islice(rows, max(SEARCHED_ROWS, mapping.header_row)))
    place = header_place(head, mapping)
    number, header = head[place] if place < len(head) else (mapping.header_row or 1, [])
    if not any(cell.strip() for cell in header):
        raise UploadRefused("HEADER", "이 행에 머리글이 없습니다.", row=number)
    layout = recognise(header, mapping, row=number)
    below = chain(head[place + 1 :], rows)
    table = Table(layout, below, number)
    table.rows = _shaped(_without_totals(below, layout, table.total_rows), layout, mapping)
    if not whole:
        table.rows = without_left_out(table.rows, layout, table.left_out)
    return table


def header_place(head: Sequence[Row], mapping: ColumnMapping) -> int:
    """Index of the row with the most headings we know, the first one unless two are known."""
    if mapping.header_row:
        return mapping.header_row - 1
    known = [_known_count(cells, mapping) for _, cells in head]
    best = max(known, default=0)
    return known.index(best) if best > 1 else 0


def _known_count(cells: Sequence[str], mapping: ColumnMapping) -> int:
    return sum(
        1 for name in unique_names(cells) if name and (name in mapping.columns or key_of(name))
    )


def _without_totals(rows: Iterator[Row], layout: Layout, left_out: list[int]) -> Iterator[Row]:
    """An order always has a partner or a payment, a row of sums has neither."""
    keys = layout.keys[: layout.width]
    whose = next((keys.index(key) for key in ("partner_id", "payment_id") if key in keys), None)
    if whose is None:
        yield from rows
        return
    for row in rows:
        cells = row[1]
        if not (whose < len(cells) and cells[whose]) and _begins_with_total(cells):
            left_out.append(row[0])
        else:
            yield row


def _begins_with_total(cells: Sequence[str]) -> bool:
    first = next((cell for cell in cells if cell.strip()), "")
    return normalised(first).rstrip(":") in TOTAL_WORDS


def _shaped(rows: Iterator[Row], layout: Layout, mapping: ColumnMapping) -> Iterator[Row]:
    """Rows as they are, unless the mapping adds to them."""
    if mapping.fills_down:
        rows = _filled_down(rows, [layout.keys.index(key) for key in mapping.fills_down])
    if mapping.constants:
        rows = _with_constants(rows, layout.width, list(mapping.constants.values()))
    return rows


def _filled_down(rows: Iterator[Row], places: Sequence[int]) -> Iterator[Row]:
    above = dict.fromkeys(places, "")
    for number, cells in rows:
        if any(map(str.strip, cells)):
            cells = cells + [""] * (max(places) + 1 - len(cells))
            for place in places:
                cells[place] = above[place] = cells[place] if cells[place].strip() else above[place]
        yield number, cells


def _with_constants(rows: Iterator[Row], width: int, constants: list[str]) -> Iterator[Row]:
    """After the file's own columns; what a row has beyond them stays at its end."""
    for number, cells in rows:
        if any(map(str.strip, cells)):
            padding = [""] * (width - len(cells))
            cells = cells[:width] + padding + constants + cells[width:]
        yield number, cells
