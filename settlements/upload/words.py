"""A marketplace's own words for ours: 환불 → 주문취소, S-001 → P-77. Part of a mapping.

Words are looked up where a cell becomes a value, so whatever reads a file reads them the same;
what is in no table keeps its usual meaning, or its usual refusal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from settlements.upload.values import Parser

Words = Mapping[str, str]
"""Word of the file → what we say instead."""

LEAVE_OUT = "LEAVE_OUT"
"""Of 구분: rows with this word are no transfers (결제대기). They are counted, not registered."""
FIXED_KEYS = ("type", "payment_method", "currency")
"""Columns of a few words, unlike those of ids."""
WORD_KEYS = (
    *FIXED_KEYS,
    "partner_id",
    "contract_id",
    "discount_policy_id",
    "additional_fee_policy_ids",
)
MAX_ENTRIES = 10_000
MAX_FIXED_ENTRIES = 100
MAX_LENGTH = 100
SEVERAL = "additional_fee_policy_ids"
"""Its cells hold several ids, each of them a word."""


def word_of(text: str) -> str:
    """What is compared: without spaces around, and composed as one would type it."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def words_in(key: str, text: str) -> list[str]:
    """The words of one cell."""
    parts = text.split(";") if key == SEVERAL else [text]
    return [word for part in parts if (word := word_of(part))]


def table_key(key: str) -> str:
    """The numbered discounts share one table."""
    return re.sub(r"_\d+$", "", key)


def compared(tables: Mapping[str, Words]) -> dict[str, dict[str, str]]:
    """The tables that say something, by the words as they are compared."""
    return {
        key: {word_of(word): target for word, target in table.items()}
        for key, table in tables.items()
        if table
    }


def translating(key: str, parse: Parser, words: Words | None) -> Parser:
    """`parse` of our words instead of the file's."""
    if not words:
        return parse
    if key == SEVERAL:
        return lambda text: parse(";".join(words.get(part, part) for part in words_in(key, text)))
    return lambda text: parse(words.get(word_of(text), text))
