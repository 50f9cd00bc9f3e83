"""Files people open in Excel: the same rows in Korean, and no cell that turns into a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO, Any
from urllib.parse import quote

from django.http import HttpResponseBase, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from core.console.grid.columns import Column, Exported
from core.words import korean

BOM = "\ufeff"
"""Excel in Korea reads a CSV as UTF-8 only with it."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONTENT_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}


def harmless(text: str) -> str:
    """A leading apostrophe makes a spreadsheet show the text instead of running it."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def csv_lines(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")

    def line(values: Iterable[object]) -> str:
        writer.writerow(values)
        text = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        return text

    yield BOM + line(heading(column) for column in columns)
    for row in rows:
        with korean():
            values = [_csv_value(column.exported(row)) for column in columns]
        yield line(values)


def heading(column: Column) -> str:
    return f"{column.label} ({column.unit})" if column.unit else column.label


def _csv_value(value: Exported) -> object:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    return harmless(value) if isinstance(value, str) else value


def write_xlsx(file: IO[bytes], columns: Sequence[Column], rows: Iterable[Any]) -> int:
    """Write a workbook row by row; returns how many rows."""
    with korean():
        return _write_xlsx(file, columns, rows)


def _write_xlsx(file: IO[bytes], columns: Sequence[Column], rows: Iterable[Any]) -> int:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("내역")
    sheet.freeze_panes = "A2"
    for index, column in enumerate(columns):
        sheet.column_dimensions[get_column_letter(index + 1)].width = max(
            len(heading(column)) * 2, 14
        )
    sheet.append([_head_cell(sheet, heading(column)) for column in columns])
    written = 0
    for row in rows:
        sheet.append([_xlsx_cell(sheet, column.exported(row)) for column in columns])
        written += 1
    book.save(file)
    return written


def _head_cell(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(horizontal="center")
    return cell


def _xlsx_cell(sheet: Any, value: Exported) -> Any:
    """Text is stored as text whatever it starts with; numbers and dates stay real ones."""
    cell: Any = WriteOnlyCell(sheet, value)  # type: ignore[arg-type]  # dates work as well
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(FORMULA_STARTS)
    elif isinstance(value, datetime):
        cell.number_format = "yyyy-mm-dd hh:mm:ss"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, int):
        cell.number_format = "#,##0"
    return cell


def file_response(name: str, kind: str, columns: Sequence[Column], rows: Any) -> HttpResponseBase:
    """Stream a small export; a large one is a Job (export_job)."""
    response: HttpResponseBase
    if kind == "csv":
        response = StreamingHttpResponse(csv_lines(columns, rows))
    else:
        file = io.BytesIO()
        write_xlsx(file, columns, rows)
        file.seek(0)
        response = StreamingHttpResponse(file)
    response.headers["Content-Type"] = CONTENT_TYPES[kind]
    response.headers["Content-Disposition"] = attachment(f"{name}.{kind}")
    return response


def attachment(filename: str) -> str:
    """RFC 6266: Korean names need the starred form."""
    return f"attachment; filename*=UTF-8''{quote(filename)}"
