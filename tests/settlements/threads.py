"""Transactions of several threads, held open to make them meet."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event as Signal
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

PATIENCE = 10


class Held:
    """Work done in another thread's transaction that commits only when released."""

    def __init__(self, pool: ThreadPoolExecutor, work: Callable[[], object]) -> None:
        self._done, self._released = Signal(), Signal()
        self._future = pool.submit(self._run, work)
        assert self._done.wait(PATIENCE)

    def _run(self, work: Callable[[], object]) -> None:
        try:
            with transaction.atomic():
                work()
                self._done.set()
                self._released.wait(PATIENCE)
        finally:
            connection.close()

    def commit(self) -> None:
        self._released.set()
        self._future.result(PATIENCE)


def in_thread(pool: ThreadPoolExecutor, work: Callable[[], object]) -> Future[None]:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    return pool.submit(run)


@contextmanager
def kept_by_somebody(rows: QuerySet[Any]) -> Iterator[None]:
    """While these rows are theirs, our connection waits a tenth of a second for a lock."""
    with ThreadPoolExecutor(1) as pool, connection.cursor() as cursor:
        theirs = Held(pool, lambda: list(rows.select_for_update()))
        cursor.execute("SET lock_timeout = '100ms'")
        yield
        cursor.execute("RESET lock_timeout")
        theirs.commit()
