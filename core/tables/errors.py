from __future__ import annotations

from django.utils.translation import gettext as _

from core.errors import InvalidRequest
from core.words import said


class TableRefused(InvalidRequest):
    """The file as a whole cannot be taken. Nothing of it was registered."""

    def __init__(
        self, code: str, problem: str, advice: str = "", *, row: int = 0, column: str = ""
    ) -> None:
        self.code, self.problem, self.row, self.column = code, problem, row, column
        what = " ".join(said(sentence) for sentence in (problem, advice) if sentence)
        message = _("등록한 것은 없습니다. %(place)s%(problem)s")
        super().__init__(message % {"place": place(row, column), "problem": what})


def place(row: int, column: str) -> str:
    """'3행 「수량」: ' as far as it is known."""
    words = [_("%(row)s행") % {"row": f"{row:,}"}] if row else []
    words += [f"「{column}」"] if column else []
    return f"{' '.join(words)}: " if words else ""
