"""The formula language (contract.md d.2): `+ - * ( )`, numbers, names, named rounding.

Text → tree (parsing) → a Python expression on ints (compiling), or its exact value (evaluating).
There is no division: every value is an int over a denominator known when the formula is
compiled, so nothing is lost.
"""

from settlements.calculator.language.compiling import (
    RATIO_BASE,
    Kind,
    rounded_division,
    rounded_expression,
    variable,
)
from settlements.calculator.language.evaluating import evaluate
from settlements.calculator.language.parsing import KEY_PATTERN, names_in, parse
from settlements.calculator.language.problems import FormulaError, Problem, ProblemKind
from settlements.calculator.language.tree import FUNCTIONS, Name, Node

__all__ = [
    "FUNCTIONS",
    "KEY_PATTERN",
    "RATIO_BASE",
    "FormulaError",
    "Kind",
    "Name",
    "Node",
    "Problem",
    "ProblemKind",
    "evaluate",
    "names_in",
    "parse",
    "rounded_division",
    "rounded_expression",
    "variable",
]
