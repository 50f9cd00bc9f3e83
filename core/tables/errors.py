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


class BadCell(ValueError):
    """One cell cannot be read; the row reader knows which one."""

    def __init__(self, code: str, problem: str) -> None:
        self.code, self.problem = code, problem
        super().__init__(problem)


def shown(text: str) -> str:
    """A cell inside a message: short, on one line, without the NUL that a database refuses."""
    flat = " ".join(text.replace("\0", "\ufffd").split())
    return f"「{flat[:30]}…」" if len(flat) > 30 else f"「{flat}」"
