"""One version of the formulas, ready to calculate orders (contract.md d.1)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from django.utils.translation import gettext as _

from core.errors import InvalidRequest
from core.money import MAX_WON
from settlements.calculator.calculation import Calculation
from settlements.calculator.checking import problems_of
from settlements.calculator.formulas import Decimal, Formulas
from settlements.calculator.language import FormulaError
from settlements.calculator.order import (
    Order,
    base_of_line,
    base_of_order,
    check_base,
    check_order,
)
from settlements.calculator.pipeline import compile_level
from settlements.calculator.terms import ContractTerms
from settlements.calculator.variables import PARAMETER_SCALE
from settlements.errors import SettlementParameterNotFound


@lru_cache(maxsize=1_024)
def compile_calculator(formulas: Formulas) -> Calculator:
    """The calculator of a version, kept for later calls. Errors: FormulaError."""
    problems = problems_of(formulas)
    if problems:
        raise FormulaError(problems)
    return Calculator(formulas)


class Calculator:
    """Immutable and free of I/O: the API, uploads, previews and re-runs share one.

    `level` applies the formulas to one level; the whole order adds up what its lines hold.
    """

    def __init__(self, formulas: Formulas) -> None:
        self.formulas = formulas
        self.level = compile_level(formulas)
        self._defaults = {parameter.key: parameter.default for parameter in formulas.parameters}
        self._default_values = {key: five_decimals(each) for key, each in self._defaults.items()}

    def order(self, order: Order, contract: ContractTerms) -> Calculation:
        """All amounts of an order and of its lines.

        Errors: InvalidRequest, ProductIdDuplicated, SettlementAmountExceeded,
        SettlementParameterNotFound.
        """
        check_order(order)
        parameters = self.parameter_values(order.parameters)
        lines: tuple[Calculation, ...] = ()
        if order.lines:
            bases = [base_of_line(line) for line in order.lines]
            for base in bases:
                check_base(base)
            lines = tuple([self.level(base, contract, parameters) for base in bases])
        whole = base_of_order(order, lines)
        check_base(whole)
        return self.level(whole, contract, parameters)

    def parameters(self, given: Mapping[str, Decimal]) -> dict[str, Decimal]:
        """The effective value of every parameter: given, else its default.

        Errors: SettlementParameterNotFound.
        """
        unknown = given.keys() - self._defaults.keys()
        if unknown:
            message = _("등록하지 않았습니다. 없는 정산 파라미터입니다: %(names)s")
            raise SettlementParameterNotFound(message % {"names": ", ".join(sorted(unknown))})
        return {**self._defaults, **given}

    def parameter_values(self, given: Mapping[str, Decimal]) -> Mapping[str, int]:
        """The same as ints with five decimals, as formulas take them."""
        if not given:
            return self._default_values
        return {key: five_decimals(value) for key, value in self.parameters(given).items()}


def five_decimals(decimal: Decimal) -> int:
    if not 0 <= decimal.scale <= PARAMETER_SCALE or abs(decimal.value) > MAX_WON:
        raise InvalidRequest("정산 파라미터는 소수 다섯째 자리까지 입력할 수 있습니다.")
    missing_digits = PARAMETER_SCALE - decimal.scale
    return decimal.value * int(10**missing_digits)
