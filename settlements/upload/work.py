"""Work through the parts of a file, in this process or in several, each on its own connection.

A part is checked, or checked and written with its mark in the job's cursor in one transaction:
whatever dies, a part is in the database wholly once or not at all. Processes are billiard's, as
Celery's own are: a worker's process may have children of that kind only.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import psycopg
from billiard import get_context
from django.db import DEFAULT_DB_ALIAS, connections
from django.db import connection as django_connection

Connection = psycopg.Connection[tuple[Any, ...]]
Result = TypeVar("Result")

PARTS_WORTH_A_PROCESS = 2
MAX_PROCESSES = 8


def connect() -> Connection:
    """A connection beside Django's: the heartbeat of a job must not wait for its transaction."""
    known = django_connection.get_connection_params()
    for django_only in ("context", "cursor_factory", "pool"):
        known.pop(django_only, None)
    return psycopg.connect(**known, autocommit=True)


def process_count(parts: int) -> int:
    cores = len(os.sched_getaffinity(0))
    return max(1, min(cores, MAX_PROCESSES, parts // PARTS_WORTH_A_PROCESS))


def each_part(
    work: Callable[[Connection, int], Result], parts: Sequence[int], *, processes: int
) -> Iterator[Result]:
    """The result of each part as it is ready. Raises what the work raises; the rest is dropped."""
    if processes == 1:
        with connect() as own:
            for part in parts:
                yield work(own, part)
        return
    pool = get_context("fork").Pool(processes, _Process.start, (work,))
    try:
        yield from pool.imap_unordered(_Process.call, parts)
        pool.close()
    finally:
        pool.terminate()
        pool.join()


class _Process:
    """What a forked process keeps: the work, handed over by the fork, and a connection."""

    work: Callable[[Connection, int], Any]
    connection: Connection
    parents_connection: Any

    @classmethod
    def start(cls, work: Callable[[Connection, int], Any]) -> None:
        """Django's connection is the parent's: keep it out of reach, but never close it."""
        cls.parents_connection = connections[DEFAULT_DB_ALIAS]
        del connections[DEFAULT_DB_ALIAS]
        cls.work = staticmethod(work)
        cls.connection = connect()
        gc.freeze()
        gc.disable()

    @classmethod
    def call(cls, part: int) -> Any:
        """Nothing of a part outlives it: look for cycles once, not with every few objects."""
        try:
            return cls.work(cls.connection, part)
        finally:
            gc.collect()
