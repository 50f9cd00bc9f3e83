"""Sets of formulas: order, scopes, parameters, keys, and versions as they are stored."""

from dataclasses import replace

import pytest

from core.errors import InvalidRequest
from core.money import MAX_WON, Rounding
from settlements.calculator import (
    DEFAULT_CALCULATOR,
    Decimal,
    Formula,
    FormulaError,
    Formulas,
    Line,
    Order,
    Parameter,
    ProblemKind,
    UserFormula,
    compile_calculator,
    problems_of,
)
from settlements.errors import SettlementParameterNotFound
from tests.settlements.calculator.samples import contract, discount, extra_fee

DEFAULT_ORDER = DEFAULT_CALCULATOR.order_keys


def user(key: str, text: str, rounding: Rounding = Rounding.DOWN) -> UserFormula:
    return UserFormula(key, f"이름 {key}", Formula(text, rounding))


def with_users(*users: UserFormula, before: bool = False, **changes) -> Formulas:
    """The defaults with the user's formulas before or after the reserved ones."""
    keys = tuple(each.key for each in users)
    order = (*keys, *DEFAULT_ORDER) if before else (*DEFAULT_ORDER, *keys)
    return replace(DEFAULT_CALCULATOR, **{"user_defined": users, "order_keys": order, **changes})


def found(formulas: Formulas) -> list[tuple[str, ProblemKind, int, int]]:
    return [
        (problem.formula, problem.kind, problem.start, problem.end)
        for problem in problems_of(formulas)
    ]


def test_the_defaults_have_no_problem_and_survive_storage():
    assert problems_of(DEFAULT_CALCULATOR) == []
    assert Formulas.from_snapshot(DEFAULT_CALCULATOR.to_snapshot()) == DEFAULT_CALCULATOR


def test_a_full_set_survives_storage():
    formulas = with_users(
        user("EXTRA", "ORDER_AMOUNT * 0.01", Rounding.UP), vat_rounding=Rounding.HALF_UP
    )
    snapshot = formulas.to_snapshot()

    assert snapshot["vatRoundType"] == "OFF"
    assert snapshot["settlementFormula"]["userDefined"] == [
        {
            "name": "이름 EXTRA",
            "key": "EXTRA",
            "formula": "ORDER_AMOUNT * 0.01",
            "roundType": "UP",
        }
    ]
    assert Formulas.from_snapshot(snapshot) == formulas


def test_user_formulas_feed_the_ones_after_them():
    formulas = with_users(
        user("POINTS", "PAYMENT_AMOUNT * 0.015", Rounding.UP),
        user("TWICE", "POINTS * 2 + PLATFORM_FEE_VAT"),
        settlement=Formula(f"{DEFAULT_CALCULATOR.settlement.text} - TWICE"),
    )

    calculation = compile_calculator(formulas).order(Order(amount=10_001), contract())

    assert calculation.formulas == {"POINTS": 151, "TWICE": 402}
    assert calculation.amounts.settlement_amount == 10_001 - 1_000 - 100 - 402


def test_a_user_formula_may_come_before_the_fee_and_change_it():
    formulas = with_users(
        user("NET_OF_VAT", "ORDER_AMOUNT - PAYMENT_VAT_AMOUNT"),
        before=True,
        platform_fee=Formula("NET_OF_VAT * FIXED_RATE"),
    )

    amounts = compile_calculator(formulas).order(Order(amount=11_000), contract()).amounts

    assert amounts.platform_fee_amount == 1_000


def test_lines_have_their_own_results_of_user_formulas():
    formulas = with_users(user("TENTH", "ORDER_AMOUNT * 0.1"))
    order = Order(lines=(Line("A", 100, 1), Line("B", 50, 1)))

    calculation = compile_calculator(formulas).order(order, contract())

    assert calculation.formulas == {"TENTH": 15}
    assert [line.formulas["TENTH"] for line in calculation.lines] == [10, 5]


def test_roundings_of_formulas_and_of_vat():
    formulas = replace(
        DEFAULT_CALCULATOR,
        platform_fee=replace(DEFAULT_CALCULATOR.platform_fee, rounding=Rounding.UP),
        discount_share=replace(DEFAULT_CALCULATOR.discount_share, rounding=Rounding.HALF_UP),
        vat_rounding=Rounding.HALF_UP,
    )
    order = Order(amount=9_999, tax_free_amount=100, discounts=(discount(1_001, tax_free=11),))

    amounts = compile_calculator(formulas).order(order, contract(rate=10_050)).amounts

    assert amounts.platform_fee_amount == 1_005  # 1,004.8995
    assert amounts.platform_fee_vat_amount == 101  # 100.5
    assert amounts.discount_share_amount == 501  # 500.5
    assert amounts.discount_share_tax_free_amount == 6  # 5.5
    assert amounts.payment_vat_amount == 810  # 8,909 / 11 = 809.9


