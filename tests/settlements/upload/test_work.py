"""Parts in processes of their own: every result once, nothing left running, nothing waiting."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from django.db import connection

from core.database import Connection
from settlements.errors import SettlementAmountExceeded
from settlements.upload.work import WorkerDied, each_part

pytestmark = pytest.mark.django_db(transaction=True)

PARTS = range(9)


def squared(own: Connection, part: int) -> tuple[int, int, int]:
    row = own.execute("SELECT %s * %s, pg_backend_pid()", [part, part]).fetchone()
    assert row is not None
    return row[0], row[1], os.getpid()


def test_every_part_is_worked_on_once_by_all() -> None:
    connection.ensure_connection()
    found = list(each_part(squared, PARTS, processes=3))
    assert sorted(result for result, _, _ in found) == [part * part for part in PARTS]
    assert len({backend for _, backend, _ in found}) == 3
    assert len({process for _, _, process in found}) == 3
    assert_all_ended({process for _, _, process in found})
    assert connection.is_usable(), "a child that ends must not close what its parent uses"


def test_there_may_be_fewer_parts_than_processes() -> None:
    assert len(list(each_part(squared, [7], processes=4))) == 1
    assert list(each_part(squared, [], processes=4)) == []


def test_what_a_part_raises_is_raised_and_the_rest_is_dropped(tmp_path: Path) -> None:
    def work(own: Connection, part: int) -> None:
        (tmp_path / str(os.getpid())).touch()
        if part == 1:
            raise SettlementAmountExceeded(limit=5)
        sleep(60)

    begun = monotonic()
    with pytest.raises(SettlementAmountExceeded) as refusal:
        list(each_part(work, PARTS, processes=2))
    assert refusal.value.extra == {"limit": 5}
    assert "in work" in refusal.value.__notes__[0]
    assert monotonic() - begun < 30
    assert_all_ended({int(file.name) for file in tmp_path.iterdir()})


def test_whoever_stops_asking_waits_for_nobody(tmp_path: Path) -> None:
    def work(own: Connection, part: int) -> int:
        (tmp_path / str(os.getpid())).touch()
        if part:
            sleep(60)
        return part

    begun = monotonic()
    results = each_part(work, PARTS, processes=2)
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]
    assert monotonic() - begun < 30
    assert_all_ended({int(file.name) for file in tmp_path.iterdir()})


def test_a_process_that_dies_is_noticed() -> None:
    def work(own: Connection, part: int) -> int:
        if part == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return part

    with pytest.raises(WorkerDied):
        list(each_part(work, PARTS, processes=2))


def test_processes_end_with_their_parent() -> None:
    """kill -9 of the worker reaches no child: each hears that nobody asks any more."""
    told, tells = os.pipe()
    parent = os.fork()
    if parent == 0:
        _die_in_the_middle(tells)
    os.waitpid(parent, 0)
    os.close(tells)
    with os.fdopen(told) as file:
        children = {int(line) for line in file}  # ends when no child holds the pipe any more
    assert len(children) == 2


def _die_in_the_middle(tells: int) -> None:
    from django.db import connections

    kept: Any = connections["default"]  # the test's own, not to be closed from here
    del connections["default"]

    def work(own: Connection, part: int) -> int:
        os.write(tells, f"{os.getpid()}\n".encode())
        sleep(0.2)
        return part

    for part in each_part(work, PARTS, processes=2):
        if part:
            os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError(kept)


def assert_all_ended(processes: set[int]) -> None:
    assert processes
    assert [pid for pid in processes if Path(f"/proc/{pid}").exists()] == []
