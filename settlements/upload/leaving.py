"""Rows that a mapping leaves out (결제대기): counted and summed by their word, so that a person
sees what will not be registered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from core.money import WON
from core.tables.numbers import money
from settlements.upload.errors import BadCell
from settlements.upload.words import LEAVE_OUT, word_of

if TYPE_CHECKING:
    from settlements.upload.columns import Layout
    from settlements.upload.spool import Row


class LeftOut(dict[tuple[str, str], list[int]]):
    """Word and currency → rows, sum of their amounts, rows whose amount cannot be read."""

    def add(self, word: str, layout: Layout, cells: Sequence[str]) -> None:
        amount, currency = _amount(layout, cells)
        counted = self.setdefault((word, currency), [0, 0, 0])
        counted[0] += 1
        counted[1] += amount or 0
        counted[2] += amount is None

    def said(self) -> list[dict[str, Any]]:
        """As JSON, the most frequent first."""
        names = ("word", "currency", "rows", "amount", "unread")
        ordered = sorted(self.items(), key=lambda each: (-each[1][0], each[0]))
        return [dict(zip(names, (*whose, *counted), strict=True)) for whose, counted in ordered]


def without_left_out(rows: Iterator[Row], layout: Layout, left_out: LeftOut) -> Iterator[Row]:
    """As they are when no word of 구분 says so."""
    words = {word for word, to in layout.words.get("type", {}).items() if to == LEAVE_OUT}
    return _kept(rows, layout, words, left_out) if words else rows


def _kept(rows: Iterator[Row], layout: Layout, words: set[str], left_out: LeftOut) -> Iterator[Row]:
    place = layout.keys.index("type")
    for row in rows:
        cells = row[1]
        word = word_of(cells[place]) if place < len(cells) else ""
        if word in words:
            left_out.add(word, layout, cells)
        else:
            yield row


def _amount(layout: Layout, cells: Sequence[str]) -> tuple[int | None, str]:
    """What the row is about, None when that cannot be read, and its currency."""
    currency = WON
    try:
        said = _cell(layout, cells, "currency")
        currency = _reader(layout, "currency")(said) if said else WON
        whole = _cell(layout, cells, "order_amount")
        if whole:
            read = money(whole)
            return read.units(currency), read.currency or currency
        price = money(_cell(layout, cells, "unit_price"))
        count = money(_cell(layout, cells, "quantity"))
        return price.units(currency) * count.units(), price.currency or currency
    except BadCell:
        return None, currency


def _cell(layout: Layout, cells: Sequence[str], key: str) -> str:
    place = layout.keys.index(key) if key in layout.keys else len(cells)
    return cells[place].strip() if place < len(cells) else ""


def _reader(layout: Layout, key: str) -> Any:
    return next(parse for _, name, parse in layout.readers if name == key)
