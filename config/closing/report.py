"""What each stage did, as a table for people and one JSON object for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

Facts = dict[str, int]


@dataclass
class Stage:
    name: str
    label: str
    facts: Facts = field(default_factory=dict)
    seconds: float = 0.0


@dataclass
class Report:
    """Stages in order; `say` is told each one as it ends."""

    say: Callable[[Stage], None]
    stages: list[Stage] = field(default_factory=list)
    totals: Facts = field(default_factory=dict)
    partners: list[dict[str, Any]] = field(default_factory=list)
    broken_invariants: list[str] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str, label: str) -> Iterator[Facts]:
        stage = Stage(name, label)
        started = monotonic()
        yield stage.facts
        stage.seconds = monotonic() - started
        self.stages.append(stage)
        self.say(stage)

    @property
    def is_clean(self) -> bool:
        return not self.broken_invariants

    def as_json(self) -> dict[str, Any]:
        return {
            "stages": [
                {"name": s.name, "seconds": round(s.seconds, 3), **s.facts} for s in self.stages
            ],
            "totals": self.totals,
            "partners": self.partners,
            "invariants": {"broken": self.broken_invariants, "clean": self.is_clean},
        }


def line(stage: Stage) -> str:
    """One row of the stage table; columns align in a terminal that shows Hangul double width."""
    facts = " · ".join(f"{label} {value:,}" for label, value in stage.facts.items())
    return f"{_padded(stage.label, 18)} {stage.seconds:>8.2f} s   {facts}"


def _padded(text: str, width: int) -> str:
    shown = sum(2 if ord(letter) > 0x1100 else 1 for letter in text)
    return text + " " * max(width - shown, 0)
