"""Everything a cancel needs to know before it is calculated, in two round trips: its order, then
what was cancelled of it. The order is locked between them, so that nothing comes in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from core.clock import Calendar
from core.companies.models import Workspace
from core.statements import prepared_cursor
from settlements.models import AMOUNT_COLUMNS, Transfer
from settlements.queries.facts import (
    HOLIDAYS,
    PARTNER_FIELDS,
    PROPERTY_KEYS,
    calendar_with,
    columns_of,
    partner_of,
    row_of,
)

ORDER_FIELDS = Transfer._meta.concrete_fields
TAKEN = {"id", "public_id", "cancellation_id", "detail", *AMOUNT_COLUMNS}
TAKEN_FIELDS = [field for field in ORDER_FIELDS if field.name in TAKEN]

WITH_ID = "t.public_id = %(id)s"
OF_PAYMENT = "t.payment_id = %(payment)s AND p.public_id = %(partner)s AND t.type = 'ORDER'"

LOCK = "FOR UPDATE OF t"

ORDER = """
    SELECT {holidays}, coalesce(s.adjusts_date_after_holiday_if_earlier, true), {property_keys},
           standard.public_id, {partner}, {order}
    FROM settlements_transfer t
    JOIN partners_partner p ON p.id = t.partner_id
    JOIN partners_contract standard ON standard.id = p.default_contract_id
    LEFT JOIN partners_platformsetting s ON s.workspace_id = t.workspace_id
    WHERE t.workspace_id = %(ws)s AND {which}
    ORDER BY t.id LIMIT 2 {lock}
"""
"""Two, because one too many is enough to know that nobody can tell which is meant."""

CANCELS = f"""
    SELECT {columns_of(TAKEN_FIELDS, "t")} FROM settlements_transfer t
    WHERE t.order_transfer_id = %s ORDER BY t.id
"""


@dataclass(frozen=True)
class CancelFacts:
    """`order` has its partner and workspace; of `cancels`, oldest first, only what they took."""

    order: Transfer
    cancels: Sequence[Transfer]
    calendar: Calendar
    adjusts_date_after_holiday: bool
    property_keys: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class CancelQuestion:
    """The order by its own id, else by payment and partner."""

    transfer_id: str | None
    payment_id: str | None
    partner_id: str | None


@cache
def _statement(which: str, lock: str) -> str:
    sql = ORDER.format(
        holidays=HOLIDAYS,
        property_keys=PROPERTY_KEYS,
        partner=columns_of(PARTNER_FIELDS, "p"),
        order=columns_of(ORDER_FIELDS, "t"),
        which=which,
        lock=lock,
    )
    return " ".join(sql.split())


def cancel_facts(
    workspace: Workspace, question: CancelQuestion, *, locks: bool
) -> list[CancelFacts]:
    """What is meant, if it is one; nothing, or two, if it is not. A transfer named by its id may
    be no order. `locks`: nobody else cancels of it until the transaction ends."""
    which = OF_PAYMENT if question.transfer_id is None else WITH_ID
    values: dict[str, Any] = {
        "ws": workspace.pk,
        "company": workspace.company_id,
        "id": question.transfer_id,
        "payment": question.payment_id,
        "partner": question.partner_id,
    }
    with prepared_cursor() as cursor:
        cursor.execute(_statement(which, LOCK if locks else ""), values)
        found = cursor.fetchall()
    return [_facts(row, workspace) for row in found]


def _facts(row: Sequence[Any], workspace: Workspace) -> CancelFacts:
    (holidays, adjusts, keys, default_contract), columns = row[:4], row[4:]
    partner, order = columns[: len(PARTNER_FIELDS)], columns[len(PARTNER_FIELDS) :]
    transfer = row_of(Transfer, ORDER_FIELDS, order)
    transfer.workspace = workspace
    transfer.partner = partner_of(partner, workspace, default_contract)
    return CancelFacts(transfer, _taken(transfer), calendar_with(holidays), adjusts, keys)


def _taken(order: Transfer) -> list[Transfer]:
    with prepared_cursor() as cursor:
        cursor.execute(CANCELS, [order.pk])
        return [row_of(Transfer, TAKEN_FIELDS, values) for values in cursor.fetchall()]
