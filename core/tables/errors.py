from __future__ import annotations

from core.errors import InvalidRequest


class TableRefused(InvalidRequest):
    """The file as a whole cannot be taken. Nothing of it was registered."""

    def __init__(self, code: str, problem: str, *, row: int = 0, column: str = "") -> None:
        self.code, self.problem, self.row, self.column = code, problem, row, column
        super().__init__(f"등록한 것은 없습니다. {place(row, column)}{problem}")


def place(row: int, column: str) -> str:
    """'3행 「수량」: ' as far as it is known."""
    words = [f"{row:,}행"] if row else []
    words += [f"「{column}」"] if column else []
    return f"{' '.join(words)}: " if words else ""
