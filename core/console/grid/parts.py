"""The pieces a list template draws."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.safestring import SafeString

from core.console.grid.bulk import BulkAction
from core.console.grid.columns import Column


@dataclass(frozen=True)
class Tab:
    name: str
    label: str
    rows: Q
    tone: str = "neutral"


@dataclass(frozen=True)
class TabLink:
    label: str
    count: str
    href: str
    tone: str
    current: bool


@dataclass(frozen=True)
class PeriodField:
    label: str
    href: str
    current: bool


@dataclass(frozen=True)
class Heading:
    column: Column
    href: str = ""
    direction: str = ""
    """aria-sort of the column the list is sorted by."""


@dataclass(frozen=True)
class Cell:
    column: Column
    html: SafeString
    number: int | None = None


@dataclass(frozen=True)
class Line:
    pk: int
    href: str
    cells: list[Cell]


@dataclass(frozen=True)
class Total:
    column: Column
    amount: int | None


@dataclass(frozen=True)
class Offer:
    action: BulkAction
    reason: str
