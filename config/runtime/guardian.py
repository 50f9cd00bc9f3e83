"""The keeper of the embedded services of one var folder: `python -m config.runtime.guardian`.

Whoever needs the services holds a shared lock on the lease file; the kernel drops it even when
the holder is killed. The guardian starts the services, starts them again when they die, and stops
them once it can take the lease for itself. Only one guardian runs per var folder.
"""

from __future__ import annotations

import fcntl
import logging
import shutil
import signal
import sys
import time
from types import FrameType
from typing import IO

from config.environment import VAR_DIR, text
from config.runtime import postgres, redis
from config.runtime.kept import Kept, stop_all
from config.runtime.places import Places

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.3


def main() -> int:
    places = Places(VAR_DIR)
    postgres.make_folders(places)
    logging.basicConfig(
        filename=places.log("guardian"), level=logging.INFO, format="%(asctime)s %(message)s"
    )
    with places.guard.open("a") as guard, places.lease.open("a") as lease:
        if not _taken(guard):
            return 0
        signal.signal(signal.SIGTERM, _leave)
        return _keep_until_free(services(places), lease)


def services(places: Places) -> list[Kept]:
    """Those that no URL in the environment replaces."""
    database = Kept(
        "postgres",
        lambda: postgres.command(places),
        folder=places.home,
        log_file=places.log("postgres"),
        before_start=lambda: postgres.prepare(places),
        stop_signal=signal.SIGINT,  # fast shutdown: sessions end, the cluster is left clean
    )
    broker = Kept(
        "redis",
        lambda: redis.command(places),
        folder=places.home,
        log_file=places.log("redis"),
    )
    replaced = {database.name: text("DATABASE_URL"), broker.name: text("CELERY_BROKER_URL")}
    return [service for service in (database, broker) if not replaced[service.name]]


def _keep_until_free(children: list[Kept], lease: IO[str]) -> int:
    try:
        while not _taken(lease):
            for child in children:
                child.keep_running()
            time.sleep(LOOK_SECONDS)
    except Exception:
        log.exception("giving up")
        return 1
    finally:
        stop_all(children)
        if not postgres.is_durable():
            shutil.rmtree(Places(VAR_DIR).data, ignore_errors=True)
    return 0


def _taken(file: IO[str]) -> bool:
    """Take an exclusive lock if nobody holds any."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
