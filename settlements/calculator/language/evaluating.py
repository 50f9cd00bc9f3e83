"""The exact value of a formula, for explanations: slow, in fractions, straight from the tree."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import prod

from core.money import divide
from settlements.calculator.language.tree import (
    Name,
    Negative,
    Node,
    Number,
    Product,
    Rounded,
    Sum,
)


def evaluate(tree: Node, values: Mapping[str, Fraction]) -> Fraction:
    match tree:
        case Number(digits, scale):
            return Fraction(digits, 10**scale)
        case Name(text):
            return values[text]
        case Negative(inner):
            return -evaluate(inner, values)
        case Sum(terms):
            return sum((evaluate(term, values) for term in terms), Fraction(0))
        case Product(factors):
            return prod((evaluate(factor, values) for factor in factors), start=Fraction(1))
        case Rounded(rounding, inner):
            exact = evaluate(inner, values)
            return Fraction(divide(exact.numerator, exact.denominator, rounding))
