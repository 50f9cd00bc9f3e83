"""The real server beside a test: gunicorn, worker and beat as processes on the test's database."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import urlopen

from django.conf import settings
from django.db import connection

from config.runtime.kept import Kept, stop_all
from config.runtime.supervisor import processes

HOST = "127.0.0.1"
PATIENCE_SECONDS = 60
LOG_TAIL = 4000


class LiveServer:
    """`start`, `stop` and `kill` take "web", "worker" or "beat". Logs lie in the var folder."""

    def __init__(self) -> None:
        port = free_port()
        self.url = f"http://{HOST}:{port}"
        self.environment = environment() | {"PUBLIC_URL": self.url}
        """Change it before `start` to give a process more."""
        self.processes: dict[str, Kept] = {kept.name: kept for kept in processes(HOST, port)}
        for name, kept in self.processes.items():
            kept.environment = self.environment
            kept.log_file = settings.OWN_DIR / f"{name}.log"

    def start(self, *names: str) -> None:
        for name in names:
            self.processes[name].keep_running()
        if "web" in names:
            self._wait_for_web()

    def stop(self, *names: str) -> None:
        stop_all([self.processes[name] for name in names or self.processes])

    def kill(self, name: str) -> None:
        """kill -9, children included."""
        process = self.processes[name].process
        assert process is not None, f"{name} was never started"
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        with suppress(ProcessLookupError):
            while True:  # the children go in their own time
                os.killpg(process.pid, 0)
                time.sleep(0.01)

    def log(self, name: str) -> str:
        file = self.processes[name].log_file
        return file.read_text()[-LOG_TAIL:] if file and file.exists() else ""

    def _wait_for_web(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not _answers(self.url):
            assert time.monotonic() < deadline, self.log("web")
            time.sleep(0.1)


def environment() -> dict[str, str]:
    """What makes another process share this test's database, files and keys."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": _database_url(),
        "CELERY_BROKER_URL": _broker_url(),
        "JEONGSAN_VAR": str(settings.OWN_DIR),
        "SECRET_KEY": settings.SECRET_KEY,
        "WEB_WORKERS": "1",
        "WORKERS": "1",
        "LOG_LEVEL": "INFO",
    }


def _database_url() -> str:
    database = connection.settings_dict
    user, password = (quote(database[part], safe="") for part in ("USER", "PASSWORD"))
    place = urlencode({"host": database["HOST"], "port": database["PORT"]})
    return f"postgresql://{user}:{password}@/{database['NAME']}?{place}"


def _broker_url() -> str:
    """Each xdist worker rings bells of its own, unless CELERY_BROKER_URL names a single one."""
    if "CELERY_BROKER_URL" in os.environ:
        return os.environ["CELERY_BROKER_URL"]
    number = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return f"{settings.EMBEDDED.broker_url}?virtual_host={number}"


@contextmanager
def live_server() -> Iterator[LiveServer]:
    settings.OWN_DIR.mkdir(parents=True, exist_ok=True)
    server = LiveServer()
    try:
        yield server
    finally:
        server.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(url: str) -> bool:
    """Any answer will do: without a worker the server is up and says it is not well."""
    try:
        urlopen(f"{url}/healthz", timeout=5).close()
    except HTTPError:
        return True
    except OSError:
        return False
    return True
