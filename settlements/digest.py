"""What a transfer says, as one short text: shown is stored, or nothing is."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any

from settlements.models import AMOUNT_COLUMNS, Transfer

FACTS = (
    "public_id",
    "type",
    "status",
    "partner_id",
    "contract_id",
    "contract_is_named",
    "contract_version_id",
    "calculator_version_id",
    "payment_id",
    "order_number",
    "cancellation_id",
    "order_transfer_id",
    "order_name",
    "payment_method",
    "occurred_at",
    "settlement_currency",
    "settlement_start_date",
    "settlement_date",
    "memo",
    "detail",
    "properties",
    *AMOUNT_COLUMNS,
)
"""Everything but when it was written and what became of it since."""


def digest_of(transfer: Transfer) -> str:
    """The same for a draft and for the row it became; another amount or term gives another."""
    facts = {name: getattr(transfer, name) for name in FACTS}
    text = json.dumps(facts, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    assert isinstance(value, date), "facts are JSON and dates"
    return value.isoformat()
