"""What a simulation adds up to: per partner and currency, and in all."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, Sum

from core.companies.access import rows
from settlements.calculator import Amounts
from settlements.models import (
    AMOUNT_COLUMNS,
    SimulatedPartner,
    Simulation,
    Transfer,
    TransferType,
)
from settlements.queries import signed
from settlements.simulation.parts import PastOrders, Tried

FEES = (
    "platform_fee_amount",
    "platform_fee_vat_amount",
    "additional_fee_amount",
    "additional_fee_vat_amount",
)
"""What a partner is charged, the VAT it bears included."""

LARGEST = 50
"""Transfers kept by name for each partner; the file has them all."""

Key = tuple[int, str]
"""A partner's primary key, and a currency."""


def fees_of(amounts: Amounts) -> int:
    return sum(getattr(amounts, name) for name in FEES)


@dataclass
class Sums:
    """Won of many transfers, column by column; cancels subtract."""

    order_count: int = 0
    cancel_count: int = 0
    changed_count: int = 0
    moved_count: int = 0
    before: list[int] = field(default_factory=lambda: [0] * len(AMOUNT_COLUMNS))
    after: list[int] = field(default_factory=lambda: [0] * len(AMOUNT_COLUMNS))
    formulas: defaultdict[str, list[int]] = field(
        default_factory=lambda: defaultdict(lambda: [0, 0])
    )
    """Of the user's own, by key: before and after; an order older than a formula has none of it."""
    largest: list[tuple[int, int, Tried]] = field(default_factory=list)
    """A heap of the greatest differences, then of what moves to another date."""

    def add(self, each: Tried) -> None:
        self.order_count += each.type == TransferType.ORDER
        self.cancel_count += each.type == TransferType.ORDER_CANCEL
        self.changed_count += each.before != each.after
        self.moved_count += each.is_moved
        for place, (before, after) in enumerate(zip(each.before, each.after, strict=True)):
            self.before[place] += each.sign * before
            self.after[place] += each.sign * after
        for side, formulas in enumerate((each.before_formulas, each.after_formulas)):
            for key, value in formulas.items():
                self.formulas[key][side] += each.sign * value

    def remember(self, each: Tried) -> None:
        if each.difference or each.is_moved:
            put = heapq.heappush if len(self.largest) < LARGEST else heapq.heappushpop
            put(self.largest, (abs(each.difference), each.transfer_pk, each))

    def largest_said(self) -> list[list[str | int]]:
        return [
            [
                each.public_id,
                each.type,
                each.before_amount,
                each.after_amount,
                each.before_date.isoformat(),
                each.after_date.isoformat(),
            ]
            for _, _, each in sorted(self.largest, reverse=True)
        ]

    def said(self) -> dict[str, Any]:
        return {
            "order_count": self.order_count,
            "cancel_count": self.cancel_count,
            "changed_count": self.changed_count,
            "moved_count": self.moved_count,
            "before": dict(zip(AMOUNT_COLUMNS, self.before, strict=True)),
            "after": dict(zip(AMOUNT_COLUMNS, self.after, strict=True)),
            "formulas": dict(self.formulas),
        }


class Dates(defaultdict[date, list[int]]):
    """Won by settlement date: as it is, and as drafted; cancels subtract."""

    def __init__(self) -> None:
        super().__init__(lambda: [0, 0])

    def add(self, each: Tried) -> None:
        self[each.before_date][0] += each.before_amount
        self[each.after_date][1] += each.after_amount

    def said(self, moved_count: int) -> dict[str, list[int]]:
        """Nothing when no date moves: the amounts alone are told then."""
        return {day.isoformat(): self[day] for day in sorted(self)} if moved_count else {}


@dataclass
class Tally:
    """Sums by partner and by currency while the parts come in."""

    partners: defaultdict[Key, Sums] = field(default_factory=lambda: defaultdict(Sums))
    currencies: defaultdict[str, Sums] = field(default_factory=lambda: defaultdict(Sums))
    dates: defaultdict[str, Dates] = field(default_factory=lambda: defaultdict(Dates))

    def add(self, all_tried: Iterable[Tried]) -> None:
        for each in all_tried:
            partner = self.partners[each.partner_pk, each.currency]
            partner.add(each)
            partner.remember(each)
            self.currencies[each.currency].add(each)
            self.dates[each.currency].add(each)

    def totals(self) -> dict[str, Any]:
        return {
            currency: sums.said() | {"dates": self.dates[currency].said(sums.moved_count)}
            for currency, sums in self.currencies.items()
        }

    def rows(self, simulation: Simulation, others: dict[Key, int]) -> Iterator[SimulatedPartner]:
        """Only partners with orders: a draft changes nothing for the others."""
        for (partner_pk, currency), sums in self.partners.items():
            before, after = Amounts(*sums.before), Amounts(*sums.after)
            yield SimulatedPartner(
                simulation=simulation,
                workspace=simulation.workspace,
                partner_id=partner_pk,
                currency=currency,
                order_count=sums.order_count,
                cancel_count=sums.cancel_count,
                changed_count=sums.changed_count,
                moved_count=sums.moved_count,
                before_amount=before.settlement_amount,
                after_amount=after.settlement_amount,
                before_fee_amount=fees_of(before),
                after_fee_amount=fees_of(after),
                other_amount=others.get((partner_pk, currency), 0),
                formulas=dict(sums.formulas),
                largest=sums.largest_said(),
            )


def other_amounts(past: PastOrders) -> dict[Key, int]:
    """What is settled in the same days and no draft touches, in won: amounts by hand, and cancels
    of orders from outside these days."""
    days = (past.from_date, past.until_date)
    by_hand = Q(type=TransferType.MANUAL, settlement_date__range=days)
    late = Q(type=TransferType.ORDER_CANCEL, settlement_start_date__range=days) & ~Q(
        order_transfer__settlement_start_date__range=days
    )
    found = (
        rows(Transfer, past.workspace)
        .filter(by_hand | late)
        .values_list("partner_id", "settlement_currency")
        .annotate(total=Sum(signed("settlement_amount")))
    )
    return {(partner, currency): total for partner, currency, total in found}
