"""총 주문 → 차감 → 지급액 as one drawing: a row per step with its name, its bar and its won."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.console.formats import won

WIDTH, ROW = 510, 15
BARS_FROM, BARS_TO = 130, 400
BAR = 8
ORDERS = "총 주문"
FONT = "'Jeongsan Sans','Jeongsan Sans Rest'"


@dataclass(frozen=True)
class Row:
    label: str
    amount: int
    start: int
    """Where its bar begins and ends, in won."""
    end: int
    is_total: bool = False


def waterfall_rows(steps: Sequence[tuple[str, int]], paid: int) -> list[Row]:
    """Orders and the paid amount stand on zero, changes hang from the level before."""
    rows, level = [], 0
    for label, amount in steps:
        rows.append(Row(label, amount, level, level + amount, is_total=label == ORDERS))
        level += amount
    return [*rows, Row("지급 금액", paid, 0, paid, is_total=True)]


def draw(rows: Sequence[Row], colour: str) -> SafeString:
    """An SVG that carries its own style: on paper the page's does not reach into it."""
    height = ROW * len(rows)
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}pt" '
        'height="{1}pt" role="img" aria-label="총 주문에서 지급액까지">'
        "<style>text{{font:9.5px {2};fill:#16181d}}.bold{{font-weight:700}}"
        ".minus{{fill:#b42318}}.sum{{fill:{3}}}.less{{fill:#c3c8cf}}.more{{fill:#7d8590}}"
        "line{{stroke:#e3e5e9;stroke-width:.5}}</style>{4}</svg>",
        WIDTH,
        height,
        mark_safe(FONT),
        colour,
        mark_safe("".join(_shapes(rows))),
    )


def _shapes(rows: Sequence[Row]) -> Iterator[SafeString]:
    low = min(0, *(min(row.start, row.end) for row in rows))
    high = max(1, *(max(row.start, row.end) for row in rows))

    def x(amount: int) -> int:
        return BARS_FROM + (amount - low) * (BARS_TO - BARS_FROM) // (high - low)

    for number, row in enumerate(rows):
        top = number * ROW
        left, right = sorted((x(row.start), x(row.end)))
        bold = "bold" if row.is_total else ""
        yield format_html(
            '<text x="0" y="{0}" class="{1}">{2}</text>'
            '<rect x="{3}" y="{4}" width="{5}" height="{6}" class="{7}"/>'
            '<text x="{8}" y="{0}" text-anchor="end" class="{9}">{10}</text>'
            '<line x1="0" y1="{11}" x2="{8}" y2="{11}"/>',
            top + 11,
            bold,
            row.label,
            left,
            top + (ROW - BAR) // 2,
            max(right - left, 1 if row.amount else 0),
            BAR,
            "sum" if row.is_total else "less" if row.amount < 0 else "more",
            WIDTH,
            bold or ("minus" if row.amount < 0 else ""),
            won(row.amount),
            top + ROW,
        )
