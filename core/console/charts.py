"""Charts drawn on the server: inline SVG by classes and attributes, a table beside it.

The same markup serves the console (strict CSP), print and PDF. Colours come from charts.css,
coordinates are whole numbers, and the table is what a screen reader and a copy-paste get.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.console.formats import figure, sum_in, unit_of, won
from core.money import WON, Rounding, divide
from core.words import is_korean, said

WIDTH = 480
LEFT, RIGHT, TOP, BOTTOM = 8, 8, 18, 22


@dataclass(frozen=True)
class Bar:
    label: str
    amount: int
    href: str = ""


@dataclass(frozen=True)
class Stack:
    """One bar of several parts, in the order of the series."""

    label: str
    amounts: Sequence[int]


@dataclass(frozen=True)
class Step:
    """A step of a waterfall: a change, or a total the changes lead to."""

    label: str
    amount: int
    is_total: bool = False


@dataclass(frozen=True)
class Day:
    day: date
    money_in: int = 0
    money_out: int = 0
    note: str = ""
    href: str = ""


@dataclass(frozen=True)
class Scale:
    """Amounts to pixels between `low` and `high`, without floats."""

    low: int
    high: int
    pixels: int

    @classmethod
    def over(cls, amounts: Iterable[int], pixels: int) -> Scale:
        known = [0, *amounts]
        low, high = min(known), max(known)
        return cls(low, high if high > low else low + 1, pixels)

    def y(self, amount: int) -> int:
        """Distance from the top."""
        return (self.high - amount) * self.pixels // (self.high - self.low)

    def span(self, one: int, other: int) -> tuple[int, int]:
        """Top and height of a bar; an amount that is not zero is always visible."""
        top, bottom = sorted((self.y(one), self.y(other)))
        return top, max(bottom - top, 1 if one != other else 0)


def bars(data: Sequence[Bar], *, title: str, height: int = 160) -> SafeString:
    """One series over categories or days."""
    scale = Scale.over((bar.amount for bar in data), height - TOP - BOTTOM)
    shapes = []
    for bar, x, width in _slots(data):
        top, tall = scale.span(bar.amount, 0)
        shape = _rect(x, TOP + top, width, tall, "series-1", _amount(bar.label, bar.amount))
        shapes.append(_linked(shape, bar.href))
        shapes.append(_label(x + width // 2, height - 6, bar.label, len(data)))
    shapes.append(_axis(TOP + scale.y(0)))
    heading = _("금액 (%(unit)s)") % {"unit": unit_of(WON)}
    table = _table([_("구분"), heading], ((bar.label, won(bar.amount)) for bar in data))
    return _figure(title, shapes, height, table)


def stacked(
    data: Sequence[Stack], series: Sequence[str], *, title: str, height: int = 180
) -> SafeString:
    """Several series on top of each other; amounts must not be negative."""
    series = [said(name) for name in series]
    scale = Scale.over((sum(stack.amounts) for stack in data), height - TOP - BOTTOM)
    shapes = []
    for stack, x, width in _slots(data):
        base = 0
        for index, amount in enumerate(stack.amounts):
            top, tall = scale.span(base, base + amount)
            title_of_part = _amount(f"{stack.label} {series[index]}", amount)
            shapes.append(_rect(x, TOP + top, width, tall, f"series-{index + 1}", title_of_part))
            base += amount
        shapes.append(_label(x + width // 2, height - 6, stack.label, len(data)))
    shapes.append(_axis(TOP + scale.y(0)))
    rows = ((stack.label, *map(won, stack.amounts)) for stack in data)
    heads = [_("%(name)s (원)") % {"name": name} for name in series]
    table = _table([_("구분"), *heads], rows)
    return _figure(title, shapes, height, table, legend=series)


def waterfall(
    steps: Sequence[Step], *, title: str, height: int = 200, currency: str = WON
) -> SafeString:
    """From a first total by changes to the last total: order → deductions → pay."""
    spans = _waterfall_spans(steps)
    amounts = [amount for span in spans for amount in span]
    scale = Scale.over(amounts, height - TOP - BOTTOM)
    unit = Unit.of((step.amount for step in steps), currency)
    shapes: list[SafeString] = []
    previous_edge: tuple[int, int] | None = None
    for (step, x, width), (start, end) in zip(_slots(steps), spans, strict=True):
        label = said(step.label)
        top, tall = scale.span(start, end)
        css = "total" if step.is_total else "plus" if step.amount >= 0 else "minus"
        if previous_edge:
            shapes.append(_join(previous_edge[0], x, previous_edge[1]))
        shapes.append(_rect(x, TOP + top, width, tall, css, _amount(label, step.amount, currency)))
        middle = x + width // 2
        shapes.append(_text(middle, TOP + top - 5, unit.show(step.amount), "value"))
        shapes.append(_label(middle, height - 6, label, 1))
        previous_edge = (x + width, TOP + scale.y(end))
    shapes.append(_axis(TOP + scale.y(0)))
    rows = ((said(step.label), figure(step.amount, currency)) for step in steps)
    heading = _("금액 (%(unit)s)") % {"unit": unit_of(currency)}
    table = _table([_("항목"), heading], rows)
    return _figure(title, shapes, height, table, note=_("단위 %(unit)s") % {"unit": unit.name})


def _amount(label: str, amount: int, currency: str = WON) -> str:
    return f"{label} {sum_in(amount, currency)}"


def _waterfall_spans(steps: Sequence[Step]) -> list[tuple[int, int]]:
    spans, level = [], 0
    for step in steps:
        start = 0 if step.is_total else level
        level = step.amount if step.is_total else level + step.amount
        spans.append((start, level))
    return spans


def sparkline(
    amounts: Sequence[int], *, title: str, width: int = 96, height: int = 24
) -> SafeString:
    """A line without axes, for a cell; the title says what a reader would see."""
    scale = Scale.over(amounts, height - 4)
    step = max(len(amounts) - 1, 1)
    points = " ".join(
        f"{2 + index * (width - 4) // step},{2 + scale.y(amount)}"
        for index, amount in enumerate(amounts)
    )
    return format_html(
        '<svg class="sparkline chart" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img">'
        '<title>{2}</title><polyline class="spark" fill="none" points="{3}"/></svg>',
        width,
        height,
        title,
        points,
    )


def calendar(days: Sequence[Day], *, title: str, today: date | None = None) -> SafeString:
    """A month as a table: money in and money out per day. Sunday first, as printed in Korea."""
    known = {item.day: item for item in days}
    first = min(known).replace(day=1)
    start = first - timedelta(days=(first.weekday() + 1) % 7)
    weeks = []
    while start < _next_month(first):
        week = [start + timedelta(days=offset) for offset in range(7)]
        cells = [_day_cell(day, known.get(day), first.month, today) for day in week]
        weeks.append(format_html("<tr>{}</tr>", mark_safe("".join(cells))))
        start += timedelta(days=7)
    names = _("일 월 화 수 목 금 토").split()
    heads = format_html_join("", '<th scope="col">{}</th>', ((name,) for name in names))
    return format_html(
        '<table class="calendar"><caption>{}</caption><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table>",
        title,
        heads,
        mark_safe("".join(weeks)),
    )


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def _day_cell(day: date, item: Day | None, month: int, today: date | None) -> str:
    css = "other" if day.month != month else "today" if day == today else ""
    inner = [format_html('<time datetime="{}">{}</time>', day.isoformat(), day.day)]
    if item:
        for css_name, word, amount in (
            ("in", _("입"), item.money_in),
            ("out", _("출"), item.money_out),
        ):
            if amount:
                inner.append(_day_amount(css_name, word, amount))
        if item.note:
            inner.append(format_html('<span class="note">{}</span>', item.note))
    content = mark_safe("".join(inner))
    if item and item.href:
        content = format_html('<a href="{}">{}</a>', item.href, content)
    return format_html('<td class="{}">{}</td>', css, content)


def _day_amount(css: str, word: str, amount: int) -> SafeString:
    """In full, and in 만 or thousands for a narrow screen."""
    short = {"amount": won(divide(amount, short_unit(), Rounding.HALF_UP))}
    return format_html(
        '<span class="{}"><i>{}</i> <b class="full">{}</b><b class="short">{}</b></span>',
        css,
        word,
        won(amount),
        _("%(amount)s만") % short,
    )


# Drawing


LONG_AMOUNT = 10_000_000


def short_unit() -> int:
    """What long amounts are counted in: ten thousands in Korean, thousands in English."""
    return 10_000 if is_korean() else 1_000


@dataclass(frozen=True)
class Unit:
    """What the numbers on a drawing are in; its table and titles are always exact."""

    name: str
    size: int
    currency: str = WON

    @classmethod
    def of(cls, amounts: Iterable[int], currency: str) -> Unit:
        long = max((abs(amount) for amount in amounts), default=0) >= LONG_AMOUNT
        if long and currency == WON:
            return cls(_("만원"), short_unit())
        return cls(unit_of(currency), 1, currency)

    def show(self, amount: int) -> str:
        return figure(divide(amount, self.size, Rounding.HALF_UP), self.currency)


def _slots(data: Sequence[Any]) -> list[tuple[Any, int, int]]:
    """Each item with the left edge and width of its bar."""
    count = max(len(data), 1)
    slot = (WIDTH - LEFT - RIGHT) // count
    width = max(min(slot * 2 // 3, 56), 1)
    return [(item, LEFT + i * slot + (slot - width) // 2, width) for i, item in enumerate(data)]


def _rect(x: int, y: int, width: int, height: int, css: str, said: str) -> SafeString:
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" class="{}"><title>{}</title></rect>',
        x,
        y,
        width,
        height,
        css,
        said,
    )


def _text(x: int, y: int, text: str, css: str) -> SafeString:
    return format_html(
        '<text x="{}" y="{}" text-anchor="middle" font-size="11" class="{}">{}</text>',
        x,
        y,
        css,
        text,
    )


def _label(x: int, y: int, text: str, count: int) -> SafeString:
    """Many labels would run into each other; the table and titles still have them."""
    crowded = count > 16 and not text.endswith(("1", "6"))
    return mark_safe("") if crowded else _text(x, y, text, "label")


def _axis(y: int) -> SafeString:
    return format_html(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" class="axis"/>', LEFT, y, WIDTH - RIGHT, y
    )


def _join(x1: int, x2: int, y: int) -> SafeString:
    return format_html('<line x1="{}" y1="{}" x2="{}" y2="{}" class="grid-line"/>', x1, y, x2, y)


def _linked(shape: SafeString, href: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', href, shape) if href else shape


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> SafeString:
    head = format_html_join("", '<th scope="col">{}</th>', ((text,) for text in heads))
    body = format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        (
            (row[0], format_html_join("", '<td class="money">{}</td>', ((c,) for c in row[1:])))
            for row in rows
        ),
    )
    return format_html(
        '<table class="plain"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>', head, body
    )


def _figure(
    title: str,
    shapes: Sequence[SafeString],
    height: int,
    table: SafeString,
    legend: Sequence[str] = (),
    note: str = "",
) -> SafeString:
    keys = format_html_join(
        "",
        '<span><svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">'
        '<rect width="10" height="10" class="series-{}"/></svg>{}</span>',
        ((index + 1, name) for index, name in enumerate(legend)),
    )
    return format_html(
        '<figure class="chart"><figcaption>{0} <span class="hint">{6}</span></figcaption>{1}'
        '<svg viewBox="0 0 {2} {3}" role="img" aria-label="{0}">{4}</svg>'
        "<details><summary>{7}</summary>{5}</details></figure>",
        said(title),
        format_html('<p class="legend">{}</p>', keys) if legend else "",
        WIDTH,
        height,
        mark_safe("".join(shapes)),
        table,
        note,
        _("표로 보기"),
    )
