"""What a settlement's page knows of its payouts; whoever pays fills it in ready()."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from core.console.access import ConsoleRequest
from core.events.models import Event
from core.events.transitions import Face
from settlements.models import PartnerSettlement


@dataclass(frozen=True)
class Payment:
    """One attempt to pay a settlement. `left` says why it is no longer in it."""

    name: str
    href: str
    face: Face
    amount: int | None
    currency: str
    paid_at: datetime | None
    left: str


@dataclass(frozen=True)
class Payments:
    rows: list[Payment] = field(default_factory=list)
    """Newest first."""
    events: list[Event] = field(default_factory=list)


Source = Callable[[ConsoleRequest, PartnerSettlement], Payments]
SOURCES: list[Source] = []


def register_payments(source: Source) -> None:
    SOURCES.append(source)


def payments_of(request: ConsoleRequest, settlement: PartnerSettlement) -> Payments:
    found = [source(request, settlement) for source in SOURCES]
    return Payments(
        [row for each in found for row in each.rows],
        [event for each in found for event in each.events],
    )


def newest_first(*histories: Iterable[Event]) -> list[Event]:
    events = [event for history in histories for event in history]
    return sorted(events, key=lambda event: event.pk, reverse=True)
