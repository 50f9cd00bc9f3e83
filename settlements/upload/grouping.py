"""Rows read cell by cell, and gathered into transfers by the key they share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

from core.money import WON
from settlements.upload.cells import Cell, currency_of, parser_in
from settlements.upload.columns import Layout
from settlements.upload.errors import BadCell, Rejection
from settlements.upload.goods import Basket, Goods
from settlements.upload.refunds import made_cancellation_id
from settlements.upload.spool import Row

GroupKey = tuple[str, str, str, str]
MAX_ROWS_PER_TRANSFER = 1_000


class ReadRow(NamedTuple):
    number: int
    cells: list[str]
    values: dict[str, Any]
    goods: Goods
    """Those of `values` that other rows may share."""


@dataclass(slots=True)
class Group:
    """The rows of one transfer. `problems` is empty unless something is wrong with them."""

    type: str
    rows: list[ReadRow]
    problems: list[Rejection]
    basket: Basket | None = None
    """Of an order that could be read."""

    @property
    def number(self) -> int:
        return self.rows[0].number

    @property
    def currency(self) -> str:
        """The one that a row of it names."""
        named = (row.values["currency"] for row in self.rows if "currency" in row.values)
        return next(named, WON)


def group_rows(rows: Iterable[Row], layout: Layout) -> list[Group]:
    """Groups in the order of their first rows."""
    groups: dict[GroupKey, Group] = {}
    for row in rows:
        read, problems = read_row(row, layout)
        kind = read.values.get("type", "ORDER")
        key = _key(kind, read, layout)
        group = groups.get(key)
        if group is None:
            group = groups[key] = Group(kind, [], [])
        group.rows.append(read)
        group.problems += problems
    for group in groups.values():
        if len(group.rows) > MAX_ROWS_PER_TRANSFER:
            problem = f"한 정산건은 {MAX_ROWS_PER_TRANSFER:,}행까지입니다."
            group.problems.append(Rejection(group.number, "", "TOO_MANY_ROWS", problem))
    return list(groups.values())


def read_row(row: Row, layout: Layout) -> tuple[ReadRow, list[Rejection]]:
    """Every cell as a value, and every cell that is none."""
    number, cells = row
    width = len(layout.header)
    problems: list[Rejection] = []
    if len(cells) < width:
        cells = cells + [""] * (width - len(cells))
    elif len(cells) > width and any(cell.strip() for cell in cells[width:]):
        problem = "머리글보다 칸이 많습니다. 쉼표가 든 값은 따옴표로 묶어 주세요."
        problems.append(Rejection(number, "", "TOO_MANY_CELLS", problem))
    try:
        goods = layout.goods(cells)
        values = goods.values.copy()
        for index, key, parse in layout.own_readers:
            text = cells[index].strip()
            if text:
                values[key] = parse(text)
    except BadCell:
        values = _readable((number, cells), layout, problems)
        goods = Goods(values)
    if layout.makes_cancellation_ids and values.get("type") == "ORDER_CANCEL":
        values["cancellation_id"] = made_cancellation_id(values)
    return ReadRow(number, cells, values, goods), problems


def _readable(row: Row, layout: Layout, problems: list[Rejection]) -> dict[str, Any]:
    """Cell by cell: the values of the good ones; the others join the problems."""
    number, cells = row
    values: dict[str, Any] = {}
    is_refund = layout.is_refund(cells)
    readers = layout.refund_readers if is_refund else layout.readers
    said = [
        (index, key, parse, text) for index, key, parse in readers if (text := cells[index].strip())
    ]
    currency, disagree = _currency_of([cell[1:] for cell in said])
    for index, key, parse, text in said:
        try:
            values[key] = parser_in(currency, key, parse)(text)
        except BadCell as bad:
            problems.append(Rejection(number, layout.header[index], bad.code, bad.problem))
    if is_refund:
        values.setdefault("type", "ORDER_CANCEL")
    if currency:
        values["currency"] = currency
    if disagree:
        heading = layout.heading("currency")
        problems.append(Rejection(number, heading, disagree.code, disagree.problem))
    return values


def _currency_of(cells: Sequence[Cell]) -> tuple[str, BadCell | None]:
    """`currency_of` of a row whose cells may be wrong, and whether they name two."""
    stated = ""
    with suppress(BadCell):  # its own reading says what is wrong with it
        stated = next((parse(text) for key, parse, text in cells if key == "currency"), "")
    try:
        return currency_of(stated, cells), None
    except BadCell as bad:
        return "", bad


def _key(kind: str, row: ReadRow, layout: Layout) -> GroupKey:
    """Each 수기 row, and each row without a payment, stands alone."""
    values = row.values
    payment_id = values.get("payment_id")
    if kind == "MANUAL" or payment_id is None:
        return kind, str(row.number), "", ""
    return kind, payment_id, values.get("partner_id", ""), values.get("cancellation_id", "")
