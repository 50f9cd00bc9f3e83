"""What is wrong with a file, a row or a cell, said so that a person can repair it."""

from __future__ import annotations

from typing import NamedTuple

from core.errors import Conflict
from core.tables import TableRefused as UploadRefused
from core.tables import place

__all__ = ["BadCell", "BadRow", "FileAlreadyUploaded", "Rejection", "UploadRefused", "place"]


class FileAlreadyUploaded(Conflict):
    """`uploadId`: where the same bytes came in first."""

    message = "등록하지 않았습니다. 같은 파일을 이미 올렸습니다."


class BadCell(Exception):
    """One cell cannot be read; the row reader knows which one."""

    def __init__(self, code: str, problem: str) -> None:
        self.code, self.problem = code, problem
        super().__init__(problem)


class BadRow(Exception):
    """One row cannot be taken because of the column `key` ('' for the row as a whole)."""

    def __init__(self, number: int, key: str, code: str, problem: str) -> None:
        self.number, self.key, self.code, self.problem = number, key, code, problem
        super().__init__(problem)


class Rejection(NamedTuple):
    """Why one row was not taken. `column` is the heading as the file has it, or empty."""

    row: int
    column: str
    code: str
    problem: str

    @property
    def message(self) -> str:
        return f"{place(self.row, self.column)}{self.problem}"
