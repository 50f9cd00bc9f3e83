"""Work through the parts of a file, in this process or in several, each on its own connection.

A part is checked, or checked and written with its mark in the job's cursor in one transaction:
whatever dies, a part is in the database wholly once or not at all.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import Any, TypeVar

import psycopg
from django.db import connection as django_connection

Connection = psycopg.Connection[tuple[Any, ...]]
Result = TypeVar("Result")

PARTS_WORTH_A_PROCESS = 4
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
    fork = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(processes, fork, _Process.start, (work,))
    try:
        for ready in as_completed([pool.submit(_Process.call, part) for part in parts]):
            yield ready.result()
    finally:
        pool.shutdown(cancel_futures=True)


class _Process:
    """What a forked process keeps: the work, handed over by the fork, and a connection."""

    work: Callable[[Connection, int], Any]
    connection: Connection
    inherited: Any

    @classmethod
    def start(cls, work: Callable[[Connection, int], Any]) -> None:
        # The parent's connection came along with the fork; kept, for closing it would end it.
        cls.inherited, django_connection.connection = django_connection.connection, None
        cls.work = work
        cls.connection = connect()

    @classmethod
    def call(cls, part: int) -> Any:
        return cls.work(cls.connection, part)
