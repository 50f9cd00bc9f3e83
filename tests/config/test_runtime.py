"""The embedded services: up while anyone needs them, back after a kill, gone in the end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from config.environment import BASE_DIR
from config.runtime import postgres, redis
from config.runtime.kept import KeepsDying, Kept
from config.runtime.places import SOCKET_PATH_LIMIT, Places

PATIENCE_SECONDS = 60
HOLD_A_LEASE = """
import sys
from config.runtime.lease import embedded_services
with embedded_services():
    print("up", flush=True)
    sys.stdin.read()
"""


class Holder:
    """A process that holds a lease on the services of a var folder until told to let go."""

    def __init__(self, var: Path) -> None:
        self.places = Places(var)
        replaced = {"DATABASE_URL", "CELERY_BROKER_URL"}
        kept = {name: value for name, value in os.environ.items() if name not in replaced}
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLD_A_LEASE],
            cwd=BASE_DIR,
            env=kept | {"JEONGSAN_VAR": str(var), "EMBEDDED_DURABLE": "true"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "up\n"

    def let_go(self) -> None:
        self.process.communicate()

    def execute(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.places.database_url) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def postmaster(self) -> int:
        return int((self.places.data / "postmaster.pid").read_text().split("\n", 1)[0])


@pytest.fixture
def hold(tmp_path: Path) -> Iterator[Callable[[str], Holder]]:
    holders: list[Holder] = []

    def hold(name: str) -> Holder:
        holders.append(Holder(tmp_path / name))
        return holders[-1]

    yield hold
    for holder in holders:
        if holder.process.poll() is None:
            holder.let_go()
    for var in {holder.places.var for holder in holders}:
        eventually(lambda var=var: remove(var) == 0)


def remove(var: Path) -> int:
    """Refused, and so not 0, until the guardian has stopped everything."""
    command = [sys.executable, "-m", "config.runtime", "remove"]
    environment = os.environ | {"JEONGSAN_VAR": str(var)}
    return subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True).returncode


def is_up(places: Places) -> bool:
    return postgres.is_ready(places) or redis.is_ready(places)


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.crash
def test_services_live_as_long_as_the_last_lease(hold):
    first, second = hold("var"), hold("var")
    first.let_go()
    assert postgres.is_ready(second.places)
    assert redis.is_ready(second.places)
    os.kill(second.process.pid, signal.SIGKILL)
    eventually(lambda: not is_up(second.places))


@pytest.mark.crash
def test_a_killed_database_comes_back_with_its_data(hold):
    holder = hold("var")
    holder.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    killed = holder.postmaster()
    os.kill(killed, signal.SIGKILL)
    eventually(lambda: postgres.is_ready(holder.places) and holder.postmaster() != killed)
    assert holder.execute("SELECT answer FROM kept") == [(42,)]


@pytest.mark.crash
def test_the_number_of_a_dead_server_may_be_someone_elses(hold):
    """After a power cut the pid file stays, and its number may be taken by another process."""
    holder = hold("var")
    pid_file = holder.places.data / "postmaster.pid"
    left_behind = pid_file.read_text().split("\n", 1)[1]
    holder.let_go()
    eventually(lambda: not is_up(holder.places))
    pid_file.write_text(f"{os.getpid()}\n{left_behind}")
    assert hold("var").execute("SELECT 1") == [(1,)]


@pytest.mark.crash
def test_two_folders_are_two_databases(hold):
    one, two = hold("one"), hold("two")
    one.execute("CREATE TABLE only_here (id int)")
    assert two.execute("SELECT to_regclass('only_here')") == [(None,)]
    assert one.execute("SHOW fsync") == [("on",)]


def test_sockets_fit_the_kernel_however_long_the_folder():
    places = Places(Path("/" + "x" * 200), as_root=False)
    longest = places.run / ".s.PGSQL.5432.lock"
    assert len(str(longest)) <= SOCKET_PATH_LIMIT
    assert Places(Path("/srv/jeongsan/var"), as_root=False).run.is_relative_to("/srv/jeongsan/var")


def test_root_leaves_its_home_alone():
    places = Places(Path("/root/jeongsan/var"), as_root=True)
    assert places.home.is_relative_to("/var/lib/jeongsan")
    assert places.home != Places(Path("/root/other/var"), as_root=True).home


def test_what_keeps_dying_is_given_up(tmp_path):
    child = Kept("child", lambda: ["false"], folder=tmp_path)

    def run_until_given_up() -> None:
        while True:
            child.keep_running()
            child.wait()

    with pytest.raises(KeepsDying):
        run_until_given_up()
    assert len(child.starts) == 5
