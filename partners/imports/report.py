"""What came of a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.tables import place


@dataclass(frozen=True)
class RowFailure:
    """`row` as a spreadsheet counts, `column` the Korean heading ('' for the row as a whole)."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"{place(self.row, self.column)}{self.message}"


@dataclass(frozen=True)
class RowChange:
    """What a row would do or did: `fields` are the headings it changes."""

    row: int
    id: str
    name: str
    action: str
    fields: tuple[str, ...] = ()


@dataclass
class ImportReport:
    """All or nothing: with one failure nothing was registered or changed."""

    total: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    failures: list[RowFailure] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    changes: list[RowChange] = field(default_factory=list)

    @property
    def applied(self) -> bool:
        return not self.failures

    def as_json(self) -> dict[str, Any]:
        return {
            "total": self.total,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "failed": len({failure.row for failure in self.failures}),
            "unknown_columns": self.unknown_columns,
        }
