"""What each stage did, as a table for people and one JSON object for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

Facts = dict[str, int]

STAGES = {
    "contracts": "계약",
    "partners": "파트너",
    "orders": "주문",
    "settle": "정산",
    "payouts": "지급 생성",
    "invoices": "세금계산서",
    "approval": "지급 승인",
    "transfers": "이체",
    "unknown": "미확정 해소",
    "statements": "정산내역서",
    "invariants": "불변식",
}
FACTS = {
    "created": "등록",
    "updated": "변경",
    "unchanged": "그대로",
    "rejected": "거절",
    "rows": "행",
    "transfers": "정산건",
    "settlements": "정산 내역",
    "payouts": "지급",
    "amount": "금액(원)",
    "carried": "이월",
    "skipped": "제외",
    "documents": "문서",
    "approved": "승인",
    "issued": "발행",
    "failed": "실패",
    "paid": "지급 완료",
    "was_unknown": "미확정이던 것",
    "unknown": "미확정",
    "sent": "발송",
    "checked": "점검",
    "broken": "위반",
}


@dataclass
class Stage:
    name: str
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
    def stage(self, name: str) -> Iterator[Facts]:
        stage = Stage(name)
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
    facts = " · ".join(f"{FACTS[name]} {value:,}" for name, value in stage.facts.items())
    return f"{_padded(STAGES[stage.name], 14)} {stage.seconds:>8.2f} s   {facts}"


def _padded(text: str, width: int) -> str:
    shown = sum(2 if ord(letter) > 0x1100 else 1 for letter in text)
    return text + " " * max(width - shown, 0)
