"""Lines of the report."""

from __future__ import annotations

import sys


def say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def heading(text: str) -> None:
    say(f"\n## {text}")


def line(name: str, *facts: str) -> None:
    say(f"  {name:<44} " + "   ".join(facts))


def ratio(name: str, value: float, aim: str, rounds: list[float]) -> None:
    each = " ".join(f"{one:.2f}" for one in rounds)
    line(name, f"{value:.2f}×", f"aim {aim}", f"(rounds {each})")
