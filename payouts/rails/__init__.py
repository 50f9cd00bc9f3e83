"""Rails by the name a funding account carries."""

from __future__ import annotations

from collections.abc import Callable

from payouts.rails.base import Rail
from payouts.rails.sandbox import sandbox_bank

RAILS: dict[str, Callable[[], Rail]] = {"sandbox": sandbox_bank}


def get_rail(name: str) -> Rail:
    return RAILS[name]()
