"""A sweep goes on after what it cannot do: one bad row keeps nobody else's work waiting."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)


@contextmanager
def going_on(doing: str, subject: object) -> Iterator[None]:
    """Log what fails inside and leave it to the next round. Not inside a transaction."""
    try:
        yield
    except Exception:
        log.exception("%s %s failed; the sweep goes on", doing, subject)
