"""Callers on kept-open connections to the loopback, each sending its next order at once."""

from __future__ import annotations

import http.client
import json
import threading
import time
from dataclasses import dataclass, field
from itertools import count
from statistics import quantiles

CONNECTIONS = 8
numbers = count(1)


@dataclass
class Calls:
    """How long each took, in seconds. `span_seconds`: how long they were made."""

    span_seconds: float
    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.seconds) / self.span_seconds

    @property
    def p95_milliseconds(self) -> float:
        return quantiles(self.seconds, n=20)[-1] * 1000


def order(prefix: str, partners: int) -> bytes:
    number = next(numbers)
    body = {
        "partnerId": f"shop-{number % partners + 1}",
        "paymentId": f"{prefix}-{number}",
        "orderDetail": {"orderAmount": 10_000 + number % 90_000},
        "externalPaymentDetail": {"currency": "KRW", "paidAt": "2026-01-10T03:00:00Z"},
    }
    return json.dumps(body).encode()


def call(
    port: int,
    path: str,
    headers: dict[str, str],
    *,
    seconds: float,
    partners: int,
    pause_seconds: float = 0.0,
) -> Calls:
    """Eight callers for some seconds. `pause_seconds` between the calls of each: a calm load."""
    calls, end = Calls(seconds), time.monotonic() + seconds

    def caller(prefix: str) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.monotonic() < end:
            start = time.perf_counter()
            try:
                line.request("POST", path, order(prefix, partners), headers)
                answer = line.getresponse()
                content = answer.read()
            except (http.client.RemoteDisconnected, ConnectionResetError):
                line.close()  # the server ends a connection that was quiet; the next call opens one
                continue
            calls.seconds.append(time.perf_counter() - start)
            if answer.status != 200:
                calls.failures.append(f"{answer.status} {content[:200].decode()}")
            time.sleep(pause_seconds)
        line.close()

    start = time.monotonic_ns()
    callers = [
        threading.Thread(target=caller, args=(f"pay-{start}-{number}",))
        for number in range(CONNECTIONS)
    ]
    for thread in callers:
        thread.start()
    for thread in callers:
        thread.join()
    if calls.failures:
        raise RuntimeError(calls.failures[0])
    return calls
