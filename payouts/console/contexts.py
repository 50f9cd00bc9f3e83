"""What pages show beyond their rows."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

FLAG_NAMES = {
    "PROBLEM": "지급할 수 없는 사유가 생김",
    "SAME_ACCOUNT": "여러 파트너가 같은 계좌",
    "ACCOUNT_CHANGED": "생성한 뒤 계좌가 바뀜",
    "NEW_ACCOUNT": "지난 지급과 다른 계좌",
    "UNUSUAL_AMOUNT": "지난 지급의 3배가 넘는 금액",
    "FIRST_PAYOUT": "처음 지급하는 파트너",
    "PARTNER_ARCHIVED": "보관된 파트너",
    "TAXATION_TYPE_DIFFERS": "과세 유형이 조회 결과와 다름",
    "BUSINESS_CLOSED": "폐업한 사업자",
    "BUSINESS_SUSPENDED": "휴업한 사업자",
    "BUSINESS_NOT_FOUND": "등록되지 않은 사업자",
}
"""In the order a checker should look."""
SAMPLES = 5


@dataclass
class FlagGroup:
    """Flags of one kind: how many payouts, how much money, a few of them."""

    name: str
    count: int = 0
    amount: int = 0
    samples: list[Mapping[str, Any]] = field(default_factory=list)

    def add(self, flag: Mapping[str, Any]) -> None:
        self.count += 1
        self.amount += flag["amount"]
        if len(self.samples) < SAMPLES:
            self.samples.append(flag)


def grouped_flags(flags: Iterable[Mapping[str, Any]]) -> list[FlagGroup]:
    """By kind, the gravest first: 963 first payouts are one line, not 963."""
    groups: dict[str, FlagGroup] = {}
    for flag in flags:
        code = flag["code"]
        groups.setdefault(code, FlagGroup(FLAG_NAMES.get(code, flag["message"]))).add(flag)
    order = list(FLAG_NAMES)
    known = sorted(groups, key=lambda code: order.index(code) if code in order else len(order))
    return [groups[code] for code in known]


def new_token() -> str:
    return uuid.uuid4().hex
