"""Work through the parts of a file, in this process or in several, each on its own connection.

A part is checked, or checked and written with its mark in the job's cursor in one transaction:
whatever dies, a part is in the database wholly once or not at all. Processes are billiard's, as
Celery's own are: a worker's process may have children of that kind only.
"""

from __future__ import annotations

import gc
import os
import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from multiprocessing import Pipe
from multiprocessing.connection import Connection as PipeEnd
from multiprocessing.connection import wait
from typing import Any, TypeVar

from billiard import get_context
from django.db import DEFAULT_DB_ALIAS, connections

from core.database import Connection, connect

Result = TypeVar("Result")

PARTS_WORTH_A_PROCESS = 2
MAX_PROCESSES = 8

_parents: list[Any] = []
"""In a fork, Django's connection of its parent: never used, and never closed by being forgotten."""


class WorkerDied(RuntimeError):
    """A process ended in the middle of a part, by itself or by the system's hand."""


def process_count(parts: int) -> int:
    cores = len(os.sched_getaffinity(0))
    return max(1, min(cores, MAX_PROCESSES, parts // PARTS_WORTH_A_PROCESS))


def each_part(
    work: Callable[[Connection, int], Result], parts: Sequence[int], *, processes: int
) -> Iterator[Result]:
    """The result of each part as it is ready. Raises what the work raises, and WorkerDied; what is
    begun then is rolled back, the rest is dropped."""
    if processes > 1:
        yield from _each_part_in(processes, work, parts)
        return
    with connect() as own:
        for part in parts:
            yield work(own, part)


def _each_part_in(
    processes: int, work: Callable[[Connection, int], Result], parts: Sequence[int]
) -> Iterator[Result]:
    waiting = iter(parts)
    busy: dict[PipeEnd, _Worker] = {}
    workers: list[_Worker] = []
    try:
        for part in islice(waiting, processes):
            worker = _Worker(work, [each.pipe for each in workers])
            workers.append(worker)
            busy[worker.pipe] = worker
            worker.pipe.send(part)
        while busy:
            for pipe in wait(list(busy)):
                assert isinstance(pipe, PipeEnd)
                result = busy[pipe].answer()
                _give_next(waiting, busy, pipe)
                yield result
    finally:
        for worker in workers:
            worker.end(is_busy=worker.pipe in busy)


def _give_next(waiting: Iterator[int], busy: dict[PipeEnd, _Worker], pipe: PipeEnd) -> None:
    part = next(waiting, None)
    if part is None:
        del busy[pipe]
    else:
        pipe.send(part)


class _Worker:
    """A forked process that works on one part at a time. It shares no lock with anybody: a pool's
    processes do, and one told to end while it waits for its lock may wait for ever."""

    def __init__(self, work: Callable[[Connection, int], Any], others: Sequence[PipeEnd]) -> None:
        self.pipe, theirs = Pipe()
        inherited = [*others, self.pipe]
        self.process = get_context("fork").Process(target=_serve, args=(work, theirs, inherited))
        self.process.start()
        theirs.close()

    def answer(self) -> Any:
        """To the part it was given. Raises what the work raised, or WorkerDied."""
        try:
            error, result = self.pipe.recv()
        except (EOFError, ConnectionError) as end:
            raise WorkerDied from end
        if error is not None:
            raise error
        return result

    def end(self, *, is_busy: bool) -> None:
        if is_busy and self.process.is_alive():
            os.kill(self.process.pid, signal.SIGKILL)
        self.pipe.close()
        self.process.join()


def _serve(
    work: Callable[[Connection, int], Any], pipe: PipeEnd, inherited: Sequence[PipeEnd]
) -> None:
    """One part after the other, until the parent closes its end or dies."""
    for end in inherited:  # a copy left open would keep that process from hearing of its parent
        end.close()
    _parents.append(connections[DEFAULT_DB_ALIAS])
    del connections[DEFAULT_DB_ALIAS]
    gc.freeze()
    gc.disable()
    with connect() as own, suppress(EOFError, ConnectionError):
        while True:
            pipe.send(_worked(work, own, pipe.recv()))
            gc.collect()  # nothing of a part outlives it: look for cycles once, not all the time


def _worked(
    work: Callable[[Connection, int], Any], own: Connection, part: int
) -> tuple[Exception | None, Any]:
    try:
        return None, work(own, part)
    except Exception as error:  # raised again where the parts are asked for
        error.add_note(traceback.format_exc())
        return error, None