def test_inside_the_additional_fee_the_fee_is_the_policys():
    formulas = with_users(
        user("CONTRACT_RATE", "ORDER_AMOUNT * FIXED_RATE"),
        additional_fee=Formula("PLATFORM_FEE_AMOUNT * FIXED_RATE + FIXED_AMOUNT"),
    )
    order = Order(amount=10_000, additional_fees=(extra_fee(rate=5_000), extra_fee(amount=30)))

    calculation = compile_calculator(formulas).order(order, contract(rate=10_000))

    assert [fee.amount for fee in calculation.additional_fees] == [50, 30]
    assert calculation.formulas == {"CONTRACT_RATE": 1_000}


PARAMETERS = (Parameter("POINT_RATE", "적립률", Decimal(15, 3)), Parameter("UNUSED"))


def test_parameters_come_from_the_order_or_from_their_defaults():
    formulas = with_users(user("POINTS", "ORDER_AMOUNT * POINT_RATE"), parameters=PARAMETERS)
    calculator = compile_calculator(formulas)

    def points(**given: Decimal) -> int:
        order = Order(amount=10_000, parameters=given)
        return calculator.order(order, contract()).formulas["POINTS"]

    assert points() == 150
    assert points(POINT_RATE=Decimal(2, 2)) == 200
    assert points(POINT_RATE=Decimal(-12_345, 5)) == -1_234
    assert calculator.parameters({"POINT_RATE": Decimal(1)}) == {
        "POINT_RATE": Decimal(1),
        "UNUSED": Decimal(0),
    }


def test_parameters_must_exist_and_fit():
    calculator = compile_calculator(with_users(parameters=PARAMETERS))

    for given, error in (
        ({"OTHER": Decimal(1)}, SettlementParameterNotFound),
        ({"UNUSED": Decimal(1, 6)}, InvalidRequest),
        ({"UNUSED": Decimal(MAX_WON + 1)}, InvalidRequest),
    ):
        with pytest.raises(error):
            calculator.order(Order(amount=1, parameters=given), contract())


def test_a_result_no_column_can_hold_is_refused():
    formulas = with_users(user("SQUARE", "ORDER_AMOUNT * ORDER_AMOUNT"))
    calculator = compile_calculator(formulas)

    assert calculator.order(Order(amount=90_000_000), contract()).formulas["SQUARE"] == 81 * 10**14
    with pytest.raises(InvalidRequest, match="SQUARE"):
        calculator.order(Order(amount=100_000_000), contract())


