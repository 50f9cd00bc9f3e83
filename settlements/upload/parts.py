"""One part of a file: check it, or check it and write it in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg

from settlements.upload.checker import Plan, plan_part
from settlements.upload.errors import Rejection
from settlements.upload.references import References
from settlements.upload.sorting import SortedFile
from settlements.upload.work import Connection, connect
from settlements.upload.writer import copy_rejections, copy_transfers, mark_part


@dataclass
class Tally:
    """What a part, or all parts so far, hold. `totals`: '<type>.<what>' → won or count."""

    rows: int = 0
    rejected_rows: int = 0
    transfers: int = 0
    totals: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Tally:
        return cls(said["rows"], said["rejected_rows"], said["transfers"], Counter(said["totals"]))

    def add(self, other: Tally) -> None:
        self.rows += other.rows
        self.rejected_rows += other.rejected_rows
        self.transfers += other.transfers
        self.totals.update(other.totals)

    def said(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "rejected_rows": self.rejected_rows,
            "transfers": self.transfers,
            "totals": dict(self.totals),
        }


@dataclass(frozen=True)
class Work:
    """Everything a part needs; read-only, shared with forked processes."""

    file: SortedFile
    references: References
    job_id: int
    claim: str

    def check(self, connection: Connection, part: int) -> Tally:
        """Plan the part and keep its rejected rows."""
        with connection.transaction():
            plan = self._plan(connection, part)
            copy_rejections(connection, self.job_id, plan.rejections)
        return tally_of(plan)

    def register(self, connection: Connection, part: int) -> Tally:
        """Write the part, its rejected rows and its mark: all three or none.

        Someone may register the same order between our look and our COPY; the second look
        then sees it.
        """
        try:
            return self._register(connection, part)
        except psycopg.errors.UniqueViolation:
            return self._register(connection, part)

    def _register(self, connection: Connection, part: int) -> Tally:
        with connection.transaction():
            plan = self._plan(connection, part)
            copy_transfers(connection, plan.transfers)
            copy_rejections(connection, self.job_id, plan.rejections)
            tally = tally_of(plan)
            mark_part(connection, self.job_id, self.claim, part, tally.said())
        return tally

    def register_all(self, parts: Sequence[int]) -> Iterator[Tally]:
        """Write every part in one transaction; one wrong row and nothing was written."""
        rejections: list[tuple[Rejection, dict[str, str]]] = []
        marks: dict[int, Tally] = {}
        with connect() as connection:
            with connection.transaction():
                for part in parts:
                    plan = self._plan(connection, part)
                    rejections += plan.rejections
                    if not rejections:
                        copy_transfers(connection, plan.transfers)
                    marks[part] = tally_of(plan)
                    yield marks[part]
                if rejections:
                    raise psycopg.Rollback
                # Last, for a mark locks the job's row and heartbeats would wait for it.
                for part, tally in marks.items():
                    mark_part(connection, self.job_id, self.claim, part, tally.said())
            copy_rejections(connection, self.job_id, rejections)

    def _plan(self, connection: Connection, part: int) -> Plan:
        return plan_part(connection, self.file, self.references, part)


def tally_of(plan: Plan) -> Tally:
    return Tally(plan.row_count, plan.rejected_row_count, len(plan.transfers), plan.totals)


def unmarked(parts: Iterable[int], cursor: Mapping[str, Any]) -> list[int]:
    done = cursor.get("parts", {})
    return [part for part in parts if str(part) not in done]
