"""Where the embedded services of one JEONGSAN_VAR lie. Pure: nothing is created here."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

SYSTEM_DIR = Path("/var/lib/jeongsan")
SOCKET_PATH_LIMIT = 107
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432.lock"


@dataclass(frozen=True)
class Places:
    """PostgreSQL refuses to run as root. It then runs as `nobody`, in a folder `nobody` can reach
    without the mode of anyone's home being touched: under /var/lib, named after the var folder.
    """

    var: Path
    as_root: bool = os.geteuid() == 0

    @property
    def home(self) -> Path:
        return SYSTEM_DIR / self._name if self.as_root else self.var / "embedded"

    @property
    def data(self) -> Path:
        return self.home / "postgres"

    @property
    def lease(self) -> Path:
        return self.home / "lease"

    @property
    def guard(self) -> Path:
        return self.home / "guard"

    @cached_property
    def run(self) -> Path:
        """The folder of the sockets; the kernel limits the length of their paths."""
        run = self.home / "run"
        if len(str(run)) + len(LONGEST_SOCKET_NAME) <= SOCKET_PATH_LIMIT:
            return run
        return Path(tempfile.gettempdir()) / f"jeongsan-{os.geteuid()}-{self._name}"

    @property
    def redis_socket(self) -> Path:
        return self.run / "redis.sock"

    def log(self, service: str) -> Path:
        return self.home / f"{service}.log"

    @property
    def _name(self) -> str:
        return hashlib.sha256(str(self.var).encode()).hexdigest()[:12]

    @property
    def database_url(self) -> str:
        return f"postgresql://postgres@/jeongsan?host={self.run}"

    @property
    def broker_url(self) -> str:
        return f"redis+socket://{self.redis_socket}"
