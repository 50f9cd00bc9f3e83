"""The formula editor's rows: posted text to a snapshot, and back with every mistake marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.money import Rounding
from settlements.calculator import DEFAULT_CALCULATOR, Formulas, Problem, ProblemKind
from settlements.calculator.formulas import FINAL, MAX_USER_FORMULAS, ORDERABLE, RESERVED
from settlements.calculator.variables import LABELS, RESULTS, usable_names
from settlements.explaining import FORMULA_LABELS, ROUNDING_LABELS

NEW = "new-{}"
"""Stands for the key of a row where a formula is added; the hyphen keeps it apart from keys."""

ROUNDINGS = [(rounding.value, label) for rounding, label in ROUNDING_LABELS.items()]
NUMBERS = range(1, MAX_USER_FORMULAS + 1)
"""Of the rows being added."""
UNKNOWN_ROUNDING = "소수점 처리는 올림, 내림, 반올림 중에서 골라 주세요."


@dataclass(frozen=True)
class Name:
    """What a formula may use: its word in the language and for people."""

    key: str
    label: str


@dataclass(frozen=True)
class Marked:
    """A formula's text around its mistake."""

    before: str
    wrong: str
    after: str
    message: str


@dataclass(frozen=True)
class Row:
    """One formula as the editor shows it. `place` orders the calculation; 0 for the last two.

    `new`: the number of a row that is being added, until it is saved; `rounding` "": a wrong one.
    """

    key: str
    label: str
    text: str
    rounding: str
    place: int
    is_user: bool = False
    new: int = 0
    is_default: bool = False
    usable: Sequence[Name] = ()
    marks: Sequence[Marked] = field(default=())

    @property
    def prefix(self) -> str:
        """Of its field names."""
        return f"f-{NEW.format(self.new) if self.new else self.key}"

    @property
    def default_text(self) -> str:
        """The documented formula, when this one may go back to it."""
        default = dict(DEFAULT_CALCULATOR.all()).get(self.key)
        return default.text if default and default.text != self.text else ""

    @property
    def result_key(self) -> str:
        """The word other formulas use for its result; the last formula is used by none."""
        return "" if self.key == FINAL[-1] else RESULTS.get(self.key, (self.key,))[0]


def rows_of(formulas: Formulas) -> list[Row]:
    """In order of calculation, the settlement formulas last."""
    users = {user.key: user.name for user in formulas.user_defined}
    by_key = dict(formulas.all())
    usable = {key: _names(names, formulas) for key, names in usable_names(formulas)}
    defaults = dict(DEFAULT_CALCULATOR.all())
    return [
        Row(
            key=key,
            label=users.get(key) or FORMULA_LABELS[key],
            text=by_key[key].text,
            rounding=by_key[key].rounding.value,
            place=0 if key in FINAL else place,
            is_user=key in users,
            is_default=by_key[key] == defaults.get(key),
            usable=usable[key],
        )
        for place, key in enumerate((*formulas.order_keys, *FINAL), start=1)
    ]


def facts_of(formulas: Formulas, say: Callable[[str], str]) -> dict[str, str]:
    """Everything a version says, by what it is about; to be held against another version."""
    rows = rows_of(formulas)
    labels = [row.label if row.is_user else say(row.label) for row in rows]
    facts = {
        f"{label} {row.result_key}".strip(): (
            f"{row.text} ({say(ROUNDING_LABELS[Rounding(row.rounding)])})"
        )
        for label, row in zip(labels, rows, strict=True)
    }
    facts[say("계산 순서")] = " → ".join(labels)
    facts[say("부가세 소수점 처리")] = say(ROUNDING_LABELS[formulas.vat_rounding])
    return facts


def side_by_side(
    left: Formulas, right: Formulas, say: Callable[[str], str] = str
) -> list[tuple[str, str, str]]:
    """What each of two versions says: about what, left, right; empty where one is silent.

    A page says it in its language; what is kept stays Korean.
    """
    of_left, of_right = facts_of(left, say), facts_of(right, say)
    return [
        (about, of_left.get(about, ""), of_right.get(about, ""))
        for about in dict.fromkeys([*of_left, *of_right])
    ]


