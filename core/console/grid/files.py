"""Files people open in Excel: the same rows in Korean, and no cell that turns into a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO, Any
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from core.console.grid.columns import Column, Exported
from core.errors import Conflict
from core.words import korean

BOM = "\ufeff"
"""Excel in Korea reads a CSV as UTF-8 only with it."""

SHEET_ROWS = 1_048_576
"""What a sheet of Excel holds, its heading included."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONTENT_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}


class TooManyRows(Conflict):
    """More rows than a sheet holds: a CSV has no such end."""

    def __init__(self) -> None:
        message = _(
            "파일을 만들지 않았습니다. 엑셀 파일에는 %(limit)s행까지만 담을 수 있습니다. "
            "CSV로 받거나 조건을 좁혀 주세요."
        )
        super().__init__(message % {"limit": f"{most_rows():,}"})


def most_rows() -> int:
    return SHEET_ROWS - 1


def fits_sheet(rows: QuerySet[Any]) -> bool:
    """Whether a sheet holds them all; counts no further than it must."""
    return not rows.order_by()[most_rows() : most_rows() + 1].exists()


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
    """Write a workbook row by row; returns how many rows. Raises TooManyRows."""
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
        if written == most_rows():  # it grew while it was written
            _discard(sheet)
            raise TooManyRows()
        sheet.append([_xlsx_cell(sheet, column.exported(row)) for column in columns])
        written += 1
    book.save(file)
    return written


def _discard(sheet: Any) -> None:
    """openpyxl keeps the rows in a file of its own, which only saving takes away."""
    sheet.close()
    sheet._writer.cleanup()


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
