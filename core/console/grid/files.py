"""Files people open in Excel: the same rows in Korean, and no cell that turns into a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from tempfile import TemporaryDirectory
from typing import IO, Any
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from core.console.grid.columns import Column, Exported
from core.errors import Conflict
from core.words import korean

BOM = "\ufeff"
"""Excel in Korea reads a CSV as UTF-8 only with it."""

SHEET_ROWS = 1_048_576
"""What a sheet of Excel holds, its heading included."""

MOST_TEXT = 32_767
"""What a cell of Excel holds."""

ROWS_AT_ONCE = 500

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


def csv_blocks(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[str]:
    """The heading, then the rows, some hundred at a time."""
    yield BOM + _csv([[heading(column) for column in columns]])
    values = [column.exported for column in columns]
    rows = iter(rows)
    while block := list(islice(rows, ROWS_AT_ONCE)):
        with korean():
            text = _csv([[_csv_value(value(row)) for value in values] for row in block])
        yield text


def _csv(lines: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue()


def heading(column: Column) -> str:
    return f"{column.label} ({column.unit})" if column.unit else column.label


def _csv_value(value: Exported) -> object:
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return value.isoformat() if isinstance(value, date) else value


def write_xlsx(file: IO[bytes], columns: Sequence[Column], rows: Iterable[Any]) -> int:
    """Write a workbook row by row, in the same memory however many; returns how many rows.
    Raises TooManyRows."""
    with korean(), TemporaryDirectory(prefix="jeongsan-sheet-") as folder:
        book = Workbook(file, {"constant_memory": True, "tmpdir": folder})
        sheet = _Sheet(book)
        sheet.write_head([heading(column) for column in columns])
        values = [column.exported for column in columns]
        for written, row in enumerate(rows):
            if written == most_rows():  # it grew while it was written
                raise TooManyRows()
            sheet.write_row([value(row) for value in values])
        book.close()
        return sheet.written


class _Sheet:
    """Text is stored as text whatever it starts with; numbers and dates stay real ones."""

    def __init__(self, book: Workbook) -> None:
        self.sheet = book.add_worksheet("내역")
        self.bold = book.add_format({"bold": True, "align": "center"})
        self.quoted = book.add_format({"quote_prefix": True})
        self.formats = {
            name: book.add_format({"num_format": pattern})
            for name, pattern in (
                ("moment", "yyyy-mm-dd hh:mm:ss"),
                ("day", "yyyy-mm-dd"),
                ("whole", "#,##0"),
                ("decimals", "#,##0.00"),
            )
        }
        self.written = 0

    def write_head(self, headings: Sequence[str]) -> None:
        self.sheet.freeze_panes(1, 0)
        for place, text in enumerate(headings):
            self.sheet.set_column(place, place, max(len(text) * 2, 14))
            self.sheet.write_string(0, place, text, self.bold)

    def write_row(self, values: Iterable[Exported]) -> None:
        self.written += 1
        for place, value in enumerate(values):
            if value is None or value == "":
                continue
            if isinstance(value, str):
                style = self.quoted if value.startswith(FORMULA_STARTS) else None
                self.sheet.write_string(self.written, place, value[:MOST_TEXT], style)
            elif isinstance(value, int):
                self.sheet.write_number(self.written, place, value, self.formats["whole"])
            elif isinstance(value, Decimal):
                self.sheet.write_number(self.written, place, value, self.formats["decimals"])
            elif isinstance(value, date):
                style = self.formats["moment" if isinstance(value, datetime) else "day"]
                self.sheet.write_datetime(self.written, place, value, style)


def file_response(name: str, kind: str, columns: Sequence[Column], rows: Any) -> HttpResponseBase:
    """Stream a small export; a large one is a Job (export_job)."""
    response: HttpResponseBase
    if kind == "csv":
        response = StreamingHttpResponse(csv_blocks(columns, rows))
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
