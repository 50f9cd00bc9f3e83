"""A version's formulas woven into one Python function that calculates one level.

The function is assembled once from the templates below: our own text with capital holes, into
which the formulas go as expression trees. No text of a user is ever executed, and names of users
live behind a prefix. Every amount is a local variable, named as formulas name it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from core.errors import InvalidRequest
from core.money import MAX_WON
from settlements.calculator.calculation import (
    NOTHING,
    Amounts,
    Calculation,
    ChargedFee,
    SharedDiscount,
)
from settlements.calculator.formulas import (
    ADDITIONAL_FEE,
    DISCOUNT_SHARE,
    PLATFORM_FEE,
    SETTLEMENT,
    SETTLEMENT_TAX_FREE,
    Formulas,
)
from settlements.calculator.language import (
    Node,
    names_in,
    parse,
    rounded_division,
    rounded_expression,
    variable,
)
from settlements.calculator.order import Base
from settlements.calculator.terms import ContractTerms
from settlements.calculator.variables import (
    OF_TAX_FREE,
    kinds_of,
    parameter_variable,
    user_variable,
)

Level = Callable[[Base, ContractTerms, Mapping[str, int]], Calculation]

START = """
(ORDER_AMOUNT, ORDER_TAX_FREE_AMOUNT, DISCOUNT_AMOUNT, DISCOUNT_TAX_FREE_AMOUNT,
 discounts, fees, lines, product_id, quantity) = base
ratio_base = ORDER_AMOUNT or 1
FIXED_RATE = contract.fee.rate
FIXED_AMOUNT = contract.fee.amount
PAYMENT_AMOUNT = ORDER_AMOUNT - DISCOUNT_AMOUNT
PAYMENT_TAX_FREE_AMOUNT = ORDER_TAX_FREE_AMOUNT - DISCOUNT_TAX_FREE_AMOUNT
taxable = PAYMENT_AMOUNT - PAYMENT_TAX_FREE_AMOUNT
PAYMENT_VAT_AMOUNT = ELEVENTH
PAYMENT_SUPPLY_AMOUNT = taxable - PAYMENT_VAT_AMOUNT
PAYMENT_VAT_BURDEN_AMOUNT = PAYMENT_VAT_AMOUNT if contract.subtracts_payment_vat else 0
"""

PARAMETER = """
VARIABLE = parameters[KEY]
"""

CALCULATE = f"""
RESULT = FORMULA
if not -{MAX_WON} <= RESULT <= {MAX_WON}:
    refuse(KEY)
"""

PLATFORM_FEE_VAT = """
PLATFORM_FEE_VAT = TENTH if contract.partner_pays_fee_vat else 0
"""

SHARE_DISCOUNTS = """
shared = []
DISCOUNT_SHARE_AMOUNT = DISCOUNT_SHARE_TAX_FREE_AMOUNT = 0
for policy, amount, tax_free in discounts:
    rate = policy.rate
    CALCULATE
    share_tax_free = RATE_OF_TAX_FREE
    shared.append(SharedDiscount(policy.id, amount, tax_free, result, share_tax_free))
    DISCOUNT_SHARE_AMOUNT += result
    DISCOUNT_SHARE_TAX_FREE_AMOUNT += share_tax_free
for line in lines:
    DISCOUNT_SHARE_AMOUNT += line.amounts.discount_share_amount
    DISCOUNT_SHARE_TAX_FREE_AMOUNT += line.amounts.discount_share_tax_free_amount
"""

CHARGE_FEES = """
charged = []
ADDITIONAL_FEE = ADDITIONAL_FEE_VAT = 0
for policy in fees:
    rate = policy.fee.rate
    amount = policy.fee.amount
    CALCULATE
    vat = TENTH if policy.partner_pays_vat else 0
    charged.append(ChargedFee(policy.id, result, vat))
    ADDITIONAL_FEE += result
    ADDITIONAL_FEE_VAT += vat
for line in lines:
    ADDITIONAL_FEE += line.amounts.additional_fee_amount
    ADDITIONAL_FEE_VAT += line.amounts.additional_fee_vat_amount
