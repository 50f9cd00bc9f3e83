"""One part of a file: check it, or check it and write it in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg

from core.database import Connection, connect
from core.failpoints import failpoint
from settlements.models import OrderUpload
from settlements.upload.planning import Plan, Rejected, plan_part
from settlements.upload.preview import Preview
from settlements.upload.references import References
from settlements.upload.sorting import SortedFile
from settlements.upload.writer import (
    copy_rejections,
    copy_transfers,
    finished_rows,
    mark_part,
    next_ids,
)

LOOKS = 3
"""The first, one after a circle, one that sees what the other of the circle wrote."""


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

    @property
    def settlement_amount(self) -> int:
        """Won that would be owed; cancels are subtracted."""
        orders, cancels, manuals = (
            self.totals[f"{kind}.settlement_amount"] for kind in ("ORDER", "ORDER_CANCEL", "MANUAL")
        )
        return orders - cancels + manuals

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

    upload: OrderUpload
    file: SortedFile
    references: References
    job_id: int
    claim: str

    def check(self, connection: Connection, part: int) -> tuple[Tally, Preview]:
        """Plan the part and keep its rejected rows."""
        with connection.transaction():
            plan = self._plan(connection, part, lock=False)
            copy_rejections(connection, self.job_id, plan.rejections)
        return tally_of(plan), Preview.of(plan.transfers)

    def register(self, connection: Connection, part: int) -> Tally:
        """Write the part, its rejected rows and its mark: all three or none."""
        return _looking_again(lambda: self._register(connection, part))

    def _register(self, connection: Connection, part: int) -> Tally:
        with connection.transaction():
            plan = self._plan(connection, part, lock=True)
            failpoint("upload.before_write")
            self._write(connection, plan)
            copy_rejections(connection, self.job_id, plan.rejections)
            tally = tally_of(plan)
            mark_part(connection, self.job_id, self.claim, part, tally.said())
            failpoint("upload.before_commit")
        failpoint("upload.after_commit")
        return tally

    def register_all(self, parts: Sequence[int], show: Callable[[Tally], None]) -> Tally:
        """Write every part in one transaction; one wrong row and nothing was written. `show` hears
        what is done so far."""
        return _looking_again(lambda: self._register_all(parts, show))

    def _register_all(self, parts: Sequence[int], show: Callable[[Tally], None]) -> Tally:
        rejections: list[Rejected] = []
        marks: dict[int, Tally] = {}
        done = Tally()
        with connect() as connection:
            with connection.transaction():
                for part in parts:
                    plan = self._plan(connection, part, lock=True)
                    rejections += plan.rejections
                    if not rejections:
                        self._write(connection, plan)
                        failpoint("upload.all_written")
                    marks[part] = tally_of(plan)
                    done.add(marks[part])
                    show(done)
                if rejections:
                    raise psycopg.Rollback
                # Last, for a mark locks the job's row and heartbeats would wait for it.
                for part, tally in marks.items():
                    mark_part(connection, self.job_id, self.claim, part, tally.said())
            copy_rejections(connection, self.job_id, rejections)
        return done

    def _plan(self, connection: Connection, part: int, *, lock: bool) -> Plan:
        return plan_part(connection, self.file, self.references, part, lock=lock)

    def _write(self, connection: Connection, plan: Plan) -> None:
        ids = next_ids(connection, len(plan.transfers))
        copy_transfers(connection, finished_rows(plan.transfers, ids, self.upload))


def _looking_again(write: Callable[[], Tally]) -> Tally:
    """Someone may register an order of ours between our look and our COPY, or wait for one of ours
    with one of ours: nothing was written then, and another look sees theirs."""
    for _ in range(LOOKS - 1):
        with suppress(psycopg.errors.UniqueViolation, psycopg.errors.DeadlockDetected):
            return write()
    return write()


def tally_of(plan: Plan) -> Tally:
    return Tally(plan.row_count, plan.rejected_row_count, len(plan.transfers), plan.totals)


def unmarked(parts: Iterable[int], cursor: Mapping[str, Any]) -> list[int]:
    done = cursor.get("parts", {})
    return [part for part in parts if str(part) not in done]
