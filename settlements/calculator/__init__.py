"""What an order settles at, exactly and explained (contract.md d, e). No Django, no I/O.

    calculator = compile_calculator(DEFAULT_CALCULATOR)
    contract = ContractTerms.from_snapshot(contract_version.content)
    calculation = calculator.order(Order(amount=10_000), contract)
    calculation.amounts.settlement_amount                      # 8_900
    settlement_date(date(2023, 8, 11), contract.cycle, Calendar())

The API, uploads, the formula test and re-runs all calculate with this.
"""

from settlements.calculator.calculation import Amounts, Calculation, ChargedFee, SharedDiscount
from settlements.calculator.cancel import (
    Cancel,
    CancelledOrder,
    calculate_cancel,
    remaining_order,
)
from settlements.calculator.cancel_request import CancelledLine, CancelRequest, ReturnedDiscount
from settlements.calculator.checking import problems_of
from settlements.calculator.dates import requested_settlement_date, settlement_date
from settlements.calculator.engine import Calculator, compile_calculator
from settlements.calculator.formulas import (
    DEFAULT_CALCULATOR,
    Decimal,
    Formula,
    Formulas,
    Parameter,
    UserFormula,
)
from settlements.calculator.language import FormulaError, Problem, ProblemKind
from settlements.calculator.order import Discount, Line, Order
from settlements.calculator.rebasing import rebased
from settlements.calculator.terms import (
    AdditionalFeeTerms,
    ContractTerms,
    Cycle,
    DiscountShareTerms,
    Fee,
)

__all__ = [
    "DEFAULT_CALCULATOR",
    "AdditionalFeeTerms",
    "Amounts",
    "Calculation",
    "Calculator",
    "Cancel",
    "CancelRequest",
    "CancelledLine",
    "CancelledOrder",
    "ChargedFee",
    "ContractTerms",
    "Cycle",
    "Decimal",
    "Discount",
    "DiscountShareTerms",
    "Fee",
    "Formula",
    "FormulaError",
    "Formulas",
    "Line",
    "Order",
    "Parameter",
    "Problem",
    "ProblemKind",
    "ReturnedDiscount",
    "SharedDiscount",
    "UserFormula",
    "calculate_cancel",
    "compile_calculator",
    "problems_of",
    "rebased",
    "remaining_order",
    "requested_settlement_date",
    "settlement_date",
]
