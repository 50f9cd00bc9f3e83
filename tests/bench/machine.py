"""What it ran on, and what processes cost: CPU seconds and memory, from /proc."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from django.db import connection

from tests.bench.report import say

TICKS = os.sysconf("SC_CLK_TCK")


def describe() -> None:
    model = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if "model name" in line),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    with connection.cursor() as cursor:
        settings = ", ".join(
            f"{name} {_shown(cursor, name)}"
            for name in ("server_version", "shared_buffers", "fsync", "synchronous_commit")
        )
    cores = len(os.sched_getaffinity(0))
    say(f"{model}, {cores} cores, {memory} GiB, load {os.getloadavg()[0]:.1f}")
    say(f"Python {platform.python_version()}, PostgreSQL {settings}")


def _shown(cursor: object, name: str) -> str:
    cursor.execute(f"SHOW {name}")  # type: ignore[attr-defined]
    return str(cursor.fetchone()[0])  # type: ignore[attr-defined]


def cpu_seconds(pid: int) -> float:
    """Of a process, its ended children and its living descendants."""
    spent = sum(map(int, _stat(pid)[11:15])) / TICKS
    return spent + sum(cpu_seconds(child) for child in children(pid))


def memory_bytes(pid: int) -> int:
    """Of a process and its descendants; what they share counts once."""
    proportional = next(
        (int(line.split()[1]) for line in _lines(f"/proc/{pid}/smaps_rollup") if "Pss:" in line), 0
    )
    return proportional * 1024 + sum(memory_bytes(child) for child in children(pid))


def children(pid: int) -> list[int]:
    """Living ones, but for the guardian of the services, which is no work of ours."""
    pids = [
        int(child)
        for thread in Path(f"/proc/{pid}/task").glob("*/children")
        for child in " ".join(_lines(str(thread))).split()
    ]
    return [child for child in pids if not _is_guardian(child)]


def _is_guardian(pid: int) -> bool:
    return any("config.runtime.guardian" in line for line in _lines(f"/proc/{pid}/cmdline"))


def postmaster() -> int:
    """The parent of the process that serves our connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(_stat(cursor.fetchone()[0])[1])


def _stat(pid: int) -> list[str]:
    """Fields of /proc/pid/stat from the state on; zeros for a process that is gone."""
    text = " ".join(_lines(f"/proc/{pid}/stat"))
    return text.rpartition(")")[2].split() or ["0"] * 50


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(errors="replace").splitlines()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return []
