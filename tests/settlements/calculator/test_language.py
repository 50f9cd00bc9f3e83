"""The formula language: what it means, where its mistakes are, and that it cannot be abused."""

import ast
import re
from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import MAX_WON, Rounding, divide
from settlements.calculator.language import (
    FormulaError,
    Kind,
    ProblemKind,
    evaluate,
    names_in,
    parse,
    rounded_expression,
)
from tests.settlements.calculator.strategies import roundings

VALUES = {"A": 1_234, "B": -77, "RATE": 12_345, "RATIO": 3}
BASE = 7
KINDS = {
    "A": Kind("A"),
    "B": Kind("B"),
    "RATE": Kind("RATE", scale=5),
    "RATIO": Kind("RATIO", power=1),
}
EXACT = {
    "A": Fraction(1_234),
    "B": Fraction(-77),
    "RATE": Fraction(12_345, 100_000),
    "RATIO": Fraction(3, BASE),
}


def compiled(text: str, rounding: Rounding = Rounding.DOWN) -> int:
    """The value by the code that orders are calculated with."""
    expression = ast.Expression(rounded_expression(parse(text), rounding, KINDS))
    code = compile(ast.fix_missing_locations(expression), "test", "eval")
    return eval(code, {"__builtins__": {}}, {**VALUES, "ratio_base": BASE})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A", 1_234),
        ("A + B * 2", 1_080),
        ("(A + B) * 2", 2_314),
        ("A - B - 1", 1_310),
        ("A - (B - 1)", 1_312),
        ("-A", -1_234),
        ("--A", 1_234),
        ("+-+A * -1", 1_234),
        ("A * RATE", 152),  # 152.3373
        ("B * RATE", -9),  # −9.50565: down is towards nothing
        ("A * RATIO", 528),  # 528.857…
        ("A * RATIO * RATIO + RATE", 226),
        ("0.5 * A + 0.25", 617),
        ("ROUND(A * RATE) + ROUND_UP(A * RATE) + ROUND_DOWN(A * RATE)", 152 + 153 + 152),
        ("ROUND(B * RATE)", -10),
        ("ROUND_UP(ROUND(A * RATE) * RATIO)", 66),
        ("ROUND(0.5) + ROUND(1.5) + ROUND(-0.5)", 1 + 2 - 1),
        (" \t\r\nA\n*\n2 ", 2_468),
        ("007", 7),
    ],
)
def test_what_formulas_mean(text, expected):
    assert compiled(text) == expected


@pytest.mark.parametrize(
    ("rounding", "expected", "negative"),
    [(Rounding.DOWN, 152, -9), (Rounding.UP, 153, -10), (Rounding.HALF_UP, 152, -10)],
)
def test_the_rounding_of_a_whole_formula_mirrors_negative_values(rounding, expected, negative):
    assert compiled("A * RATE", rounding) == expected
    assert compiled("B * RATE", rounding) == negative


@pytest.mark.parametrize(
    ("text", "kind", "start", "end"),
    [
        ("", ProblemKind.SYNTAX, 0, 0),
        ("A +", ProblemKind.SYNTAX, 3, 3),
        ("A B", ProblemKind.SYNTAX, 2, 3),
        ("A * * B", ProblemKind.SYNTAX, 4, 5),
        ("(A", ProblemKind.SYNTAX, 2, 2),
        ("A)", ProblemKind.SYNTAX, 1, 2),
        ("()", ProblemKind.SYNTAX, 1, 2),
        ("ROUND A", ProblemKind.SYNTAX, 6, 7),
        ("A(1)", ProblemKind.SYNTAX, 1, 2),
        ("A / B", ProblemKind.SYNTAX, 2, 3),
        ("A ** B", ProblemKind.SYNTAX, 3, 4),
        ("1.", ProblemKind.SYNTAX, 1, 2),
        (".5", ProblemKind.SYNTAX, 0, 1),
        ("1.2.3", ProblemKind.SYNTAX, 3, 4),
        ("1,000", ProblemKind.SYNTAX, 1, 2),
        ("A.__class__", ProblemKind.SYNTAX, 1, 2),
        ("A[0]", ProblemKind.SYNTAX, 1, 2),
        ("'A'", ProblemKind.SYNTAX, 0, 1),
        ("１ + ٣", ProblemKind.SYNTAX, 0, 1),
        ("주문", ProblemKind.SYNTAX, 0, 1),
        ("A + 1\u00a0", ProblemKind.SYNTAX, 5, 6),
        ("A; B", ProblemKind.SYNTAX, 1, 2),
        ("1234567890123456", ProblemKind.TOO_LARGE, 0, 16),
        ("0.12345678901", ProblemKind.TOO_LARGE, 0, 13),
        ("A" * 1_001, ProblemKind.TOO_LONG, 1_000, 1_001),
        ("(" * 31, ProblemKind.TOO_DEEP, 30, 31),
        ("ROUND(" * 31, ProblemKind.TOO_DEEP, 30 * 6 + 5, 30 * 6 + 6),
    ],
)
def test_mistakes_are_found_where_they_are(text, kind, start, end):
    with pytest.raises(FormulaError) as refusal:
        parse(text)

    (problem,) = refusal.value.problems
    assert (problem.kind, problem.start, problem.end) == (kind, start, end)


