"""The parsed formula."""

from __future__ import annotations

from dataclasses import dataclass

from core.money import Rounding

FUNCTIONS = {
    "ROUND": Rounding.HALF_UP,
    "ROUND_UP": Rounding.UP,
    "ROUND_DOWN": Rounding.DOWN,
}
"""Each rounds what stands in its parentheses to a whole number."""


@dataclass(frozen=True, slots=True)
class Number:
    """digits × 10^-scale"""

    digits: int
    scale: int


@dataclass(frozen=True, slots=True)
class Name:
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Negative:
    value: Node


@dataclass(frozen=True, slots=True)
class Sum:
    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Product:
    factors: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Rounded:
    rounding: Rounding
    value: Node


Node = Number | Name | Negative | Sum | Product | Rounded
