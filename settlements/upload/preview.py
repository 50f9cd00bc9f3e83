"""What a checked file would create: sums by column and by partner, and a few examples."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from settlements.models import AMOUNT_COLUMNS
from settlements.upload.planning import Planned

EXAMPLES_PER_KIND = 4
SHOWN = (
    "payment_id",
    "order_name",
    "memo",
    "cancellation_id",
    "settlement_currency",
    "order_amount",
    "platform_fee_amount",
    "settlement_amount",
)

Kind = tuple[str, str]
"""Currency and type."""


@dataclass
class PartnerSum:
    """Signed: cancels are subtracted."""

    transfers: int = 0
    order_amount: int = 0
    settlement_amount: int = 0

    def add(self, other: PartnerSum) -> None:
        self.transfers += other.transfers
        self.order_amount += other.order_amount
        self.settlement_amount += other.settlement_amount


@dataclass
class Preview:
    """Parts are previewed apart and added up."""

    columns: dict[Kind, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    partners: dict[tuple[str, int], PartnerSum] = field(
        default_factory=lambda: defaultdict(PartnerSum)
    )
    """By currency and primary key."""
    examples: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, planned: Iterable[Planned]) -> Preview:
        preview = cls()
        for each in planned:
            preview._count(each.columns)
        return preview

    def add(self, other: Preview) -> None:
        for kind, sums in other.columns.items():
            self.columns[kind].update(sums)
        for whose, partner_sum in other.partners.items():
            self.partners[whose].add(partner_sum)
        for kind_name, examples in other.examples.items():
            room = EXAMPLES_PER_KIND - len(self.examples[kind_name])
            self.examples[kind_name] += examples[:room]

    def said(self, partners: Mapping[int, tuple[str, str, bool]]) -> dict[str, Any]:
        """As JSON. `partners`: primary key → public id, name, whether it is archived."""
        return {
            "columns": [
                {"currency": currency, "type": kind, "sums": dict(sums)}
                for (currency, kind), sums in sorted(self.columns.items())
            ],
            "partners": [
                [*partners[pk], currency, total.transfers, total.order_amount, owed]
                for (currency, pk), total in self._by_amount()
                for owed in [total.settlement_amount]
            ],
            "examples": [
                example | {"partner": partners[example["partner"]][1]}
                for examples in self.examples.values()
                for example in examples
            ],
        }

    def _by_amount(self) -> list[tuple[tuple[str, int], PartnerSum]]:
        return sorted(self.partners.items(), key=lambda each: -each[1].settlement_amount)

    def _count(self, columns: Mapping[str, Any]) -> None:
        kind, currency = columns["type"].value, columns["settlement_currency"]
        sums = self.columns[currency, kind]
        sums["count"] += 1
        for name in AMOUNT_COLUMNS:
            amount = columns.get(name, 0)
            if amount:
                sums[name] += amount
        sign = -1 if kind == "ORDER_CANCEL" else 1
        partner_sum = PartnerSum(
            1, sign * columns.get("order_amount", 0), sign * columns["settlement_amount"]
        )
        self.partners[currency, columns["partner_id"]].add(partner_sum)
        if len(self.examples[kind]) < EXAMPLES_PER_KIND:
            self.examples[kind].append(_example(kind, columns))


def _example(kind: str, columns: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: columns.get(name) for name in SHOWN}
    day = columns["settlement_date"]
    return shown | {
        "type": kind,
        "partner": columns["partner_id"],
        "settlement_date": day.isoformat(),
    }
