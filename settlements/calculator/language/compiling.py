"""Tree to a Python expression on ints, exact until a rounding is asked for.

A value is numerator / (10^scale × RATIO_BASE^power). `scale` and `power` are known here, so the
expression only adds and multiplies ints; RATIO_BASE is the order amount, the one denominator
that orders bring (the tax-free ratio is tax-free / order). Bits are bounded here as well: no
formula can make the expression slow or its numbers long.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import count

from django.utils.translation import gettext as _

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

RATIO_BASE = "ratio_base"
"""The variable that holds the ratio's denominator: the order amount, 1 when that is 0."""

MAX_BITS = 512
AMOUNT_BITS = MAX_WON.bit_length()
BITS_PER_DIGIT = 4


@dataclass(frozen=True, slots=True)
class Kind:
    """How a name's value is kept: an int `variable` over 10^scale × RATIO_BASE^power."""

    variable: str
    scale: int = 0
    power: int = 0
    bits: int = AMOUNT_BITS


def rounded_expression(tree: Node, rounding: Rounding, kinds: Mapping[str, Kind]) -> ast.expr:
    """The whole number a formula comes to. Every name of the tree must be in `kinds`.

    Errors: FormulaError if a value may grow too large.
    """
    return _Compiler(kinds).value(Rounded(rounding, tree)).numerator


def rounded_division(numerator: ast.expr, denominator: ast.expr, rounding: Rounding) -> ast.expr:
    """As core.money.divide, without the call: negative values mirror positive ones."""
    return _rounded(numerator, denominator, rounding, "n")


@dataclass(frozen=True, slots=True)
class _Value:
    numerator: ast.expr
    scale: int = 0
    power: int = 0
    bits: int = AMOUNT_BITS

    def __post_init__(self) -> None:
        denominator_bits = self.scale * BITS_PER_DIGIT + self.power * AMOUNT_BITS
        if max(self.bits, denominator_bits) > MAX_BITS:
            message = _("계산 값이 너무 커질 수 있는 수식입니다. 곱하기를 줄여 주세요.")
            raise FormulaError([Problem(ProblemKind.TOO_LARGE, message)])

    def lifted(self, scale: int, power: int) -> _Value:
        """The same value over a larger denominator."""
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
                return _Value(ast.Constant(digits), scale, bits=digits.bit_length())
            case Name(text):
                kind = self.kinds[text]
                return _Value(variable(kind.variable), kind.scale, kind.power, kind.bits)
            case Negative(inner):
                value = self.value(inner)
                return _Value(_negated(value.numerator), value.scale, value.power, value.bits)
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
        return _Value(reduce(_added, (term.numerator for term in lifted)), scale, power, bits)

    def rounded(self, value: _Value, rounding: Rounding) -> _Value:
        if value.scale == value.power == 0:
            return value
        denominator = _denominator(value.scale, value.power)
        holder = f"n{next(self.numbers)}"
        return _Value(_rounded(value.numerator, denominator, rounding, holder), bits=value.bits + 1)


def _rounded(
    numerator: ast.expr, denominator: ast.expr, rounding: Rounding, holder: str
) -> ast.expr:
    """`holder` is the variable that keeps the numerator while its sign is looked at."""
    is_positive = ast.Compare(
        ast.NamedExpr(ast.Name(holder, ast.Store()), numerator), [ast.GtE()], [ast.Constant(0)]
    )
    held = variable(holder)
    mirrored = _negated(_divided(_negated(held), denominator, rounding))
    return ast.IfExp(is_positive, _divided(held, denominator, rounding), mirrored)


def _divided(numerator: ast.expr, denominator: ast.expr, rounding: Rounding) -> ast.expr:
    """Of a numerator that is not negative."""
    if rounding is Rounding.DOWN:
        return ast.BinOp(numerator, ast.FloorDiv(), denominator)
    if rounding is Rounding.UP:
        return _negated(ast.BinOp(_negated(numerator), ast.FloorDiv(), denominator))
    two = ast.Constant(2)
    twice = _added(_multiplied([numerator, two]), denominator)
    return ast.BinOp(twice, ast.FloorDiv(), _multiplied([denominator, two]))


def _denominator(scale: int, power: int) -> ast.expr:
    return _multiplied([ast.Constant(10**scale), *[variable(RATIO_BASE)] * power])


def variable(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())


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
        return ast.Constant(1)
    return reduce(lambda left, right: ast.BinOp(left, ast.Mult(), right), needed)


def _is_one(factor: ast.expr) -> bool:
    return isinstance(factor, ast.Constant) and factor.value == 1