"""

END = """
return Calculation(
    Amounts(
        SETTLEMENT_AMOUNT, settlement_tax_free, ORDER_AMOUNT, ORDER_TAX_FREE_AMOUNT,
        DISCOUNT_AMOUNT, DISCOUNT_TAX_FREE_AMOUNT,
        DISCOUNT_SHARE_AMOUNT, DISCOUNT_SHARE_TAX_FREE_AMOUNT,
        PAYMENT_AMOUNT, PAYMENT_TAX_FREE_AMOUNT, PAYMENT_SUPPLY_AMOUNT,
        PAYMENT_VAT_AMOUNT, PAYMENT_VAT_BURDEN_AMOUNT,
        PLATFORM_FEE_AMOUNT, PLATFORM_FEE_VAT, ADDITIONAL_FEE, ADDITIONAL_FEE_VAT,
    ),
    USER_RESULTS, tuple(shared), tuple(charged), lines, product_id, quantity,
)
"""


def compile_level(formulas: Formulas) -> Level:
    """The function of one level: its base, the contract and parameter values to a calculation.

    Formulas must be free of problems.
    """
    module = ast.parse("def level(base, contract, parameters): pass")
    (function,) = module.body
    assert isinstance(function, ast.FunctionDef)
    function.body = list(_Weaver(formulas).body())
    names: dict[str, Any] = {**GLOBALS}
    exec(compile(ast.fix_missing_locations(module), "<formulas>", "exec"), names)
    level: Level = names["level"]
    return level


def _refuse(key: str) -> NoReturn:
    message = _("등록하지 않았습니다. 수식의 값이 너무 큽니다: %(key)s")
    raise InvalidRequest(message % {"key": key})


GLOBALS = {
    "__builtins__": {"tuple": tuple},
    "Amounts": Amounts,
    "Calculation": Calculation,
    "ChargedFee": ChargedFee,
    "NOTHING": NOTHING,
    "SharedDiscount": SharedDiscount,
    "refuse": _refuse,
}
"""All that the woven function can see."""


class _Weaver:
    def __init__(self, formulas: Formulas) -> None:
        self.formulas = formulas
        self.by_key = dict(formulas.all())
        self.trees: dict[str, Node] = {key: parse(each.text) for key, each in formulas.all()}

    def body(self) -> Iterator[ast.stmt]:
        yield from _fill(START, ELEVENTH=self.vat("taxable", 11))
        used = {name.text for tree in self.trees.values() for name in names_in(tree)}
        for parameter in self.formulas.parameters:
            if parameter.key in used:
                target = variable(parameter_variable(parameter.key))
                yield from _fill(PARAMETER, VARIABLE=target, KEY=ast.Constant(parameter.key))
        for key in self.formulas.order_keys:
            yield from self.step(key)
        yield from self.calculate(SETTLEMENT, "SETTLEMENT_AMOUNT")
        yield from self.calculate(SETTLEMENT_TAX_FREE, "settlement_tax_free")
        yield from _fill(END, USER_RESULTS=self.user_results())

    def step(self, key: str) -> Iterator[ast.stmt]:
        if key == PLATFORM_FEE:
            yield from self.calculate(key, "PLATFORM_FEE_AMOUNT")
            yield from _fill(PLATFORM_FEE_VAT, TENTH=self.vat("PLATFORM_FEE_AMOUNT", 10))
        elif key == DISCOUNT_SHARE:
            rounding = self.by_key[key].rounding
            part = rounded_expression(parse("TAX_FREE * RATE"), rounding, OF_TAX_FREE)
            inner = self.calculate(key, "result")
            yield from _fill(SHARE_DISCOUNTS, CALCULATE=inner, RATE_OF_TAX_FREE=part)
        elif key == ADDITIONAL_FEE:
            inner = self.calculate(key, "result")
            yield from _fill(CHARGE_FEES, CALCULATE=inner, TENTH=self.vat("result", 10))
        else:
            yield from self.calculate(key, user_variable(key))

    def calculate(self, key: str, result: str) -> list[ast.stmt]:
        kinds = kinds_of(self.formulas, key)
        formula = rounded_expression(self.trees[key], self.by_key[key].rounding, kinds)
        return _fill(CALCULATE, RESULT=variable(result), FORMULA=formula, KEY=ast.Constant(key))

    def vat(self, of: str, divisor: int) -> ast.expr:
        return rounded_division(variable(of), ast.Constant(divisor), self.formulas.vat_rounding)

    def user_results(self) -> ast.expr:
        keys = [user.key for user in self.formulas.user_defined]
        if not keys:
            return variable("NOTHING")
        return ast.Dict(
            [ast.Constant(key) for key in keys], [variable(user_variable(key)) for key in keys]
        )


Hole = ast.expr | Sequence[ast.stmt]


def _fill(template: str, **holes: Hole) -> list[ast.stmt]:
    """The statements of a template with its holes filled."""
    return [_Filler(holes).visit(statement) for statement in ast.parse(template).body]


class _Filler(ast.NodeTransformer):
    def __init__(self, holes: Mapping[str, Hole]) -> None:
        self.holes = holes

    def visit_Expr(self, node: ast.Expr) -> Any:
        """A hole on a line of its own takes statements."""
        if isinstance(node.value, ast.Name) and node.value.id in self.holes:
            return self.holes[node.value.id]
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> Any:
        filling = self.holes.get(node.id, node)
        if isinstance(filling, ast.Name):
            return ast.Name(filling.id, node.ctx)
        return filling
