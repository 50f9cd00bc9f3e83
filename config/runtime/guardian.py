"""The keeper of the embedded services of one var folder: `python -m config.runtime.guardian`.

Whoever needs the services holds a shared lock on the lease file; the kernel drops it even when
the holder is killed. The guardian starts the services, starts them again when they die, and stops
them once it can take the lease for itself. Only one guardian runs per var folder.
"""

from __future__ import annotations

import fcntl
import logging
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from config.environment import VAR_DIR, text
from config.runtime import postgres, redis
from config.runtime.places import Places

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.3
SHORT_LIFE_SECONDS = 10
SHORT_LIVES_ALLOWED = 5
PATIENCE_SECONDS = 60


@dataclass
class Service:
    name: str
    places: Places
    command: Callable[[Places], list[str]]
    prepare: Callable[[Places], None]
    stop_signal: signal.Signals
    process: subprocess.Popen[bytes] | None = None
    started: list[float] = field(default_factory=list)

    def keep_running(self) -> None:
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None:
            log.warning("%s died (%s); starting it again", self.name, self.process.returncode)
        self._give_up_when_it_keeps_dying()
        self.prepare(self.places)
        with self.places.log(self.name).open("ab") as output:
            self.process = subprocess.Popen(
                self.command(self.places),
                cwd=self.places.home,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        self.started.append(time.monotonic())

    def _give_up_when_it_keeps_dying(self) -> None:
        lately = [at for at in self.started if time.monotonic() - at < SHORT_LIFE_SECONDS]
        if len(lately) >= SHORT_LIVES_ALLOWED:
            raise RuntimeError(f"{self.name} keeps dying, see {self.places.log(self.name)}")

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def embedded_services(places: Places) -> list[Service]:
    """Those that no URL in the environment replaces."""
    services = []
    if not text("DATABASE_URL"):
        # SIGINT is PostgreSQL's fast shutdown: it ends sessions and leaves a clean cluster
        services.append(
            Service("postgres", places, postgres.command, postgres.prepare, signal.SIGINT)
        )
    if not text("CELERY_BROKER_URL"):
        services.append(
            Service("redis", places, redis.command, postgres.make_folders, signal.SIGTERM)
        )
    return services


def main() -> int:
    places = Places(VAR_DIR)
    postgres.make_folders(places)
    logging.basicConfig(
        filename=places.log("guardian"), level=logging.INFO, format="%(asctime)s %(message)s"
    )
    with places.guard.open("a") as guard, places.lease.open("a") as lease:
        if not taken(guard):
            return 0
        signal.signal(signal.SIGTERM, _leave)
        services = embedded_services(places)
        try:
            while not taken(lease):
                for service in services:
                    service.keep_running()
                time.sleep(LOOK_SECONDS)
        except Exception:
            log.exception("giving up")
            return 1
        finally:
            for service in reversed(services):
                service.stop()
    return 0


def taken(file: object) -> bool:
    """Take an exclusive lock if nobody holds any."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # type: ignore[arg-type]
    except BlockingIOError:
        return False
    return True


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
