"""/healthz: is everything there that money needs?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from kombu.exceptions import OperationalError

from config.celery import app
from core import clock
from core.companies import walls
from core.jobs.models import Heartbeat

SILENT_AFTER = timedelta(seconds=60)


def healthz(request: HttpRequest) -> JsonResponse:
    """200 when database, broker and worker answer, else 503 naming what does not."""
    parts = {name: answers() for name, answers in PARTS.items()}
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def _database() -> bool:
    """It answers, and `migrate` made what confines requests."""
    try:
        return walls.stand()
    except DatabaseError:
        return False


def _broker() -> bool:
    try:
        with app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (OperationalError, OSError):
        return False
    return True


def _worker() -> bool:
    try:
        beats = Heartbeat.objects.filter(name="worker", seen_at__gt=clock.now() - SILENT_AFTER)
        return beats.exists()
    except DatabaseError:
        return False


PARTS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "broker": _broker,
    "worker": _worker,
}
