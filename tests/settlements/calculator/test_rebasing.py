"""A plan over other formulas than it was drafted from."""

from dataclasses import replace

import pytest

from core.money import Rounding
from settlements.calculator import (
    DEFAULT_CALCULATOR,
    Formula,
    Formulas,
    Parameter,
    UserFormula,
    rebased,
)

BASE = DEFAULT_CALCULATOR
FEES = ("discountShare", "platformFee", "additionalFee")


def user(key: str, text: str = "ORDER_AMOUNT", name: str = "") -> UserFormula:
    return UserFormula(key, name or key, Formula(text))


def with_users(*users: UserFormula, order: tuple[str, ...] = ()) -> Formulas:
    keys = (*FEES, *(each.key for each in users))
    return replace(BASE, user_defined=users, order_keys=order or keys)


def test_what_only_one_changes_is_its():
    plan = replace(BASE, platform_fee=Formula("1"), vat_rounding=Rounding.UP)
    onto = replace(BASE, settlement=Formula("2"), parameters=(Parameter("RATE"),))

    assert rebased(plan, BASE, onto) == replace(
        onto, platform_fee=Formula("1"), vat_rounding=Rounding.UP
    )


def test_what_both_change_is_the_plans():
    plan = replace(BASE, platform_fee=Formula("1"))
    onto = replace(BASE, platform_fee=Formula("2", Rounding.UP))

    assert rebased(plan, BASE, onto).platform_fee == Formula("1", Rounding.UP)


def test_formulas_of_the_user_are_those_of_either():
    base = with_users(user("A"), user("B"))
    plan = with_users(user("A", "1"), user("B"), user("P"), user("BOTH", "2"))
    onto = with_users(user("A", name="이름"), user("B", "3"), user("N"), user("BOTH", "4"))

    assert rebased(plan, base, onto).user_defined == (
        user("A", "1", "이름"),
        user("B", "3"),
        user("N"),
        user("BOTH", "2"),
        user("P"),
    )


def test_a_formula_that_an_older_plan_had_lost_comes_back():
    base = with_users(user("LOST"))
    onto = with_users(user("LOST", "1"))

    assert rebased(BASE, base, onto) == onto


@pytest.mark.parametrize(
    ("plan", "onto", "both"),
    [
        ("abc", "bac", "bac"),
        ("acb", "bac", "acb"),
        ("abcP", "abcN", "abcPN"),
        ("Pabc", "abNc", "PabNc"),
        ("cbaP", "aNMbc", "cbaNMP"),
        ("abPQc", "cab", "cabPQ"),
    ],
)
def test_order(plan, onto, both):
    base = replace(BASE, order_keys=tuple("abc"))
    planned, now = (replace(BASE, order_keys=tuple(keys)) for keys in (plan, onto))

    assert rebased(planned, base, now).order_keys == tuple(both)
