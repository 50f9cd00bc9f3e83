"""A type described by several threads at once; without the lock the process dies."""

from __future__ import annotations

import signal
import subprocess
import sys

RACE = """
import sys
from concurrent.futures import ThreadPoolExecutor
import msgspec
from core import shapes

CLIENTS, FIELDS = 4, 60
DECODE = {decode}

def fresh_shape():
    price = msgspec.defstruct("Price", [(f"p{{n}}", int, 0) for n in range(FIELDS)])
    names = [(f"n{{n}}", str | None, None) for n in range(FIELDS)]
    return msgspec.defstruct("Order", [("price", price), *names])

sys.setswitchinterval(1e-6)
with ThreadPoolExecutor(CLIENTS) as clients:
    for _ in range({rounds}):
        shape = fresh_shape()
        order = lambda _: DECODE(b'{{"price": {{"p1": 1}}, "n3": "x"}}', shape)
        assert [found.price.p1 for found in clients.map(order, range(CLIENTS))] == [1] * CLIENTS
"""


def race(decode: str, rounds: int) -> int:
    program = RACE.format(decode=decode, rounds=rounds)
    return subprocess.run([sys.executable, "-c", program]).returncode


def test_threads_may_meet_a_type_for_the_first_time_together():
    assert race("shapes.decode", rounds=400) == 0


def test_the_lock_is_what_saves_them():
    """Fails once msgspec does this itself: then core.shapes can go."""
    unlocked = "lambda raw, shape: msgspec.json.decode(raw, type=shape)"
    assert race(unlocked, rounds=5_000) == -signal.SIGSEGV
