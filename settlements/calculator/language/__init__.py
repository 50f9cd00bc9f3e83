"""The formula language (contract.md d.2): `+ - * ( )`, numbers, names, named rounding.

Text → tree (parsing) → one Python function on ints (compiling). There is no division: every
value is an int over a power of ten, known when the formula is compiled, so nothing is lost.
"""

from settlements.calculator.language.compiling import Compiled, compile_formula
from settlements.calculator.language.parsing import KEY_PATTERN, names_in, parse
from settlements.calculator.language.problems import FormulaError, Problem, ProblemKind
from settlements.calculator.language.tree import FUNCTIONS, Name, Node

__all__ = [
    "FUNCTIONS",
    "KEY_PATTERN",
    "Compiled",
    "FormulaError",
    "Name",
    "Node",
    "Problem",
    "ProblemKind",
    "compile_formula",
    "names_in",
    "parse",
]
