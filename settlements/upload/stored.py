"""What the database already holds of the transfers that a part of a file is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from psycopg.rows import tuple_row

from core.database import Connection
from settlements.models import Transfer

FIELDS = [str(field.column) for field in Transfer._meta.concrete_fields]
TABLE = Transfer._meta.db_table

NEWEST_ORDERS = f"""
    SELECT DISTINCT ON (payment_id, partner_id) payment_id, partner_id, public_id, order_number
    FROM {TABLE}
    WHERE workspace_id = %s AND payment_id = ANY(%s) AND cancellation_id = ''
    ORDER BY payment_id, partner_id, order_number DESC
"""
LOCK_ORDERS = f"""
    SELECT id FROM {TABLE}
    WHERE workspace_id = %s AND payment_id = ANY(%s) AND cancellation_id = ''
    ORDER BY id FOR UPDATE
"""
"""A statement of its own: what waits for a lock does not see what was cancelled meanwhile."""
ORDERS_WITH_CANCELS = f"""
    SELECT {", ".join(FIELDS)} FROM {TABLE}
    WHERE workspace_id = %s AND payment_id = ANY(%s) ORDER BY id
"""
USED_IDS = f"SELECT public_id FROM {TABLE} WHERE workspace_id = %s AND public_id = ANY(%s)"

Pair = tuple[str, int]
"""A payment and the primary key of a partner."""


@dataclass
class Stored:
    newest_orders: dict[Pair, tuple[str, int]] = field(default_factory=dict)
    """Public id and order number."""
    orders: defaultdict[Pair, list[Transfer]] = field(default_factory=lambda: defaultdict(list))
    cancels: defaultdict[int, list[Transfer]] = field(default_factory=lambda: defaultdict(list))
    """By the order's primary key, oldest first."""
    used_ids: set[str] = field(default_factory=set)


def look_up(
    connection: Connection,
    workspace_id: int,
    *,
    ordered: Collection[str],
    cancelled: Collection[str],
    ids: Collection[str],
    lock: bool,
) -> Stored:
    """`ordered`, `cancelled`: payment ids. `lock` holds orders that will be cancelled, so that
    cancels of one order queue up whoever registers them."""
    stored = Stored()
    cursor = connection.cursor(row_factory=tuple_row)
    if ordered:
        for payment_id, partner_id, *newest in cursor.execute(
            NEWEST_ORDERS, [workspace_id, list(ordered)]
        ):
            stored.newest_orders[payment_id, partner_id] = newest[0], newest[1]
    if cancelled:
        values = [workspace_id, list(cancelled)]
        if lock:
            cursor.execute(LOCK_ORDERS, values)
        for row in cursor.execute(ORDERS_WITH_CANCELS, values):
            _file(stored, Transfer.from_db("default", FIELDS, row))
    if ids:
        stored.used_ids = {row[0] for row in cursor.execute(USED_IDS, [workspace_id, list(ids)])}
    return stored


def _file(stored: Stored, transfer: Transfer) -> None:
    if transfer.order_transfer_id is None:
        stored.orders[str(transfer.payment_id), transfer.partner_id].append(transfer)
    else:
        stored.cancels[transfer.order_transfer_id].append(transfer)
