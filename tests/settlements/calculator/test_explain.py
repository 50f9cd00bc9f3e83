"""The told steps, worked out in fractions, meet the compiled calculation in every amount."""

from hypothesis import given
from hypothesis import strategies as st

from settlements.calculator import DEFAULT_CALCULATOR, compile_calculator
from settlements.explaining import explain_order
from tests.settlements.calculator.strategies import contracts, formula_sets, orders


@given(orders(), contracts(), st.just(DEFAULT_CALCULATOR) | formula_sets())
def test_every_step_agrees_with_the_amount_it_explains(order, contract, formulas):
    calculator = compile_calculator(formulas)
    result = calculator.order(order, contract)

    levels = explain_order(calculator, order, contract, result, parameter_names={})

    assert len(levels) == 1 + len(order.lines)
    for level in levels:
        assert all(step.agrees for step in level.steps)
        results = {step.key: step.result for step in level.steps}
        assert results["settlement"] == level.result.amounts.settlement_amount
        assert results["settlementTaxFree"] == level.result.amounts.settlement_tax_free_amount
