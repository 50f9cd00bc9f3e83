"""How often one secret may call: a bucket of tokens in memory, no row and no round trip.

Every web process has buckets of its own: a limit counts per process, like the threads it protects.
"""

from __future__ import annotations

import math
from threading import Lock
from time import monotonic

from core.api.errors import TooManyRequests


class Bucket:
    """Fills evenly, holds one second's worth."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._level: float | None = None
        self._seen = 0.0

    def take(self, per_second: int) -> None:
        """One token, or TooManyRequests with the whole seconds until there is one."""
        with self._lock:
            now = monotonic()
            level = float(per_second) if self._level is None else self._level
            level = min(level + (now - self._seen) * per_second, float(per_second))
            self._seen = now
            self._level = level if level < 1 else level - 1
        if level < 1:
            raise TooManyRequests(retry_after_seconds=math.ceil((1 - level) / per_second))


_buckets: dict[int, Bucket] = {}


def take(secret_id: int, per_second: int) -> None:
    """Count one request of a secret. Raises TooManyRequests."""
    _buckets.setdefault(secret_id, Bucket()).take(per_second)


def forget() -> None:
    """Every bucket full again: for tests."""
    _buckets.clear()
