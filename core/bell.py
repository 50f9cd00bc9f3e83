"""Ring a worker after commit. Losing a ring is harmless: sweepers find every row that waits."""

from __future__ import annotations

import logging
from typing import Any

from celery import Task
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def ring(task: Task, *args: Any) -> None:
    """Ask for a task once the current transaction is committed."""
    if settings.RINGS_WORKERS:
        transaction.on_commit(lambda: _send(task, args))


def _send(task: Task, args: tuple[Any, ...]) -> None:
    try:
        task.apply_async(args=args, retry=False)
    except OperationalError:
        log.warning("the broker does not answer; %s%s waits for the sweeper", task.name, args)
