"""The cells of one row → values; amounts in the smallest unit of the currency the row names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any

from core.money import WON, decimals
from core.tables.numbers import named_currency, one_currency
from settlements.upload.values import Parser

MONEY = frozenset(
    {
        "unit_price",
        "unit_tax_free_amount",
        "order_amount",
        "tax_free_amount",
        "discount_amount",
        "discount_tax_free_amount",
        "settlement_amount",
        "settlement_tax_free_amount",
    }
)
Cell = tuple[str, Parser, str]
"""Key, what it means, and a text that is not empty."""


@cache
def is_money(key: str) -> bool:
    return re.sub(r"_\d+$", "", key) in MONEY


def read(cells: Sequence[Cell]) -> dict[str, Any]:
    """Raises BadCell for the first one that is no value, or when two currencies are named."""
    stated = next((parse(text) for key, parse, text in cells if key == "currency"), "")
    currency = currency_of(stated, cells)
    found = {key: parser_in(currency, key, parse)(text) for key, parse, text in cells}
    return found | {"currency": currency} if currency else found


def currency_of(stated: str, cells: Sequence[Cell]) -> str:
    """What the column 통화 says, or else a cell of money ($1,234); '' when nobody does. Raises
    BadCell when they name two."""
    named = (named_currency(text) for key, _, text in cells if is_money(key))
    return one_currency({stated, *named})


def parser_in(currency: str, key: str, parse: Parser) -> Parser:
    """Money with decimals is read by its currency; everything else as it is."""
    if is_money(key) and decimals(currency or WON):
        money: Callable[..., Any] = parse
        return partial(money, currency=currency)
    return parse
