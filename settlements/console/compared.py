"""What a simulation sets side by side: as it is, and as drafted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from settlements.calculator import Amounts
from settlements.console.amounts import ORDER, label


@dataclass(frozen=True)
class Compared:
    """An amount as it is and as drafted."""

    label: str
    before: int
    after: int

    @property
    def difference(self) -> int:
        return self.after - self.before


@dataclass(frozen=True)
class ComparedDay(Compared):
    """What is settled on a day. `ahead`: what has left more than now by then, over all days."""

    day: date
    ahead: int


@dataclass(frozen=True)
class DateChanges:
    """The days whose amounts differ, the sum of the others, and of all."""

    moved_count: int
    days: list[ComparedDay]
    same_count: int
    same: Compared
    total: Compared


def compared(before: Amounts, after: Amounts) -> list[Compared]:
    return [
        Compared(label(column), getattr(before, column), getattr(after, column))
        for column in ORDER
        if getattr(before, column) or getattr(after, column)
    ]


def date_changes(total: Mapping[str, Any]) -> DateChanges | None:
    """Of one currency of `Simulation.totals`; None when the draft moves nothing."""
    dates: Mapping[str, Sequence[int]] = total.get("dates", {})
    if not dates:
        return None
    days, ahead = [], 0
    for iso, (before, after) in sorted(dates.items()):
        ahead += after - before
        if before != after:
            days.append(ComparedDay("", before, after, date.fromisoformat(iso), ahead))
    same = sum(before for before, after in dates.values() if before == after)
    sums = [sum(each[side] for each in dates.values()) for side in (0, 1)]
    return DateChanges(
        total["moved_count"],
        days,
        len(dates) - len(days),
        Compared("", same, same),
        Compared("", *sums),
    )


def as_days(days: Sequence[str]) -> list[date]:
    """Settlement dates of a remembered transfer; none in simulations from before they were told."""
    return [date.fromisoformat(each) for each in days]
