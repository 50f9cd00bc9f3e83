"""python -m core.tables.sheet in.xlsx out.csv [sheet…]: run apart, with bounded memory and time.
Without out.csv it prints the names of the sheets that may be chosen, as JSON.

A workbook can ask for any amount of memory (a long shared string in each of a million cells);
here it only ends this process.
"""

from __future__ import annotations

import csv
import json
import resource
import sys
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MEMORY_BYTES = 2 * 1024 * 1024 * 1024
CPU_SECONDS = 240
EXACT_BELOW = 10**15
"""Excel keeps 15 digits; a longer number may have lost its end, so it is written as 1E+15."""


def text_of(cell: Any) -> str:
    """A cell as a person would type it."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        if abs(cell) >= EXACT_BELOW:
            return f"{cell:E}"
        return str(int(cell)) if cell == int(cell) else f"{cell:.15g}"
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return str(cell)


def visible(workbook: CalamineWorkbook) -> list[str]:
    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]


def choose(workbook: CalamineWorkbook, preferred: Sequence[str]) -> str:
    """The first visible sheet with a preferred name, else the first visible one with a cell."""
    names = visible(workbook)
    known = [name for name in names if name.strip().lower() in preferred]
    if known or len(names) < 2:
        return (known or names or workbook.sheet_names)[0]
    return next((name for name in names if workbook.get_sheet_by_name(name).height), names[0])


def convert(source: str, target: str, *preferred: str) -> None:
    workbook = CalamineWorkbook.from_path(source)
    sheet = workbook.get_sheet_by_name(choose(workbook, preferred))
    with open(target, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([text_of(cell) for cell in row] for row in sheet.iter_rows())


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    try:
        if len(sys.argv) == 2:
            workbook = CalamineWorkbook.from_path(sys.argv[1])
            sys.stdout.write(json.dumps(visible(workbook)))
        else:
            convert(*sys.argv[1:])
    except (CalamineError, IndexError, ValueError):
        sys.stdout.write("깨진 엑셀 파일이거나 시트가 없습니다. 다시 저장해 주세요.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
