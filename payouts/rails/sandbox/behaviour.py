"""How the sandbox bank misbehaves: by account number, or by seeded rates."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

PER_MILLE = 1000


class Fault(StrEnum):
    REJECT = "REJECT"
    """A definite no."""
    TIMEOUT_PAID = "TIMEOUT_PAID"
    """Pays, then never answers."""
    TIMEOUT_UNPAID = "TIMEOUT_UNPAID"
    """The request is lost on the way."""
    ERROR_PAID = "ERROR_PAID"
    """Pays, then answers 5xx."""
    LATE_PAID = "LATE_PAID"
    """Takes the order and pays later."""
    LATE_REJECT = "LATE_REJECT"
    """Takes the order and refuses later."""
    LATE_ARRIVAL = "LATE_ARRIVAL"
    """Times out; an inquiry finds nothing until the request arrives after all, and is paid."""


REJECTIONS = {
    "412": "계좌번호 없음",
    "415": "해지된 계좌",
    "419": "사고 신고 계좌",
    "420": "거래 중지 계좌",
    "815": "예금주 불일치",
}
"""Definite refusals (korea-rules 8.2)."""

MAGIC_FAULTS = {
    "999001": Fault.TIMEOUT_PAID,
    "999002": Fault.TIMEOUT_UNPAID,
    "999003": Fault.ERROR_PAID,
    "999004": Fault.LATE_PAID,
    "999005": Fault.LATE_REJECT,
    "999006": Fault.LATE_ARRIVAL,
}
MAGIC_REJECTIONS = {f"999{code}": code for code in REJECTIONS}
"""An account number that ends like this always meets that answer."""


@dataclass(frozen=True)
class Behaviour:
    """Settings of the bank. `rates` are per mille per fault; the same seed draws the same."""

    seed: int = 0
    rates: Mapping[str, int] = field(default_factory=dict)
    latency_ms: int = 0
    late_seconds: int = 24 * 3600
    clock_offset_seconds: int = 0

    @classmethod
    def of(cls, body: Mapping[str, Any] | None) -> Behaviour:
        return cls(**body) if body else cls()

    def as_body(self) -> dict[str, Any]:
        return asdict(self)


def magic_fault(account_number: str) -> Fault | None:
    ending = account_number[-6:]
    return Fault.REJECT if ending in MAGIC_REJECTIONS else MAGIC_FAULTS.get(ending)


def rejection_code(account_number: str) -> str:
    return MAGIC_REJECTIONS.get(account_number[-6:], "412")


def drawn_fault(behaviour: Behaviour, account_number: str, visit: int) -> Fault | None:
    """The seeded fault of the n-th transfer to an account, whatever order transfers arrive in."""
    digest = hashlib.sha256(f"{behaviour.seed}:{account_number}:{visit}".encode()).digest()
    lot = int.from_bytes(digest[:8]) % PER_MILLE
    for name, rate in sorted(behaviour.rates.items()):
        if lot < rate:
            return Fault(name)
        lot -= rate
    return None
