"""Generated public ids: a prefix and a ULID, sortable by time of creation."""

import base64
import os
import re
import time

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
PAIR_SHIFTS = range(120, -1, -10)
PUBLIC_ID = re.compile(r"^[A-Za-z0-9_.:-]{1,100}$")
"""What the API accepts as an id (contract.md a.2): nothing a URL would have to quote."""


def ulid() -> str:
    """128 bits: 48 of milliseconds, 80 random, in Crockford's base 32."""
    value = (time.time_ns() // 1_000_000 << 80) | int.from_bytes(os.urandom(10))
    return "".join([PAIRS[(value >> shift) & 1023] for shift in PAIR_SHIFTS])


def new_id(prefix: str) -> str:
    return f"{prefix}-{ulid()}"


def graphql_id(node: int, public_id: str) -> str:
    """The opaque second id of the contract: base64 of `node:id` (contract.md a.7)."""
    return base64.b64encode(f"{node}:{public_id}".encode()).decode()
