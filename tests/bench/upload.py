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

SIZES = (100_000, 1_000_000)
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
            rounds = options.rounds or (3 if orders < 1_000_000 else 1)
            report.heading(f"Upload of {orders:,} orders ({rows:,} rows, {_mib(file)})")
            found = _measure(workspace, file, Path(folder, "finished"), rounds)
        _say(found, orders)
        per_order[orders] = middle(found.ours).seconds / orders
    report.growth("Seconds per order", per_order)


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
    report.cost("file to stored orders", middle(found.ours), orders, "orders")
    report.cost("COPY", middle(found.reference), orders, "orders")
    report.ratio("ratio", found.ratios, "≤ 2.0")
    report.line("ratio of CPU", f"{found.cpu_ratio:.2f}×")


def _mib(file: Path) -> str:
    return f"{file.stat().st_size / MIB:,.0f} MiB"