def new_row(rows: Sequence[Row]) -> Row | None:
    """An empty row to add a formula with, while there may be more; numbered as no other is."""
    if sum(row.is_user for row in rows) >= MAX_USER_FORMULAS:
        return None
    taken = {row.new for row in rows}
    number = next(number for number in NUMBERS if number not in taken)
    return _empty_row(number, max(row.place for row in rows) + 1)


def _empty_row(number: int, place: int) -> Row:
    return Row("", "", "", Rounding.DOWN.value, place, is_user=True, new=number)


def posted_rows(data: Mapping[str, str], known: Sequence[Row]) -> list[Row]:
    """What was posted, over the rows that were shown; untouched new rows are left out."""
    rows = [_posted(data, row) for row in known]
    last = max(row.place for row in rows) + 1
    added = [_posted(data, _empty_row(number, last)) for number in NUMBERS]
    rows += [row for row in added if row.key or row.label or row.text]
    return sorted(rows, key=lambda row: (not row.place, row.place))


def _posted(data: Mapping[str, str], row: Row) -> Row:
    key = data.get(f"{row.prefix}-key", "").strip() if row.new else row.key
    name = data.get(f"{row.prefix}-name", row.label).strip()
    return replace(
        row,
        key=key,
        label=name or key,
        text=data.get(f"{row.prefix}-formula", row.text).strip(),
        rounding=known_rounding(data.get(f"{row.prefix}-rounding", row.rounding)),
        place=_place(data.get(f"{row.prefix}-place", ""), row.place),
    )


def _place(posted: str, shown: int) -> int:
    """The last two formulas have none, and get none."""
    is_place = shown and posted.isdecimal() and len(posted) < 4
    return max(int(posted), 1) if is_place else shown


def known_rounding(posted: str) -> str:
    """Empty for one that nobody can choose."""
    return posted if posted in dict(ROUNDINGS) else ""


def rounding_problems(rows: Sequence[Row], vat_rounding: str) -> list[Problem]:
    """Where a rounding was posted that does not exist."""
    wrong = [row.key for row in rows if not row.rounding]
    wrong += [] if vat_rounding else ["vatRoundType"]
    return [Problem(ProblemKind.SYNTAX, UNKNOWN_ROUNDING, formula=key) for key in wrong]


def snapshot_of(rows: Sequence[Row], vat_rounding: str) -> dict[str, Any]:
    """The content of a version (contract.md h.9)."""
    by_key = {row.key: row for row in rows if not row.is_user}
    wire: dict[str, Any] = {key: _formula(by_key[key]) for key in RESERVED}
    wire["userDefined"] = [
        {"name": row.label, "key": row.key, **_formula(row)} for row in rows if row.is_user
    ]
    wire["orderKeys"] = [row.key for row in rows if row.is_user or row.key in ORDERABLE]
    return {"settlementFormula": wire, "vatRoundType": vat_rounding or Rounding.DOWN.value}


def _formula(row: Row) -> dict[str, str]:
    return {"formula": row.text, "roundType": row.rounding or Rounding.DOWN.value}


def marked(rows: Sequence[Row], problems: Iterable[Problem]) -> tuple[list[Row], list[str]]:
    """Each problem at its formula; those of no formula come back as sentences."""
    problems = list(problems)
    keys = {row.key for row in rows}
    shown = [
        replace(row, marks=[_mark(row, each) for each in problems if each.formula == row.key])
        for row in rows
    ]
    return shown, [each.message for each in problems if each.formula not in keys]


def _mark(row: Row, problem: Problem) -> Marked:
    start, end = problem.start, max(problem.end, problem.start)
    return Marked(row.text[:start], row.text[start:end], row.text[end:], problem.message)


def _names(names: Iterable[str], formulas: Formulas) -> list[Name]:
    users = {user.key: user.name for user in formulas.user_defined}
    users |= {each.key: each.name or each.key for each in formulas.parameters}
    order = [*LABELS, *users]
    return [
        Name(name, users.get(name) or LABELS.get(name, name))
        for name in sorted(names, key=order.index)
    ]
