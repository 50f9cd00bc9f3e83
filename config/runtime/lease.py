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

from config.environment import BASE_DIR, VAR_DIR, text
from config.runtime import postgres, redis
from config.runtime.places import Places

PATIENCE_SECONDS = 90
LOOK_SECONDS = 0.05
LOG_TAIL = 2000


class ServicesInUse(RuntimeError):
    """Someone holds a lease."""


class ServicesDown(RuntimeError):
    """The embedded services did not come up; the text has the end of their logs."""


class Lease:
    """A shared lock on the lease file; releasing it, or dying, gives it back."""

    def __init__(self) -> None:
        self._places = Places(VAR_DIR)
        postgres.make_folders(self._places)
        self._file = self._places.lease.open("a")
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def ensure_guarded(self) -> None:
        """Start a guardian if there is none, and wait until its services answer."""
        if not _is_guarded(self._places):
            _wait_until_ready(self._places)

    def release(self) -> None:
        self._file.close()


@contextmanager
def embedded_services() -> Iterator[Lease | None]:
    """PostgreSQL and Redis answer inside this block; None when URLs replace both of them."""
    if text("DATABASE_URL") and text("CELERY_BROKER_URL"):
        yield None
        return
    lease = Lease()
    try:
        _wait_until_ready(Places(VAR_DIR))
        yield lease
    finally:
        lease.release()


def wait_until_stopped() -> None:
    """Return once the guardian has stopped everything, which it does when nobody holds a lease."""
    guard = Places(VAR_DIR).guard
    if guard.exists():
        with guard.open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)


def remove() -> None:
    """Delete the embedded database, for good; refused while someone uses it."""
    places = Places(VAR_DIR)
    if places.home.exists() and _is_guarded(places):
        raise ServicesInUse(f"the services of {VAR_DIR} are in use; stop them first")
    for folder in (places.run, places.home):
        shutil.rmtree(folder, ignore_errors=True)


def _is_guarded(places: Places) -> bool:
    with places.guard.open("a") as guard:
        try:
            fcntl.flock(guard, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


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
