"""Files as people make them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from typing import Any

import openpyxl

HEADER = ["구분", "결제 ID", "파트너 ID", "상품 ID", "상품명", "단가", "수량", "결제 일시"]
ORDER = ["주문", "pay-1", "seller", "sku-1", "사과", "10,000", "2", "2026-10-05 13:00:00"]


def row(**cells: str) -> list[str]:
    """ORDER with some cells changed, by heading."""
    return [cells.get(heading.replace(" ", ""), cell) for heading, cell in zip(HEADER, ORDER)]  # noqa: B905


def csv_file(
    rows: Sequence[Sequence[Any]],
    header: Sequence[str] = HEADER,
    encoding: str = "utf-8-sig",
) -> io.BytesIO:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return io.BytesIO(text.getvalue().encode(encoding))


def xlsx_file(
    rows: Sequence[Sequence[Any]], header: Sequence[str] = HEADER, title: str = "주문"
) -> io.BytesIO:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = title
    for cells in [header, *rows]:
        sheet.append(list(cells))
    file = io.BytesIO()
    workbook.save(file)
    return file


def with_entry(workbook: io.BytesIO, name: str, content: bytes) -> io.BytesIO:
    """The same workbook with one more part inside."""
    workbook.seek(0, io.SEEK_END)
    with zipfile.ZipFile(workbook, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return workbook
