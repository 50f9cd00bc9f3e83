"""Ring a worker after commit. Losing a ring is harmless: sweepers find every row that waits."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery import Signature, Task, current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


_is_silent = False


@contextmanager
def silence() -> Iterator[None]:
    """For a process that does the work itself: nobody else is called meanwhile."""
    global _is_silent
    _is_silent = True
    try:
        yield
    finally:
        _is_silent = False


def ring(task: Task | str, *args: Any) -> None:
    """Ask for a task once the current transaction is committed. By its name where the caller
    must not import it: services know no tasks."""
    if settings.RINGS_WORKERS and not _is_silent:
        bell = current_app.signature(task) if isinstance(task, str) else task
        transaction.on_commit(lambda: _send(bell, args))


def _send(task: Task | Signature, args: tuple[Any, ...]) -> None:
    try:
        task.apply_async(args=args, retry=False)
    except OperationalError:
        log.warning("the broker does not answer; %s%s waits for the sweeper", task.name, args)
