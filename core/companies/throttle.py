"""Slow down guessing: failures are rows, so every process sees the same count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from core import clock
from core.companies.models import Failure

WINDOW = timedelta(minutes=15)
LIMIT = 10


def is_blocked(keys: Sequence[str], limit: int = LIMIT) -> bool:
    """Whether any key failed `limit` times within the window."""
    recent = Failure.objects.filter(failed_at__gt=clock.now() - WINDOW)
    return any(recent.filter(key=key).count() >= limit for key in keys)


def record_failure(keys: Sequence[str]) -> None:
    Failure.objects.bulk_create(Failure(key=key) for key in keys)


def clear(keys: Sequence[str]) -> None:
    Failure.objects.filter(key__in=keys).delete()
