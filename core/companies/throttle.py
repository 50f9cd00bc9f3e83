"""Slow down guessing: failures are rows, so every process sees the same count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from core import clock
from core.companies.models import Failure, User

WINDOW = timedelta(minutes=15)
LIMIT = 10


def one_at_a_time(user: User) -> None:
    """The guesses of one person wait for each other: many at once would all be looked at before
    the first is counted."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def is_blocked(keys: Sequence[str], limit: int = LIMIT) -> bool:
    """Whether any key failed `limit` times within the window."""
    recent = Failure.objects.filter(failed_at__gt=clock.now() - WINDOW)
    return any(recent.filter(key=key).count() >= limit for key in keys)


def record_failure(keys: Sequence[str]) -> None:
    Failure.objects.bulk_create(Failure(key=key) for key in keys)


def clear(keys: Sequence[str]) -> None:
    Failure.objects.filter(key__in=keys).delete()
