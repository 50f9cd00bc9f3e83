"""Orders from a file: the whole path of the job beside COPY of the rows it ends with.

Ours: receive the file, recognise, sort, validate, calculate, store; every process of the job.
The reference: COPY of the very same finished rows, from one client on one connection, into the
same table with the same constraints, indexes and foreign keys, in one transaction.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from django.db import connection

from core.companies.models import Workspace
from settlements.models import Transfer
from settlements.services.uploads import import_orders
from tests.bench import market, report, stage
from tests.bench.measure import Pairs, Sample, measure, middle, pairs

SIZES, ROUNDS = (100_000, 1_000_000), 3
TABLE = Transfer._meta.db_table
WRITTEN = (TABLE, "settlements_orderupload", "jobs_job", "jobs_jobfailure")
BLOCK = 1024 * 1024
MIB = 1024 * 1024


def run(options: argparse.Namespace) -> None:
    workspace = market.open_market("upload")
    per_order: dict[int, float] = {}
    for orders in options.rows or SIZES:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "orders.csv")
            rows = market.write_orders(file, orders=orders)
            report.heading(f"Upload of {orders:,} orders ({rows:,} rows, {_mib(file)})")
            found = _measure(workspace, file, Path(folder, "finished"), options.rounds or ROUNDS)
        _say(found, orders)
        per_order[orders] = middle(found.ours).seconds / orders
    _say_growth(per_order)


def _measure(workspace: Workspace, file: Path, finished: Path, rounds: int) -> Pairs:
    def ours() -> Sample:
        stage.empty(*WRITTEN)
        sample = measure(lambda: import_orders(workspace=workspace, actor=market.ACTOR, path=file))
        _keep_finished(finished)
        return sample

    def reference() -> Sample:
        stage.empty(*WRITTEN)
        return measure(lambda: _copy(finished))

    return pairs(rounds, ours, reference)


def _keep_finished(place: Path) -> None:
    with (
        place.open("wb") as file,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {TABLE} TO STDOUT") as copy,
    ):
        for block in copy:
            file.write(block)


def _copy(place: Path) -> None:
    with (
        place.open("rb") as file,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {TABLE} FROM STDIN") as copy,
    ):
        while block := file.read(BLOCK):
            copy.write(block)


def _say(found: Pairs, orders: int) -> None:
    for name, samples in (("file to stored orders", found.ours), ("COPY", found.reference)):
        sample = middle(samples)
        report.line(
            name,
            f"{sample.seconds:7.1f} s",
            f"{orders / sample.seconds:8,.0f} orders/s",
            f"CPU {sample.cpu_seconds:6.1f} s",
            f"peak {sample.peak_bytes / MIB:,.0f} MiB",
        )
    report.ratio("ratio", found.ratio, "≤ 2.0", found.ratios)
    report.line("ratio of CPU", f"{found.cpu_ratio:.2f}×")


def _say_growth(per_order: dict[int, float]) -> None:
    if len(per_order) > 1:
        smallest, largest = min(per_order), max(per_order)
        growth = per_order[largest] / per_order[smallest]
        report.heading(f"Seconds per order at {largest:,} beside {smallest:,}")
        report.ratio("growth", growth, "≤ 1.2", [growth])


def _mib(file: Path) -> str:
    return f"{file.stat().st_size / MIB:,.0f} MiB"
