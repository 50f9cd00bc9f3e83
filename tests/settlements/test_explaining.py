"""왜 이 금액?: every stored amount is told step by step, and each step meets its amount."""

from datetime import date

import pytest
from django.db.models import F

from core import clock
from settlements.calculator import DEFAULT_CALCULATOR
from settlements.models import CalculatorVersion, SettlementParameter, Transfer
from settlements.queries import explain_transfer
from settlements.services import delete_transfer, register_cancel, register_order
from tests.settlements.factories import (
    ACTOR,
    broken_truths,
    cancel_input,
    line,
    make_discount_policy,
    make_fee_policy,
    make_manual,
    order_input,
)


@pytest.fixture
def sell(workspace, partner):
    def sell(**wire) -> Transfer:
        return register_order(workspace=workspace, actor=ACTOR, order=order_input(**wire))

    return sell


def told(explanation) -> list[tuple[str, str, int]]:
    return [(step.label, step.exact, step.result) for step in explanation.levels[0].steps]


def test_an_order_by_the_documented_formulas(sell):
    explanation = explain_transfer(sell(amount=9_999))

    assert told(explanation) == [
        ("결제 부가세", "909", 909),
        ("중개 수수료", "999.9", 999),
        ("수수료 부가세 (파트너 부담)", "99.9", 99),
        ("정산 금액", "8,901", 8_901),
        ("정산 면세 금액", "0", 0),
    ]
    fee = explanation.levels[0].steps[1]
    assert fee.formula == "(ORDER_AMOUNT * FIXED_RATE) + FIXED_AMOUNT"
    assert [(each.label, each.value) for each in fee.operands] == [
        ("주문 금액", "9,999"),
        ("정률", "0.1"),
        ("정액", "0"),
    ]
    assert fee.rounding == "내림"
    assert [(used.kind, used.name, used.number) for used in explanation.terms] == [
        ("CONTRACT", "basic", 1),
        ("CALCULATOR", "기본 수식", 0),
    ]
    assert explanation.agrees


def test_lines_discounts_and_fees_are_told_one_by_one(workspace, sell):
    make_discount_policy(workspace)
    make_fee_policy(workspace)
    order = sell(
        amount=None,
        orderDetail={
            "orderLines": [
                line(
                    "A",
                    5_000,
                    5,
                    discounts=[{"sharePolicyId": "half", "amount": 2_500}],
                    additionalFees=[{"policyId": "fee"}],
                )
            ]
        },
        discounts=[{"sharePolicyId": "half", "amount": 2_501}],
        additionalFees=[{"policyId": "fee"}],
        taxFreeAmount=3_000,
    )

    explanation = explain_transfer(order)

    whole, of_line = explanation.levels
    assert ("할인 분담금", "1,250.5", 1_250) in told(explanation)
    assert (of_line.product_id, of_line.quantity) == ("A", 5)
    assert [(step.label, step.subject, step.result) for step in of_line.steps][:6] == [
        ("결제 부가세", "", 2_045),
        ("할인 분담금", "half", 1_250),
        ("중개 수수료", "", 2_500),
        ("수수료 부가세 (파트너 부담)", "", 250),
        ("추가 수수료", "fee", 1_250),
        ("수수료 부가세 (파트너 부담)", "fee", 125),
    ]
    tax_free = whole.steps[-1]
    assert [(each.label, each.value) for each in tax_free.operands][-2:] == [
        ("주문 면세 비율", "0.12"),
        ("할인 분담 면세 금액", "0"),
    ]
    assert {used.kind for used in explanation.terms} == {
        "CONTRACT",
        "DISCOUNT_SHARE",
        "ADDITIONAL_FEE",
        "CALCULATOR",
    }
    assert explanation.agrees


def test_a_users_formulas_and_parameters_are_named(workspace, sell):
    content = DEFAULT_CALCULATOR.to_snapshot()
    formulas = content["settlementFormula"]
    formulas["userDefined"] = [
        {"key": "BONUS", "name": "보너스", "formula": "ORDER_AMOUNT * RATE", "roundType": "UP"}
    ]
    formulas["orderKeys"].append("BONUS")
    formulas["settlement"]["formula"] += " + BONUS"
    SettlementParameter.objects.create(
        workspace=workspace, key="RATE", name="비율", default_decimal=12_345, default_scale=5
    )
    version = CalculatorVersion.objects.create(
        workspace=workspace,
        applied_at=clock.kst_midnight(date(2023, 1, 1)),
        content=content,
        actor_name="시험",
    )

    explanation = explain_transfer(sell(amount=9_999))

    bonus = next(step for step in explanation.levels[0].steps if step.key == "BONUS")
    assert (bonus.label, bonus.exact, bonus.rounding, bonus.result) == (
        "보너스",
        "1,234.37655",
        "올림",
        1_235,
    )
    assert [(each.label, each.value) for each in bonus.operands] == [
        ("주문 금액", "9,999"),
        ("비율", "0.12345"),
    ]
    assert explanation.terms[-1].id == str(version.pk)
    assert explanation.agrees


def test_a_cancel_is_what_is_gone_so_far_less_what_was(workspace, sell):
    order = sell(amount=10_001)

    def cancel(**wire) -> Transfer:
        body = cancel_input(order, **wire)
        return register_cancel(workspace=workspace, actor=ACTOR, cancel=body)

    cancel(orderDetail={"orderAmount": 3_333})
    last = cancel()

    explanation = explain_transfer(last)

    fee = next(each for each in explanation.taken if each.column == "platform_fee_amount")
    assert (fee.so_far, fee.before, fee.this) == (1_000, 333, 667)
    assert explanation.is_last
    assert explanation.agrees


def test_amounts_by_hand_explain_themselves(partner):
    assert explain_transfer(make_manual(partner, date(2026, 10, 30), 500)) is None


def test_a_stored_amount_that_does_not_follow_is_found(workspace, sell):
    order = sell()
    Transfer.objects.filter(pk=order.pk).update(settlement_amount=8_901)
    order.refresh_from_db()

    assert not explain_transfer(order).agrees
    assert broken_truths(workspace)["an order calculated again gives what is stored"] == [
        {"public_id": order.public_id, "stored": 8_901, "calculated": 8_900}
    ]


def test_any_column_that_does_not_follow_is_found(workspace, sell):
    """A fee too much, made good in what is settled: every step of the settlement still adds up."""
    order = sell()
    Transfer.objects.filter(pk=order.pk).update(
        additional_fee_amount=F("additional_fee_amount") + 100,
        settlement_amount=F("settlement_amount") - 100,
    )
    order.refresh_from_db()

    assert not explain_transfer(order).agrees


def test_an_earlier_cancel_deleted_since_makes_no_alarm(workspace, sell):
    order = sell(amount=10_001)
    first, second = (
        register_cancel(
            workspace=workspace,
            actor=ACTOR,
            cancel=cancel_input(order, orderDetail={"orderAmount": amount}),
        )
        for amount in (3_335, 3_335)
    )
    delete_transfer(workspace=workspace, transfer_id=first.public_id, actor=ACTOR)
    second.refresh_from_db()

    told = explain_transfer(second)
    assert (told.agrees, told.lacks_earlier) == (True, True)
