"""Hold the embedded services up while this process needs them."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from config.environment import BASE_DIR, VAR_DIR, text
from config.runtime import postgres, redis
from config.runtime.places import Places

PATIENCE_SECONDS = 90
LOOK_SECONDS = 0.05
LOG_TAIL = 2000


class ServicesDown(RuntimeError):
    """The embedded services did not come up; the text has the end of their logs."""


@contextmanager
def embedded_services() -> Iterator[None]:
    """PostgreSQL and Redis answer inside this block, unless URLs replace both of them."""
    if text("DATABASE_URL") and text("CELERY_BROKER_URL"):
        yield
        return
    lease = hold()
    try:
        yield
    finally:
        lease.close()


def hold() -> IO[str]:
    """Take a lease; closing the file, or dying, gives it back."""
    places = Places(VAR_DIR)
    postgres.make_folders(places)
    lease = places.lease.open("a")
    fcntl.flock(lease, fcntl.LOCK_SH)
    try:
        _wait_until_ready(places)
    except BaseException:
        lease.close()
        raise
    return lease


def wait_until_stopped() -> None:
    """Return once the guardian has stopped everything; only when nobody holds a lease."""
    with Places(VAR_DIR).guard.open("a") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)


def remove() -> None:
    """Delete the embedded database, for good."""
    places = Places(VAR_DIR)
    if places.home.exists():
        wait_until_stopped()
    for folder in (places.run, places.home):
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_ready(places: Places) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    guardian: subprocess.Popen[bytes] | None = None
    while not _ready(places):
        if guardian is None:
            guardian = _start_guardian()
        if guardian.poll() or time.monotonic() > deadline:
            raise ServicesDown(_last_words(places))
        time.sleep(LOOK_SECONDS)


def _ready(places: Places) -> bool:
    database = bool(text("DATABASE_URL")) or postgres.is_ready(places)
    return database and (bool(text("CELERY_BROKER_URL")) or redis.is_ready(places))


def _start_guardian() -> subprocess.Popen[bytes]:
    """In a session of its own: Ctrl-C and a closed terminal are ours, not the database's."""
    return subprocess.Popen(
        [sys.executable, "-m", "config.runtime.guardian"],
        cwd=BASE_DIR,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _last_words(places: Places) -> str:
    logs: list[Path] = [places.log(name) for name in ("guardian", "postgres", "redis")]
    return "the embedded services did not start\n" + "\n".join(
        f"--- {log}\n{log.read_text(errors='replace')[-LOG_TAIL:]}" for log in logs if log.exists()
    )
