"""Every mistake in a set of formulas, for the editor and before anything is compiled (d.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from core.words import said
from settlements.calculator.formulas import FINAL, MAX_USER_FORMULAS, ORDERABLE, RESERVED, Formulas
from settlements.calculator.language import (
    FUNCTIONS,
    KEY_PATTERN,
    FormulaError,
    Node,
    Problem,
    ProblemKind,
    names_in,
    parse,
    rounded_expression,
)
from settlements.calculator.variables import LABELS, kinds_of, known_names, usable_names


def problems_of(formulas: Formulas) -> list[Problem]:
    """All problems, each with its formula and its place in the text; none means it can be used."""
    problems = [*_key_problems(formulas), *_order_problems(formulas)]
    trees: dict[str, Node] = {}
    for key, formula in formulas.all():
        try:
            trees[key] = parse(formula.text)
        except FormulaError as error:
            problems += [replace(problem, formula=key) for problem in error.problems]
    known = known_names(formulas)
    for key, usable in usable_names(formulas):
        if key in trees:
            problems += _name_problems(key, trees[key], usable, known)
    return problems or _size_problems(formulas, trees)


def _key_problems(formulas: Formulas) -> Iterator[Problem]:
    if len(formulas.user_defined) > MAX_USER_FORMULAS:
        message = _("사용자 정의 수식은 %(count)s개까지 만들 수 있습니다.")
        yield Problem(ProblemKind.TOO_MANY_FORMULAS, message % {"count": MAX_USER_FORMULAS})
    taken = {*LABELS, *FUNCTIONS, *RESERVED}
    keys = [user.key for user in formulas.user_defined]
    keys += [parameter.key for parameter in formulas.parameters]
    for key, times in Counter(keys).items():
        if times > 1 or key in taken:
            message = _("이미 쓰고 있는 키입니다: %(key)s") % {"key": key}
            yield Problem(ProblemKind.DUPLICATED_KEY, message, formula=key)
        elif not KEY_PATTERN.fullmatch(key) or key.isdigit():
            message = _("키는 영문자, 숫자, 밑줄(_)로 쓰고 숫자만으로 쓸 수 없습니다.")
            yield Problem(ProblemKind.INVALID_KEY, message, formula=key)


def _order_problems(formulas: Formulas) -> Iterator[Problem]:
    orderable = [*ORDERABLE, *(user.key for user in formulas.user_defined)]
    ordered = Counter(formulas.order_keys)
    for key in orderable:
        if key not in ordered:
            message = _("계산 순서에 빠진 수식이 있습니다: %(key)s") % {"key": key}
            yield Problem(ProblemKind.MISSING_KEYS_IN_ORDER, message, formula=key)
    for key, times in ordered.items():
        if key in FINAL:
            message = _("순서를 바꿀 수 없는 수식입니다: %(key)s") % {"key": key}
            yield Problem(ProblemKind.NON_ORDERABLE_KEYS_IN_ORDER, message, formula=key)
        elif key not in orderable:
            message = _("계산 순서에 없는 수식이 있습니다: %(key)s") % {"key": key}
            yield Problem(ProblemKind.UNKNOWN_KEYS_IN_ORDER, message, formula=key)
        elif times > 1:
            message = _("계산 순서에 두 번 들어 있습니다: %(key)s") % {"key": key}
            yield Problem(ProblemKind.DUPLICATED_KEY, message, formula=key)


def _name_problems(
    key: str, tree: Node, usable: frozenset[str], known: frozenset[str]
) -> Iterator[Problem]:
    for name in names_in(tree):
        if name.text not in known:
            kind, message = ProblemKind.UNKNOWN_IDENTIFIER, _("없는 항목입니다: %(name)s")
        elif name.text not in usable:
            kind = ProblemKind.NOT_USABLE_HERE
            message = _("여기서 쓸 수 없는 항목입니다: %(name)s")
        else:
            continue
        shown = said(LABELS[name.text]) if name.text in LABELS else name.text[:60]
        yield Problem(kind, message % {"name": shown}, name.start, name.end, key)


def _size_problems(formulas: Formulas, trees: Mapping[str, Node]) -> list[Problem]:
    problems: list[Problem] = []
    for key, formula in formulas.all():
        try:
            rounded_expression(trees[key], formula.rounding, kinds_of(formulas, key))
        except FormulaError as error:
            end = len(formula.text)
            problems += [replace(problem, end=end, formula=key) for problem in error.problems]
    return problems
