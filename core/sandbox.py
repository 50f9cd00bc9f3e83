"""The memory of a sandbox provider: a journal the provider owns, outside our database.

A real bank or tax office remembers what we asked even when our transaction rolls back or our
process dies. A sandbox must do the same to be worth testing against, so it writes here: one
SQLite file per provider, synced to disk, with every change kept in `history`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

BUSY_SECONDS = 30
KEYS_PER_QUERY = 500

SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL, key TEXT NOT NULL, state TEXT NOT NULL, body TEXT NOT NULL,
    UNIQUE (kind, key)
);
CREATE INDEX IF NOT EXISTS record_state ON record (kind, state, sequence);
CREATE TABLE IF NOT EXISTS history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    kind TEXT NOT NULL, key TEXT NOT NULL, state TEXT NOT NULL, body TEXT NOT NULL
);
"""


@dataclass(frozen=True)
class Record:
    """What the provider knows under one key. `sequence` is its order of arrival."""

    kind: str
    key: str
    state: str
    body: dict[str, Any]
    sequence: int


class Journal:
    """Records by kind and key. `with journal.write() as book:` is one durable transaction."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._anchor: sqlite3.Connection | None = None
        """Held open: each last connection to close would write the whole log back to the file."""
        self._anchored_file = 0

    @contextmanager
    def read(self) -> Iterator[Book]:
        with closing(self._connect()) as connection:
            yield Book(connection)

    @contextmanager
    def write(self) -> Iterator[Book]:
        """All or nothing; writers queue, so a read inside is still true at the end."""
        with closing(self._connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Book(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def _connect(self) -> sqlite3.Connection:
        if self._anchor is None or self._file_number() != self._anchored_file:
            self._set_anchor()
        return self._open()

    def _set_anchor(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        anchor = self._open()
        _use_wal(anchor)
        anchor.executescript(SCHEMA)
        self._anchor, self._anchored_file = anchor, self._file_number()

    def _file_number(self) -> int:
        """Which file lies at the path: a journal that was removed starts anew, it does not fail."""
        return self.path.stat().st_ino if self.path.exists() else 0

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA synchronous = FULL")
        return connection


class Book:
    """The journal while it is open."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, kind: str, key: str, state: str, body: Mapping[str, Any]) -> bool:
        """Remember once; False, and nothing changed, when the key is known already."""
        row = (kind, key, state, _dump(body))
        done = self._connection.execute(
            "INSERT OR IGNORE INTO record (kind, key, state, body) VALUES (?, ?, ?, ?)", row
        )
        if done.rowcount:
            self._remember(row)
        return bool(done.rowcount)

    def update(self, kind: str, key: str, state: str, body: Mapping[str, Any]) -> None:
        """Replace what is known; raises KeyError for an unknown key."""
        row = (kind, key, state, _dump(body))
        done = self._connection.execute(
            "UPDATE record SET state = ?, body = ? WHERE kind = ? AND key = ?",
            (state, row[3], kind, key),
        )
        if not done.rowcount:
            raise KeyError(key)
        self._remember(row)

    def get(self, kind: str, key: str) -> Record | None:
        return self.get_many(kind, [key]).get(key)

    def get_many(self, kind: str, keys: Iterable[str]) -> dict[str, Record]:
        """The known ones among `keys`."""
        wanted = list(keys)
        found: dict[str, Record] = {}
        for start in range(0, len(wanted), KEYS_PER_QUERY):
            some = wanted[start : start + KEYS_PER_QUERY]
            marks = ", ".join("?" * len(some))
            found |= {r.key: r for r in self._select(f"kind = ? AND key IN ({marks})", kind, *some)}
        return found

    def records(self, kind: str, state: str | None = None, after: int = 0) -> Iterator[Record]:
        """Records of a kind in order of arrival, optionally in one state, after a sequence."""
        if state is None:
            return self._select("kind = ? AND sequence > ?", kind, after)
        return self._select("kind = ? AND state = ? AND sequence > ?", kind, state, after)

    def history(self, kind: str, key: str) -> list[str]:
        """Every state the record has had, oldest first."""
        rows = self._connection.execute(
            "SELECT state FROM history WHERE kind = ? AND key = ? ORDER BY id", (kind, key)
        )
        return [state for (state,) in rows]

    def next_number(self, name: str) -> int:
        """1, 2, 3 … per name; safe among processes inside `write()`."""
        known = self.get("number", name)
        number = known.body["last"] + 1 if known else 1
        self._connection.execute(
            "INSERT INTO record (kind, key, state, body) VALUES ('number', ?, '', ?) "
            "ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body",
            (name, _dump({"last": number})),
        )
        return number

    def _select(self, where: str, *values: str | int) -> Iterator[Record]:
        rows = self._connection.execute(
            f"SELECT kind, key, state, body, sequence FROM record WHERE {where} ORDER BY sequence",
            values,
        )
        for kind, key, state, body, sequence in rows:
            yield Record(kind, key, state, json.loads(body), sequence)

    def _remember(self, row: tuple[str, str, str, str]) -> None:
        self._connection.execute(
            "INSERT INTO history (kind, key, state, body) VALUES (?, ?, ?, ?)", row
        )


def _use_wal(connection: sqlite3.Connection) -> None:
    """Several first visitors at once: turning a new file into WAL heeds no busy timeout."""
    give_up_at = monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if monotonic() > give_up_at:
                raise
            sleep(0.01)


def _dump(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False)
