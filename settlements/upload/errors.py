"""What is wrong with a file, a row or a cell, said so that a person can repair it."""

from __future__ import annotations

from typing import NamedTuple

from core.errors import InvalidRequest


class UploadRefused(InvalidRequest):
    """The file as a whole cannot be taken. Nothing of it was registered."""

    def __init__(self, code: str, problem: str, *, row: int = 0, column: str = "") -> None:
        self.code, self.problem, self.row, self.column = code, problem, row, column
        super().__init__(f"등록한 것은 없습니다. {place(row, column)}{problem}")


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


def place(row: int, column: str) -> str:
    """'3행 「수량」: ' as far as it is known."""
    words = [f"{row:,}행"] if row else []
    words += [f"「{column}」"] if column else []
    return f"{' '.join(words)}: " if words else ""