def test_names_of_python_are_only_names():
    tree = parse("__import__ + __class__ * lambda - None")

    assert [name.text for name in names_in(tree)] == ["__import__", "__class__", "lambda", "None"]
    assert [(name.start, name.end) for name in names_in(tree)][1] == (13, 22)


def test_a_formula_whose_numbers_could_grow_without_bound_is_refused():
    rounded_expression(parse("*".join(["A"] * 9)), Rounding.DOWN, KINDS)
    for text in (
        "*".join(["A"] * 10),
        "*".join(["(RATIO + 1)"] * 10),
        "*".join(["0.0000000001"] * 52),
    ):
        with pytest.raises(FormulaError) as refusal:
            rounded_expression(parse(f"({text}) * A * A"), Rounding.DOWN, KINDS)
        assert refusal.value.problems[0].kind is ProblemKind.TOO_LARGE


def test_the_longest_formulas_compile():
    for text in ("+".join(["A"] * 500), "-" * 999 + "A", "(" * 30 + "A" + ")" * 30):
        assert compiled(text) in (1_234, -1_234, 617_000)


def test_values_at_the_limit_stay_exact():
    tree = parse("A * RATE")
    exact = evaluate(tree, {"A": Fraction(MAX_WON), "RATE": Fraction(99_999, 100_000)})

    assert exact == Fraction(MAX_WON * 99_999, 100_000)


numbers = st.integers(0, 9_999).map(str) | st.decimals(
    0, 999, allow_nan=False, allow_infinity=False, places=3
).map(str)
texts = st.recursive(
    st.sampled_from(["A", "B", "RATE", "RATIO"]) | numbers,
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*"), inner)
        | st.builds("-{}".format, inner)
        | st.builds("{}({})".format, st.sampled_from(["ROUND", "ROUND_UP", "ROUND_DOWN"]), inner)
    ),
    max_leaves=6,
)

PYTHON = {
    **EXACT,
    "ROUND": lambda value: rounded(value, Rounding.HALF_UP),
    "ROUND_UP": lambda value: rounded(value, Rounding.UP),
    "ROUND_DOWN": lambda value: rounded(value, Rounding.DOWN),
}


def rounded(value: Fraction | int, rounding: Rounding) -> Fraction:
    value = Fraction(value)
    return Fraction(divide(value.numerator, value.denominator, rounding))


@given(texts, roundings)
def test_compiled_formulas_equal_exact_fractions(text, rounding):
    """Against the tree evaluated in fractions, and against Python reading the same text."""
    exact = evaluate(parse(text), EXACT)

    assert compiled(text, rounding) == rounded(exact, rounding)
    assert exact == eval(in_python(text), {"__builtins__": {}}, {**PYTHON, "F": Fraction})


def in_python(text: str) -> str:
    """Numbers become exact fractions; everything else reads the same in Python."""
    return re.sub(r"(?<![A-Za-z_])[0-9]+(\.[0-9]+)?", lambda found: f"F('{found.group()}')", text)


hostile = st.sampled_from(
    [
        "(", ")", "((((", "))))", "+", "-", "*", "**", "/", "//", "%", "@", ".", ",", ";", ":", "=",
        "__import__('os').system('true')", "().__class__.__bases__", "lambda: 0", "exec", "eval",
        "9" * 400, "0." + "9" * 400, "1e999999", "0x7f", "1_000", "１２３", "٣", "Ⅷ", "\u200b",
        "\ufeff", "\x00", "\ud800", "ROUND", "ROUND(", "ROUND_DOWN", "A", "B", "RATE", "RATIO", " ",
    ]
)  # fmt: skip


@given(st.text(max_size=60) | st.lists(hostile, max_size=40).map("".join))
def test_whatever_is_typed_is_a_formula_or_a_formula_error(text):
    with suppress(FormulaError):
        tree = parse(text)
        if {name.text for name in names_in(tree)} <= KINDS.keys():
            assert isinstance(compiled(text), int)
