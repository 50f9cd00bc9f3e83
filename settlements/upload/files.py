"""Order files: tables whose sheet is called 주문."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import BinaryIO

from core import tables
from core.tables import Signature, examine, workbooks

__all__ = ["Signature", "examine", "opened", "sheets_of"]

SHEETS = ("주문", "orders")


def opened(
    file: BinaryIO, signature: Signature, sheet: str = ""
) -> AbstractContextManager[Iterator[tuple[int, list[str]]]]:
    """`sheet`: of a workbook; '' for the one that is called 주문, else its first."""
    return tables.opened(file, signature, (sheet,) if sheet else SHEETS)


def sheets_of(file: BinaryIO, signature: Signature) -> list[str]:
    """The sheets that may be chosen; none of a file that has no sheets."""
    return workbooks.sheet_names(file, signature.sha256) if signature.kind == "xlsx" else []
