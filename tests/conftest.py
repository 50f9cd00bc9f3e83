"""One embedded PostgreSQL and Redis for a run; each xdist worker has databases of its own."""

from __future__ import annotations

import shutil
from contextlib import ExitStack

import pytest

from config.environment import VAR_DIR
from config.runtime import lease

SERVICES = pytest.StashKey[ExitStack]()


def pytest_configure(config: pytest.Config) -> None:
    if _is_worker(config):
        return
    services = ExitStack()
    services.enter_context(lease.embedded_services())
    config.stash[SERVICES] = services


def pytest_unconfigure(config: pytest.Config) -> None:
    if _is_worker(config):
        return
    config.stash[SERVICES].close()
    lease.remove()
    shutil.rmtree(VAR_DIR, ignore_errors=True)


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")
