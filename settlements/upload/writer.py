"""Finished rows into the database: COPY for transfers, one mark per part in the job's cursor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any

import msgspec
from django.db import connection as django_connection
from psycopg.types.json import set_json_dumps

from core import clock
from core.database import Connection
from core.jobs.models import Job
from core.jobs.services import ClaimLost
from settlements.models import OrderUpload, Transfer
from settlements.upload.planning import Planned, Rejected

DEFAULTS = {str(field.column): field.get_default() for field in Transfer._meta.concrete_fields}
COLUMNS = tuple(DEFAULTS)
"""Of a finished row, in this order."""

in_column_order = itemgetter(*COLUMNS)

COPY = f"COPY {Transfer._meta.db_table} ({', '.join(COLUMNS)}) FROM STDIN (FORMAT BINARY)"
COLUMN_TYPES = [
    str(field.db_type(django_connection)).split("(")[0] for field in Transfer._meta.concrete_fields
]
"""As PostgreSQL calls them, without lengths."""
COPY_FAILURES = 'COPY jobs_jobfailure (job_id, row_number, "column", code, message, raw) FROM STDIN'

MARK = """
    UPDATE jobs_job
    SET cursor = jsonb_set(cursor, ARRAY['parts', %(part)s], %(said)s::jsonb)
    WHERE id = %(job)s AND claim = %(claim)s AND status = %(running)s
      AND NOT cursor->'parts' ? %(part)s
"""
NUMBERS = f"""
    SELECT nextval(pg_get_serial_sequence('{Transfer._meta.db_table}', 'id'))
    FROM generate_series(1, %s)
"""


def next_ids(connection: Connection, count: int) -> list[int]:
    """Primary keys for rows to come, so that a cancel can point at an order of its own file."""
    return [row[0] for row in connection.execute(NUMBERS, [count])]


def finished_rows(
    transfers: Sequence[Planned], ids: Sequence[int], upload: OrderUpload
) -> Iterator[tuple[Any, ...]]:
    """Rows in the order of COLUMNS. Orders come before the cancels that point at them."""
    now = clock.now()
    shared = DEFAULTS | {
        "workspace_id": upload.workspace_id,
        "upload_id": upload.pk,
        "created_at": now,
        "status_updated_at": now,
    }
    for pk, planned in zip(ids, transfers, strict=True):
        columns = planned.columns
        columns["id"] = pk
        row = shared | columns
        if planned.order:
            row["order_transfer_id"] = planned.order.columns["id"]
        yield in_column_order(row)


def copy_transfers(connection: Connection, rows: Iterable[Sequence[Any]]) -> None:
    """In PostgreSQL's binary format: neither side spells numbers and dates out."""
    cursor = connection.cursor()
    set_json_dumps(_encode, cursor)
    with cursor.copy(COPY) as copy:
        copy.set_types(COLUMN_TYPES)
        for row in rows:
            copy.write_row(row)


def copy_rejections(connection: Connection, job_id: int, rejections: Iterable[Rejected]) -> None:
    """Each rejection with its row as the file has it."""
    with connection.cursor().copy(COPY_FAILURES) as copy:
        for rejection, raw in rejections:
            column = rejection.column[:60]
            copy.write_row(
                (job_id, rejection.row, column, rejection.code, rejection.message, _json(raw))
            )


def mark_part(connection: Connection, job_id: int, claim: str, part: int, said: Any) -> None:
    """Note in this transaction that the part is done. Raises ClaimLost when it is not ours."""
    values = {
        "job": job_id,
        "claim": claim,
        "part": str(part),
        "said": _json(said),
        "running": Job.Status.RUNNING,
    }
    if connection.execute(MARK, values).rowcount != 1:
        raise ClaimLost


_encode = msgspec.json.Encoder().encode


def _json(value: Any) -> str:
    return _encode(value).decode()
