"""A plan put over other formulas than it was drafted from: only what it changes goes over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from settlements.calculator.formulas import Formula, Formulas, UserFormula

Part = TypeVar("Part")


def rebased(plan: Formulas, base: Formulas, onto: Formulas) -> Formulas:
    """`onto`, changed as `plan` changes `base`. Text and rounding of a formula are two things."""
    return Formulas(
        discount_share=_formula(plan.discount_share, base.discount_share, onto.discount_share),
        platform_fee=_formula(plan.platform_fee, base.platform_fee, onto.platform_fee),
        additional_fee=_formula(plan.additional_fee, base.additional_fee, onto.additional_fee),
        settlement=_formula(plan.settlement, base.settlement, onto.settlement),
        settlement_tax_free=_formula(
            plan.settlement_tax_free, base.settlement_tax_free, onto.settlement_tax_free
        ),
        user_defined=_users(plan, base, onto),
        order_keys=_order(plan.order_keys, base.order_keys, onto.order_keys),
        vat_rounding=_part(plan.vat_rounding, base.vat_rounding, onto.vat_rounding),
        parameters=onto.parameters,
    )


def _part(plan: Part, base: Part, onto: Part) -> Part:
    return onto if plan == base else plan


def _formula(plan: Formula, base: Formula, onto: Formula) -> Formula:
    return Formula(
        _part(plan.text, base.text, onto.text),
        _part(plan.rounding, base.rounding, onto.rounding),
    )


def _users(plan: Formulas, base: Formulas, onto: Formulas) -> tuple[UserFormula, ...]:
    """Those of either: a saved one stays, one that both add is the plan's."""
    planned, before, now = (
        {user.key: user for user in each.user_defined} for each in (plan, base, onto)
    )
    return tuple(
        _user(planned[key], before[key], now[key])
        if key in before and key in planned
        else planned.get(key) or now[key]
        for key in dict.fromkeys([*now, *planned])
    )


def _user(plan: UserFormula, base: UserFormula, onto: UserFormula) -> UserFormula:
    name = _part(plan.name, base.name, onto.name)
    return UserFormula(plan.key, name, _formula(plan.formula, base.formula, onto.formula))


def _order(plan: Sequence[str], base: Sequence[str], onto: Sequence[str]) -> tuple[str, ...]:
    """The plan's order if it changes it; a key of the other stays behind the one before it."""
    moves = [key for key in plan if key in base] != [key for key in base if key in plan]
    leading, other = (plan, onto) if moves else (onto, plan)
    keys = list(leading)
    for before, key in zip(["", *other], other, strict=False):
        if key not in keys:
            keys.insert(keys.index(before) + 1 if before else 0, key)
    return tuple(keys)
