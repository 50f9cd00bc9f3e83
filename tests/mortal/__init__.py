"""Processes to be killed, on this test's database.

They are forked from one that has read all the code (tests.mortal.code): an interpreter of their
own would need seconds before it does anything, and dies no differently.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import connection, forkserver, get_context
from typing import Any

from core import failpoints
from tests.live import environment

PATIENCE_SECONDS = 120
_forks = get_context("forkserver")
_forks.set_forkserver_preload(["tests.mortal.code"])


class Mortal:
    """`work(*args)` in a process and session of its own, which dies at the named point."""

    def __init__(self, work: Callable[..., None], *args: Any, point: str = "") -> None:
        _start_forks()
        self._heard, told = _forks.Pipe(duplex=False)
        self.process = _forks.Process(target=_live, args=(told, point, work, args))
        self.process.start()
        told.close()

    def wait_until_alive(self) -> None:
        if not self._heard.poll(PATIENCE_SECONDS):
            raise TimeoutError

    def kill(self) -> None:
        """kill -9, children included; `end` tells whether it was quicker."""
        assert self.process.pid
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def end(self) -> int:
        """How it ended: 0, or −9 when it was killed."""
        self.process.join(PATIENCE_SECONDS)
        if self.process.exitcode is None:
            raise TimeoutError
        return self.process.exitcode


def dies(work: Callable[..., None], *args: Any, point: str = "") -> None:
    assert Mortal(work, *args, point=point).end() == -signal.SIGKILL


def lives(work: Callable[..., None], *args: Any) -> None:
    assert Mortal(work, *args).end() == 0


def _start_forks() -> None:
    """Once, with the settings of production; those of the test stay its own."""
    before = dict(os.environ)
    os.environ |= environment() | {"RINGS_WORKERS": "false"}
    try:
        forkserver.ensure_running()
    finally:
        os.environ.clear()
        os.environ |= before


def _live(
    told: connection.Connection, point: str, work: Callable[..., None], args: tuple[Any, ...]
) -> None:
    os.setsid()
    failpoints.CHOSEN = point
    told.send(None)
    work(*args)
