"""Run everything on one machine: services, migrations, web, worker, beat."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from types import FrameType

from config.environment import BASE_DIR, VAR_DIR, number, text
from config.runtime.kept import KeepsDying, Kept, die_with_parent, stop_all
from config.runtime.lease import Lease, embedded_services

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
QUIET = "ignore:You're running the worker with superuser"


class Stop(Exception):
    """Someone asked us to."""


def serve(port: int | None = None) -> int:
    """Serve until Ctrl-C or SIGTERM; returns the exit code.

    `port` beats PORT. Everything started here is stopped here, whatever happens.
    """
    host, port = text("HOST", "127.0.0.1"), port or number("PORT", 8000)
    if _is_taken(host, port):
        sys.stderr.write(f"{host}:{port} is in use; choose another with PORT=\n")
        return 1
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    try:
        with embedded_services() as lease:
            if not _migrate():
                return 1
            return _run(processes(host, port), lease, f"http://{host}:{port}")
    except Stop:
        return 0


def processes(host: str, port: int) -> list[Kept]:
    """What serves, in order of start."""
    web = ["gunicorn", "--config=python:config.gunicorn", f"--bind={host}:{port}", "config.wsgi"]
    worker = [
        "celery",
        "--app=config",
        "worker",
        f"--concurrency={number('WORKERS', os.cpu_count() or 1)}",
    ]
    beat = [
        "celery",
        "--app=config",
        "--quiet",
        "beat",
        f"--schedule={VAR_DIR / 'beat'}",
        "--pidfile=",
    ]
    commands = {"web": web, "worker": worker, "beat": beat}
    return [_kept(name, command) for name, command in commands.items()]


def _kept(name: str, command: list[str]) -> Kept:
    full = [*die_with_parent(signal.SIGTERM), sys.executable, "-m", *command]
    return Kept(name, lambda: full, folder=BASE_DIR, environment={"PYTHONWARNINGS": QUIET})


def _migrate() -> bool:
    migrate = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity=0"]
    return subprocess.run(migrate, cwd=BASE_DIR).returncode == 0


def _run(children: list[Kept], lease: Lease | None, address: str) -> int:
    try:
        for child in children:
            child.keep_running()
        sys.stdout.write(f"Jeongsan serves at {address} (Ctrl-C stops it)\n")
        sys.stdout.flush()
        while True:
            time.sleep(LOOK_SECONDS)
            if lease:
                lease.ensure_guarded()
            for child in children:
                child.keep_running()
    except KeepsDying as error:
        log.error("%s, stopping", error)
        return 1
    finally:
        stop_all(children)


def _is_taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def _stop(number: int, frame: FrameType | None) -> None:
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, signal.SIG_IGN)  # once is enough
    raise Stop
