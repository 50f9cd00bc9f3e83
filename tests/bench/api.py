"""`POST /platform/transfers/order`, all it does, through gunicorn over eight connections.

Beside it, in the same processes behind the same middleware, a bare Django view: three ORM reads
and one ORM insert into the same table. Then its p95 at a calm pace, idle and while orders are
uploaded by a worker.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.error import HTTPError
from urllib.request import urlopen

from config.environment import BASE_DIR
from config.runtime.kept import Kept, stop_all
from config.runtime.supervisor import processes
from core.companies.models import Workspace
from core.companies.services import create_api_secret
from tests.bench import load, market, report
from tests.live import HOST, free_port

ROUNDS, SLICE_SECONDS, CALM_PAUSE_SECONDS = 3, 5, 0.5
UPLOADED_ORDERS = 300_000
PARTNERS = 1_000
ORDER, BARE = "/platform/transfers/order", "/bare"
PATIENCE_SECONDS = 60


def run(options: argparse.Namespace) -> None:
    workspace = market.open_market("api", PARTNERS)
    _, secret = create_api_secret(company=workspace.company, name="측정")
    headers = {"Authorization": f"PortOne {secret}", "Content-Type": "application/json"}
    rounds = options.rounds or ROUNDS
    with _server() as port:

        def calls(path: str, pause_seconds: float = 0.0) -> load.Calls:
            return load.call(
                port,
                path,
                headers,
                seconds=SLICE_SECONDS,
                partners=PARTNERS,
                pause_seconds=pause_seconds,
            )

        for path in (ORDER, BARE):
            calls(path)
        _beside_bare([(calls(ORDER), calls(BARE)) for _ in range(rounds)])
        idle = [calls(ORDER, CALM_PAUSE_SECONDS) for _ in range(rounds)]
        with _upload(workspace, max(options.rows or [UPLOADED_ORDERS])) as upload:
            busy = [calls(ORDER, CALM_PAUSE_SECONDS) for _ in range(rounds)]
            was_busy = upload.poll() is None
        _beside_upload(idle, busy, was_busy)


def _beside_bare(pairs: list[tuple[load.Calls, load.Calls]]) -> None:
    report.heading(f"POST {ORDER} beside a bare view, {load.CONNECTIONS} connections")
    for index, name in enumerate(("register an order", "bare view")):
        found = [pair[index] for pair in pairs]
        report.line(
            name,
            f"{median(each.per_second for each in found):7.0f} requests/s",
            f"p95 {median(each.p95_milliseconds for each in found):6.0f} ms",
        )
    report.ratio("ratio", [ours.per_second / bare.per_second for ours, bare in pairs], "≥ 1.0")


def _beside_upload(idle: list[load.Calls], busy: list[load.Calls], was_busy: bool) -> None:
    report.heading("p95 of it at a calm pace, idle and while orders are uploaded")
    for name, found in (("idle", idle), ("during the upload", busy)):
        p95 = median(each.p95_milliseconds for each in found)
        report.line(
            name, f"{median(c.per_second for c in found):7.0f} requests/s", f"{p95:6.0f} ms"
        )
    ratios = [b.p95_milliseconds / a.p95_milliseconds for a, b in zip(idle, busy, strict=True)]
    report.ratio("ratio", ratios, "≤ 2.0")
    if not was_busy:
        report.line("the upload ended before the calls: take more --rows")


@contextmanager
def _server() -> Iterator[int]:
    """Gunicorn as in production, with one address more."""
    port = free_port()
    web = next(kept for kept in processes(HOST, port) if kept.name == "web")
    with tempfile.NamedTemporaryFile() as log:
        web.log_file = Path(log.name)
        web.environment = {"DJANGO_SETTINGS_MODULE": "tests.bench.bare_settings"}
        web.keep_running()
        try:
            _wait_for(port, web)
            yield port
        finally:
            stop_all([web])


def _wait_for(port: int, web: Kept) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            urlopen(f"http://{HOST}:{port}/healthz", timeout=5).close()
        except HTTPError:  # without a worker it is up and says it is not well
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(web.log_file.read_text() if web.log_file else "no answer")


@contextmanager
def _upload(workspace: Workspace, orders: int) -> Iterator[subprocess.Popen[bytes]]:
    """Runs beside; stopped when the calls are over."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "orders.csv")
        market.write_orders(file, orders=orders, partners=PARTNERS)
        command = [sys.executable, "-m", "tests.bench.uploading", str(workspace.pk), str(file)]
        upload = subprocess.Popen(command, cwd=BASE_DIR, env=os.environ, process_group=0)
        try:
            yield upload
        finally:
            if upload.poll() is None:
                os.killpg(upload.pid, signal.SIGKILL)  # its pool with it, quietly
            upload.wait()
