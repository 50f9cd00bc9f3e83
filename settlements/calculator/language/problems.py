"""What is wrong with a formula, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from core.errors import InvalidRequest


class ProblemKind(StrEnum):
    SYNTAX = "SYNTAX"
    UNKNOWN_IDENTIFIER = "UNKNOWN_IDENTIFIER"
    NOT_USABLE_HERE = "NOT_USABLE_HERE"
    TOO_LONG = "TOO_LONG"
    TOO_DEEP = "TOO_DEEP"
    TOO_LARGE = "TOO_LARGE"
    INVALID_KEY = "INVALID_KEY"
    DUPLICATED_KEY = "DUPLICATED_KEY"
    TOO_MANY_FORMULAS = "TOO_MANY_FORMULAS"
    MISSING_KEYS_IN_ORDER = "MISSING_FORMULA_KEYS_IN_ORDER"
    UNKNOWN_KEYS_IN_ORDER = "UNKNOWN_FORMULA_KEYS_IN_ORDER"
    NON_ORDERABLE_KEYS_IN_ORDER = "NON_ORDERABLE_KEYS_IN_ORDER"


@dataclass(frozen=True, slots=True)
class Problem:
    """`formula` is the key of the formula, "" for the set as a whole; start and end in its text."""

    kind: ProblemKind
    message: str
    start: int = 0
    end: int = 0
    formula: str = ""

    def to_wire(self) -> dict[str, str | int]:
        return {
            "formulaKey": self.formula,
            "kind": self.kind.value,
            "start": self.start,
            "end": self.end,
            "message": self.message,
        }


class FormulaError(InvalidRequest):
    """The formulas cannot be used; nothing was saved or calculated."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        wire = [problem.to_wire() for problem in self.problems]
        message = _("저장하지 않았습니다. 쓸 수 없는 수식입니다. %(problem)s")
        super().__init__(message % {"problem": self.problems[0].message}, problems=wire)
