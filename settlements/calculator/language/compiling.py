"""Tree to Python bytecode: one function of ints, exact until a rounding is asked for.

A value is numerator / (10^scale × base^power). `scale` and `power` are known here, so the
function itself only adds and multiplies ints; `base` is the order amount, the one denominator
that orders bring (the tax-free ratio is tax-free / order). Bits are bounded here as well: no
formula can make the function slow or its numbers long.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import count
from typing import Any

from core.money import MAX_WON, Rounding
from settlements.calculator.language.problems import FormulaError, Problem, ProblemKind
from settlements.calculator.language.tree import (
    Name,
    Negative,
    Node,
    Number,
    Product,
    Rounded,
    Sum,
)

Values = Mapping[str, int]

BASE = "ratio base"
"""Where the values hold the ratio's denominator: the order amount, 1 when that is 0. No formula
can name it, for names hold no blanks."""

MAX_BITS = 512
AMOUNT_BITS = MAX_WON.bit_length()
BITS_PER_DIGIT = 4


@dataclass(frozen=True, slots=True)
class Kind:
    """How a name's value is kept: numerator in `values[key]` over 10^scale × base^power."""

    scale: int = 0
    power: int = 0
    bits: int = AMOUNT_BITS
    key: str = ""


@dataclass(frozen=True, slots=True)
class Compiled:
    """`rounded` gives the whole number, `ratio` the exact value before the last rounding."""

    rounded: Callable[[Values], int]
    ratio: Callable[[Values], tuple[int, int]]

    def exact(self, values: Values) -> Fraction:
        return Fraction(*self.ratio(values))


def compile_formula(tree: Node, rounding: Rounding, kinds: Mapping[str, Kind]) -> Compiled:
    """Every name of the tree must be in `kinds`. Errors: FormulaError if it may grow too large."""
    value = _Compiler(kinds).value(tree)
    rounded = _Compiler(kinds).value(Rounded(rounding, tree))
    ratio = ast.Tuple([value.numerator, value.denominator()], ast.Load())
    return Compiled(_function(rounded.numerator), _function(ratio))


@dataclass(frozen=True, slots=True)
class _Value:
    numerator: ast.expr
    scale: int = 0
    power: int = 0
    bits: int = AMOUNT_BITS

    def __post_init__(self) -> None:
        if self.bits > MAX_BITS:
            message = "계산 값이 너무 커질 수 있는 수식입니다. 곱하기를 줄여 주세요."
            raise FormulaError([Problem(ProblemKind.TOO_LARGE, message)])

    @property
    def is_whole(self) -> bool:
        return self.scale == 0 and self.power == 0

    def denominator(self) -> ast.expr:
        return _denominator(self.scale, self.power)

    def lifted(self, scale: int, power: int) -> _Value:
        """The same value over a larger denominator."""
        if (scale, power) == (self.scale, self.power):
            return self
        digits, powers = scale - self.scale, power - self.power
        bits = self.bits + digits * BITS_PER_DIGIT + powers * AMOUNT_BITS
        numerator = _multiplied([self.numerator, _denominator(digits, powers)])
        return _Value(numerator, scale, power, bits)


class _Compiler:
    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self.kinds = kinds
        self.numbers = count()

    def value(self, node: Node) -> _Value:
        match node:
            case Number(digits, scale):
                return _Value(_constant(digits), scale, bits=digits.bit_length())
            case Name(text):
                kind = self.kinds[text]
                return _Value(_read(kind.key or text), kind.scale, kind.power, kind.bits)
            case Negative(inner):
                value = self.value(inner)
                negative = ast.UnaryOp(ast.USub(), value.numerator)
                return _Value(negative, value.scale, value.power, value.bits)
            case Product(factors):
                return self.product([self.value(factor) for factor in factors])
            case Sum(terms):
                return self.sum([self.value(term) for term in terms])
            case Rounded(rounding, inner):
                return self.rounded(self.value(inner), rounding)

    def product(self, factors: list[_Value]) -> _Value:
        return _Value(
            _multiplied(factor.numerator for factor in factors),
            sum(factor.scale for factor in factors),
            sum(factor.power for factor in factors),
            sum(factor.bits for factor in factors),
        )

    def sum(self, terms: list[_Value]) -> _Value:
        scale = max(term.scale for term in terms)
        power = max(term.power for term in terms)
        lifted = [term.lifted(scale, power) for term in terms]
        bits = max(term.bits for term in lifted) + len(terms).bit_length()
        total = reduce(_added, (term.numerator for term in lifted))
        return _Value(total, scale, power, bits)

    def rounded(self, value: _Value, rounding: Rounding) -> _Value:
        """Negative values mirror positive ones, as core.money.divide has it."""
        if value.is_whole:
            return value
        name = f"n{next(self.numbers)}"
        is_positive = ast.Compare(
            ast.NamedExpr(ast.Name(name, ast.Store()), value.numerator),
            [ast.GtE()],
            [_constant(0)],
        )
        held = ast.Name(name, ast.Load())
        mirrored = _negated(_divided(_negated(held), value, rounding))
        whole = ast.IfExp(is_positive, _divided(held, value, rounding), mirrored)
        return _Value(whole, bits=value.bits + 1)


def _divided(numerator: ast.expr, value: _Value, rounding: Rounding) -> ast.expr:
    """A numerator that is not negative, divided by the value's denominator."""
    denominator = value.denominator()
    if rounding is Rounding.DOWN:
        return ast.BinOp(numerator, ast.FloorDiv(), denominator)
    if rounding is Rounding.UP:
        return _negated(ast.BinOp(_negated(numerator), ast.FloorDiv(), denominator))
    twice = _multiplied([numerator, _constant(2)])
    divisor = _multiplied([denominator, _constant(2)])
    return ast.BinOp(_added(twice, denominator), ast.FloorDiv(), divisor)


def _function(body: ast.expr) -> Callable[[Values], Any]:
    arguments = ast.arguments(
        posonlyargs=[], args=[ast.arg("values")], kwonlyargs=[], kw_defaults=[], defaults=[]
    )
    tree = ast.fix_missing_locations(ast.Expression(ast.Lambda(arguments, body)))
    # No text is evaluated: the tree above holds ints, known names and five operators.
    function: Callable[[Values], Any] = eval(
        compile(tree, "<formula>", "eval"), {"__builtins__": {}}
    )
    return function


def _denominator(scale: int, power: int) -> ast.expr:
    return _multiplied([_constant(10**scale), *[_read(BASE)] * power])


def _read(key: str) -> ast.expr:
    return ast.Subscript(ast.Name("values", ast.Load()), ast.Constant(key), ast.Load())


def _constant(number: int) -> ast.expr:
    return ast.Constant(number)


def _negated(value: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.USub(), value)


def _added(left: ast.expr, right: ast.expr) -> ast.expr:
    if isinstance(right, ast.UnaryOp):
        return ast.BinOp(left, ast.Sub(), right.operand)
    return ast.BinOp(left, ast.Add(), right)


def _multiplied(factors: Iterable[ast.expr]) -> ast.expr:
    """Without the ones, which denominators are full of."""
    needed = [factor for factor in factors if not _is_one(factor)]
    if not needed:
        return _constant(1)
    return reduce(lambda left, right: ast.BinOp(left, ast.Mult(), right), needed)


def _is_one(factor: ast.expr) -> bool:
    return isinstance(factor, ast.Constant) and factor.value == 1
