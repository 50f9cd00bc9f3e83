"""Sort rows into parts that fit in memory: an order, its lines and its cancels share a part.

Rows of one transfer may be anywhere in a file of any size. One pass writes each row to the part
its (payment, partner) hashes to; parts are then read one by one, by any process, in any order.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import msgspec

Row = tuple[int, list[str]]
"""Row number as a spreadsheet counts, and cells."""

PART_BYTES = 2 * 1024 * 1024
MAX_PARTS = 1024
BUFFERED_ROWS = 16_384
"""Rows held back over all parts, so that a part is written in long runs."""

_LENGTH = struct.Struct(">I")
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Row]).decode


def part_count(size_bytes: int) -> int:
    """The same file always has the same number of parts."""
    return max(1, min(MAX_PARTS, size_bytes // PART_BYTES))


class Spool:
    """A folder of parts: add rows, flush, then read part by part."""

    def __init__(self, folder: Path, parts: int) -> None:
        self.folder = folder
        self.parts = parts
        self._held: list[list[Row]] = [[] for _ in range(parts)]
        self._held_count = 0
        folder.mkdir(exist_ok=True)

    def add(self, key: str, row: Row) -> None:
        self._held[crc32(key.encode()) % self.parts].append(row)
        self._held_count += 1
        if self._held_count == BUFFERED_ROWS:
            self.flush()

    def flush(self) -> None:
        for part, rows in enumerate(self._held):
            if rows:
                run = _encode(rows)
                with self._path(part).open("ab") as file:
                    file.write(_LENGTH.pack(len(run)) + run)
                rows.clear()
        self._held_count = 0

    def read(self, part: int) -> Iterator[Row]:
        """The rows of a part, in file order."""
        path = self._path(part)
        if not path.exists():
            return
        with path.open("rb") as file:
            while head := file.read(_LENGTH.size):
                yield from _decode(file.read(_LENGTH.unpack(head)[0]))

    def _path(self, part: int) -> Path:
        return self.folder / f"{part:04d}"
