"""Lines of the report."""

from __future__ import annotations

import sys
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bench.measure import Sample

MIB = 1024 * 1024


def say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def heading(text: str) -> None:
    say(f"\n## {text}")


def line(name: str, *facts: str) -> None:
    say(f"  {name:<44} " + "   ".join(facts))


def cost(name: str, sample: Sample, count: int, unit: str) -> None:
    line(
        name,
        f"{sample.seconds:7.2f} s",
        f"{count / sample.seconds:9,.0f} {unit}/s",
        f"CPU {sample.cpu_seconds:6.2f} s",
        f"peak {sample.peak_bytes / MIB:,.0f} MiB",
    )


def ratio(name: str, rounds: list[float], aim: str) -> None:
    each = " ".join(f"{one:.2f}" for one in rounds)
    line(name, f"{median(rounds):.2f}×", f"aim {aim}", f"(rounds {each})")


def growth(name: str, per_row: dict[int, float]) -> None:
    """Of the largest size beside the smallest."""
    if len(per_row) > 1:
        smallest, largest = min(per_row), max(per_row)
        heading(f"{name} at {largest:,} beside {smallest:,}")
        ratio("growth", [per_row[largest] / per_row[smallest]], "≤ 1.2")
