"""총 주문 → 차감 → 지급액 as bars: the ends stand on zero, each change hangs in between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

from core.console.formats import figure

WIDTH_POINTS = 270
ORDERS, PAID = "총 주문", "지급 금액"

Bar = tuple[str, int, int, int]
"""Label, amount, and where it begins and ends."""


def bars(steps: Sequence[tuple[str, int]], paid: int, currency: str) -> list[dict[str, Any]]:
    """A row per step and one for the paid amount; places are points from the left."""
    rows = [*_hung(steps), (PAID, paid, 0, paid)]
    low = min(0, *(min(start, end) for *_, start, end in rows))
    high = max(1, *(max(start, end) for *_, start, end in rows))

    def x(amount: int) -> int:
        return (amount - low) * WIDTH_POINTS // (high - low)

    return [
        {
            "label": label,
            "figure": figure(amount, currency),
            "kind": _kind(label, amount),
            "left": min(x(start), x(end)),
            "width": max(abs(x(end) - x(start)), 1 if amount else 0),
        }
        for label, amount, start, end in rows
    ]


def _hung(steps: Sequence[tuple[str, int]]) -> Iterator[Bar]:
    """Each change hangs from the level before."""
    levels = accumulate((amount for _, amount in steps), initial=0)
    for (label, amount), level in zip(steps, levels, strict=False):
        yield label, amount, level, level + amount


def _kind(label: str, amount: int) -> str:
    if label in (ORDERS, PAID):
        return "total"
    return "less" if amount < 0 else "more"
