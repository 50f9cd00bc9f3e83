"""One embedded PostgreSQL and Redis for a run; each xdist worker has databases of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings

from config.environment import VAR_DIR
from config.runtime import lease
from payouts.rails.sandbox import SandboxBank, sandbox_bank
from tests.listener import listener  # noqa: F401 a fixture
from tests.live import LiveServer, live_server

hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

SERVICES = pytest.StashKey[ExitStack]()


def pytest_configure(config: pytest.Config) -> None:
    if _is_worker(config):
        return
    services = ExitStack()
    services.enter_context(lease.embedded_services())
    config.stash[SERVICES] = services


def pytest_unconfigure(config: pytest.Config) -> None:
    if SERVICES not in config.stash:
        return
    config.stash[SERVICES].close()
    lease.wait_until_stopped()
    lease.remove()
    shutil.rmtree(VAR_DIR, ignore_errors=True)


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


@pytest.fixture
def installation_bank() -> SandboxBank:
    """The bank other processes find too, without what earlier tests paid."""
    for file in Path(settings.SANDBOX_DIR).glob("bank.sqlite3*"):
        file.unlink()
    return sandbox_bank()


@pytest.fixture
def live_server_process(transactional_db: None) -> Iterator[LiveServer]:
    """The real server on this test's database. Nothing runs yet: `.start("web", "worker")`."""
    with live_server() as server:
        yield server


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A skipped test is a hole, and a hole is said aloud."""
    for report in terminalreporter.stats.get("skipped", []):
        terminalreporter.write_line(f"SKIPPED {report.nodeid}: {report.longrepr[2]}", red=True)