@pytest.mark.parametrize(
    ("formulas", "problem"),
    [
        (
            with_users(user("X", "ORDER_AMOUNT + NOPE")),
            ("X", ProblemKind.UNKNOWN_IDENTIFIER, 15, 19),
        ),
        (
            replace(DEFAULT_CALCULATOR, discount_share=Formula("ORDER_AMOUNT")),
            ("discountShare", ProblemKind.NOT_USABLE_HERE, 0, 12),
        ),
        (
            replace(DEFAULT_CALCULATOR, platform_fee=Formula("1 + ADDITIONAL_FEE")),
            ("platformFee", ProblemKind.NOT_USABLE_HERE, 4, 18),
        ),
        (
            replace(DEFAULT_CALCULATOR, settlement=Formula("SETTLEMENT_AMOUNT")),
            ("settlement", ProblemKind.NOT_USABLE_HERE, 0, 17),
        ),
        (
            replace(DEFAULT_CALCULATOR, settlement=Formula("FIXED_RATE")),
            ("settlement", ProblemKind.NOT_USABLE_HERE, 0, 10),
        ),
        (
            with_users(user("X", "X + 1")),
            ("X", ProblemKind.NOT_USABLE_HERE, 0, 1),
        ),
        (
            with_users(user("X", "Y"), user("Y", "1")),
            ("X", ProblemKind.NOT_USABLE_HERE, 0, 1),
        ),
        (
            with_users(user("X", "PLATFORM_FEE_AMOUNT"), before=True),
            ("X", ProblemKind.NOT_USABLE_HERE, 0, 19),
        ),
        (with_users(user("X", "1 +")), ("X", ProblemKind.SYNTAX, 3, 3)),
        (
            with_users(user("X", "*".join(["ORDER_AMOUNT"] * 10))),
            ("X", ProblemKind.TOO_LARGE, 0, 129),
        ),
        (with_users(user("FIXED_RATE", "1")), ("FIXED_RATE", ProblemKind.DUPLICATED_KEY, 0, 0)),
        (with_users(user("ROUND", "1")), ("ROUND", ProblemKind.DUPLICATED_KEY, 0, 0)),
        (with_users(user("A-B", "1")), ("A-B", ProblemKind.INVALID_KEY, 0, 0)),
        (with_users(user("123", "1")), ("123", ProblemKind.INVALID_KEY, 0, 0)),
        (with_users(user("수수료", "1")), ("수수료", ProblemKind.INVALID_KEY, 0, 0)),
        (
            with_users(user("P", "1"), parameters=(Parameter("P"),)),
            ("P", ProblemKind.DUPLICATED_KEY, 0, 0),
        ),
        (
            with_users(user("X", "1"), order_keys=DEFAULT_ORDER),
            ("X", ProblemKind.MISSING_KEYS_IN_ORDER, 0, 0),
        ),
        (
            with_users(order_keys=DEFAULT_ORDER[1:]),
            ("discountShare", ProblemKind.MISSING_KEYS_IN_ORDER, 0, 0),
        ),
        (
            with_users(order_keys=(*DEFAULT_ORDER, "GONE")),
            ("GONE", ProblemKind.UNKNOWN_KEYS_IN_ORDER, 0, 0),
        ),
        (
            with_users(order_keys=(*DEFAULT_ORDER, "settlement")),
            ("settlement", ProblemKind.NON_ORDERABLE_KEYS_IN_ORDER, 0, 0),
        ),
        (
            with_users(order_keys=(*DEFAULT_ORDER, "platformFee")),
            ("platformFee", ProblemKind.DUPLICATED_KEY, 0, 0),
        ),
        (
            with_users(*(user(f"X{number}", "1") for number in range(11))),
            ("", ProblemKind.TOO_MANY_FORMULAS, 0, 0),
        ),
    ],
)
def test_mistakes_in_a_set_are_named_with_their_formula_and_place(formulas, problem):
    assert problem in found(formulas)
    with pytest.raises(FormulaError):
        compile_calculator(formulas)


def test_every_mistake_is_reported_at_once():
    formulas = with_users(
        user("X", "NOPE + NOR + SETTLEMENT_AMOUNT"), settlement=Formula("ORDER_AMOUNT +")
    )

    assert found(formulas) == [
        ("settlement", ProblemKind.SYNTAX, 14, 14),
        ("X", ProblemKind.UNKNOWN_IDENTIFIER, 0, 4),
        ("X", ProblemKind.UNKNOWN_IDENTIFIER, 7, 10),
        ("X", ProblemKind.NOT_USABLE_HERE, 13, 30),
    ]


def test_an_error_says_what_the_api_and_the_editor_need():
    formulas = with_users(user("X", "NOPE"))

    with pytest.raises(FormulaError) as refusal:
        compile_calculator(formulas)

    assert refusal.value.type == "INVALID_REQUEST"
    assert refusal.value.message == (
        "저장하지 않았습니다. 쓸 수 없는 수식입니다. 없는 항목입니다: NOPE"
    )
    assert refusal.value.extra == {
        "problems": [
            {
                "formulaKey": "X",
                "kind": "UNKNOWN_IDENTIFIER",
                "start": 0,
                "end": 4,
                "message": "없는 항목입니다: NOPE",
            }
        ]
    }


@pytest.mark.parametrize(
    "key", ["__class__", "lambda", "None", "base", "amount", "n0", "refuse", "1st", "_"]
)
def test_any_key_is_only_a_name(key):
    """Words of Python and of the woven function mean nothing but the user's own formula."""
    formulas = with_users(user(key, "ORDER_AMOUNT * 0.5"), user("Z", f"{key} + 1"))

    calculation = compile_calculator(formulas).order(Order(amount=10), contract())

    assert calculation.formulas == {key: 5, "Z": 6}


def test_one_version_is_compiled_once():
    assert compile_calculator(with_users()) is compile_calculator(with_users())
