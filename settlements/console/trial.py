"""수식 테스트: an order made up on the page, calculated with formulas not saved yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from core.errors import DomainError
from settlements.calculator import (
    Calculation,
    Calculator,
    Cancel,
    CancelledOrder,
    ContractTerms,
    FormulaError,
    Formulas,
    Order,
    calculate_cancel,
    compile_calculator,
)
from settlements.console.amounts import ORDER, label
from settlements.console.trial_inputs import TrialPage
from settlements.console.words import problem_of
from settlements.explaining import Level, explain_order


@dataclass(frozen=True)
class Left:
    """An amount of the order, what the cancel takes of it, and what remains."""

    label: str
    order: int
    taken: int

    @property
    def remains(self) -> int:
        return self.order - self.taken


@dataclass(frozen=True)
class Trial:
    """What came out: every amount and step, or the sentence that says why nothing did."""

    levels: list[Level] = field(default_factory=list)
    amounts: list[tuple[str, int]] = field(default_factory=list)
    formulas: list[tuple[str, int]] = field(default_factory=list)
    error: str = ""
    wrong: list[str] = field(default_factory=list)
    """Fields filled in wrongly, by name."""
    cancelled: list[Left] = field(default_factory=list)
    cancelled_lines: list[tuple[str, Left]] = field(default_factory=list)
    """Pieces of each product, and its settlement amount."""
    cancel_error: str = ""


def try_out(formulas: Formulas, page: TrialPage) -> Trial:
    wrong = page.wrong()
    if wrong:
        error = "테스트할 주문을 채워 주세요. 잘못 적은 칸이 있습니다."
        return Trial(error=error, wrong=wrong)
    try:
        calculator = compile_calculator(formulas)
        order, contract = page.order, page.contract()
        result = calculator.order(order, contract)
    except FormulaError:
        return Trial(error="수식을 고치면 결과가 나옵니다.")
    except DomainError as error:
        return Trial(error=problem_of(error))
    names = {each.key: each.name or each.key for each in formulas.parameters}
    users = {each.key: each.name for each in formulas.user_defined}
    cancelled, cancel_error = _cancelled(page, calculator, order, contract, result)
    return Trial(
        explain_order(calculator, order, contract, result, parameter_names=names),
        [(label(column), getattr(result.amounts, column)) for column in ORDER],
        [(users[key], value) for key, value in result.formulas.items()],
        cancelled=list(_left(result, cancelled, users)) if cancelled else [],
        cancelled_lines=list(_left_lines(result, cancelled)) if cancelled else [],
        cancel_error=cancel_error,
    )


def _cancelled(
    page: TrialPage,
    calculator: Calculator,
    order: Order,
    contract: ContractTerms,
    result: Calculation,
) -> tuple[Cancel | None, str]:
    """A cancel of the order as if it had been registered, or why it would be refused."""
    request = page.cancel_request()
    if request is None:
        return None, ""
    try:
        return calculate_cancel(calculator, CancelledOrder(order, contract, result), request), ""
    except DomainError as error:
        return None, problem_of(error)


def _left(result: Calculation, cancel: Cancel, users: dict[str, str]) -> Iterator[Left]:
    taken = cancel.calculation
    for column in ORDER:
        yield Left(label(column), getattr(result.amounts, column), getattr(taken.amounts, column))
    for key, name in users.items():
        yield Left(name, result.formulas[key], taken.formulas[key])


def _left_lines(result: Calculation, cancel: Cancel) -> Iterator[tuple[str, Left]]:
    pieces = {line.product_id: line.quantity for line in cancel.calculation.lines}
    for line in result.lines:
        product = line.product_id
        yield product, Left(product, line.quantity, pieces.get(product, 0))
