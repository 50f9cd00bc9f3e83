"""Refunds that a file tells by a minus, or by a word, and without an id of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from core.tables.numbers import money
from settlements.upload.errors import BadCell
from settlements.upload.values import Parser
from settlements.upload.words import table_key

DECIDING = frozenset({"order_amount", "unit_price", "quantity"})
"""Below zero in one of these is a refund. A discount below zero decides nothing."""
UNSIGNED = DECIDING | {
    "unit_tax_free_amount",
    "tax_free_amount",
    "discount_amount",
    "discount_tax_free_amount",
}
TOLD_APART_BY = (
    "payment_id",
    "partner_id",
    "transfer_id",
    "product_id",
    "quantity",
    "order_amount",
    "cancelled_at",
    "paid_at",
)


def is_negative(text: str) -> bool:
    try:
        return bool(text) and money(text).amount < 0
    except BadCell:
        return False


def as_refund(key: str, parse: Parser) -> Parser:
    """How a cell of a refund is read: amounts without their minus, an order as its cancel."""
    if key == "type":
        return lambda text: _cancelled(parse(text))
    if table_key(key) in UNSIGNED:
        return lambda text, **currency: parse(_absolute(text), **currency)
    return parse


def _cancelled(kind: str) -> str:
    return "ORDER_CANCEL" if kind == "ORDER" else kind


def _absolute(text: str) -> str:
    if not is_negative(text):
        return text
    said = money(text)
    return f"{said.currency} {-said.amount:f}".lstrip()


def made_cancellation_id(values: Mapping[str, Any]) -> str:
    """Of a refund without an id: the same for the same refund in every file, so that it is
    registered once. Two refunds that say the same cannot be told apart."""
    said = "\0".join(str(values.get(key, "")) for key in TOLD_APART_BY)
    return f"refund-{hashlib.sha256(said.encode()).hexdigest()[:24]}"
