"""Interleaved pairs: what we do beside what it is measured against, medians of the rounds."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from tests.bench.machine import cpu_seconds, memory_bytes, postmaster

LOOK_SECONDS = 0.25


@dataclass
class Sample:
    """`cpu_seconds` of ours and the database's processes; `peak_bytes` of ours alone."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_bytes: int = 0


@contextmanager
def measured() -> Iterator[Sample]:
    sample, over = Sample(), threading.Event()
    database = postmaster()
    watcher = threading.Thread(target=_watch_memory, args=(sample, over))
    watcher.start()
    cpu, start = _cpu(database), time.perf_counter()
    try:
        yield sample
        sample.seconds = time.perf_counter() - start
        sample.cpu_seconds = _cpu(database) - cpu
    finally:
        over.set()
        watcher.join()


def measure(work: Callable[[], object]) -> Sample:
    with measured() as sample:
        work()
    return sample


@dataclass
class Pairs:
    ours: list[Sample]
    reference: list[Sample]

    @property
    def ratios(self) -> list[float]:
        return [a.seconds / b.seconds for a, b in zip(self.ours, self.reference, strict=True)]

    @property
    def ratio(self) -> float:
        return median(self.ratios)

    @property
    def cpu_ratio(self) -> float:
        return middle(self.ours).cpu_seconds / middle(self.reference).cpu_seconds


def pairs(rounds: int, ours: Callable[[], Sample], reference: Callable[[], Sample]) -> Pairs:
    """Ours and the reference in turns, so that both meet the same machine."""
    found = Pairs([], [])
    for _ in range(rounds):
        found.ours.append(ours())
        found.reference.append(reference())
    return found


def middle(samples: Sequence[Sample]) -> Sample:
    """Medians, and the highest peak."""
    return Sample(
        median(sample.seconds for sample in samples),
        median(sample.cpu_seconds for sample in samples),
        max(sample.peak_bytes for sample in samples),
    )


def _cpu(database: int) -> float:
    return cpu_seconds(os.getpid()) + cpu_seconds(database)


def _watch_memory(sample: Sample, over: threading.Event) -> None:
    while not over.wait(LOOK_SECONDS):
        sample.peak_bytes = max(sample.peak_bytes, memory_bytes(os.getpid()))
