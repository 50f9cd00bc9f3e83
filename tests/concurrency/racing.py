"""Let things happen at the same moment, and people meet inside of a service."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

from django.db import IntegrityError, connections

from core.errors import DomainError
from payouts.models import FundingAccount
from tests.payouts.factories import make_partner, owe
from tests.settlements.factories import make_contract

FUNDS = 1_000_000


def owe_many(account: FundingAccount, count: int, ending: str = "") -> None:
    contract = make_contract(account.workspace)
    for number in range(count):
        owe(make_partner(contract, f"p{number}", ending), 1_000)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run together from the same moment; a refusal is returned, not raised."""
    start = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=30)
            return work()
        except (DomainError, IntegrityError) as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


class Meeting:
    """Two meet in the middle of their work, if nothing keeps one of them out."""

    def __init__(self, monkeypatch: Any) -> None:
        self._monkeypatch = monkeypatch
        self._barrier = Barrier(2)

    def before(self, module: Any, name: str) -> None:
        real = getattr(module, name)

        def wrapped(*args: Any, **values: Any) -> Any:
            self._wait()
            return real(*args, **values)

        self._monkeypatch.setattr(module, name, wrapped)

    def after(self, module: Any, name: str) -> None:
        real = getattr(module, name)

        def wrapped(*args: Any, **values: Any) -> Any:
            result = real(*args, **values)
            self._wait()
            return result

        self._monkeypatch.setattr(module, name, wrapped)

    def _wait(self) -> None:
        with suppress(BrokenBarrierError):
            self._barrier.wait(timeout=1)
