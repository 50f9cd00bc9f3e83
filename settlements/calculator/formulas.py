"""A workspace's formulas and parameters as written (contract.md d.1, d.2), and the defaults."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from core.money import Rounding
from settlements.calculator.terms import Snapshot

DISCOUNT_SHARE = "discountShare"
PLATFORM_FEE = "platformFee"
ADDITIONAL_FEE = "additionalFee"
SETTLEMENT = "settlement"
SETTLEMENT_TAX_FREE = "settlementTaxFree"

ORDERABLE = (DISCOUNT_SHARE, PLATFORM_FEE, ADDITIONAL_FEE)
FINAL = (SETTLEMENT, SETTLEMENT_TAX_FREE)
"""Always calculated last, in this order: they have no place in `order_keys`."""

RESERVED = (*ORDERABLE, *FINAL)

MAX_USER_FORMULAS = 10


@dataclass(frozen=True, slots=True)
class Formula:
    """`rounding` applies to the value of the whole formula."""

    text: str
    rounding: Rounding = Rounding.DOWN


@dataclass(frozen=True, slots=True)
class UserFormula:
    key: str
    name: str
    formula: Formula


@dataclass(frozen=True, slots=True)
class Decimal:
    """value × 10^-scale, scale 0–5 (contract.md a.7)."""

    value: int
    scale: int = 0


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that orders may carry into the formulas; `default` when they do not."""

    key: str
    name: str = ""
    default: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Formulas:
    """One version of the calculation. `order_keys` names every formula that is not FINAL."""

    discount_share: Formula
    platform_fee: Formula
    additional_fee: Formula
    settlement: Formula
    settlement_tax_free: Formula
    user_defined: tuple[UserFormula, ...] = ()
    order_keys: tuple[str, ...] = ORDERABLE
    vat_rounding: Rounding = Rounding.DOWN
    parameters: tuple[Parameter, ...] = ()

    def reserved(self) -> Iterator[tuple[str, Formula]]:
        yield DISCOUNT_SHARE, self.discount_share
        yield PLATFORM_FEE, self.platform_fee
        yield ADDITIONAL_FEE, self.additional_fee
        yield SETTLEMENT, self.settlement
        yield SETTLEMENT_TAX_FREE, self.settlement_tax_free

    def all(self) -> Iterator[tuple[str, Formula]]:
        yield from self.reserved()
        for user in self.user_defined:
            yield user.key, user.formula

    @classmethod
    def from_snapshot(cls, snapshot: Snapshot, parameters: Iterable[Parameter] = ()) -> Formulas:
        """A version's content: {settlementFormula {…, userDefined, orderKeys}, vatRoundType}.

        Parameters are the workspace's, not the version's.
        """
        content = snapshot["settlementFormula"]
        return cls(
            discount_share=_formula(content[DISCOUNT_SHARE]),
            platform_fee=_formula(content[PLATFORM_FEE]),
            additional_fee=_formula(content[ADDITIONAL_FEE]),
            settlement=_formula(content[SETTLEMENT]),
            settlement_tax_free=_formula(content[SETTLEMENT_TAX_FREE]),
            user_defined=tuple(
                UserFormula(user["key"], user["name"], _formula(user))
                for user in content["userDefined"]
            ),
            order_keys=tuple(content["orderKeys"]),
            vat_rounding=Rounding(snapshot["vatRoundType"]),
            parameters=tuple(parameters),
        )

    def to_snapshot(self) -> dict[str, Any]:
        formulas: dict[str, Any] = {key: _wire(formula) for key, formula in self.reserved()}
        formulas["userDefined"] = [
            {"name": user.name, "key": user.key, **_wire(user.formula)}
            for user in self.user_defined
        ]
        formulas["orderKeys"] = list(self.order_keys)
        return {"settlementFormula": formulas, "vatRoundType": self.vat_rounding.value}


def _formula(wire: Snapshot) -> Formula:
    return Formula(wire["formula"], Rounding(wire["roundType"]))


def _wire(formula: Formula) -> dict[str, str]:
    return {"formula": formula.text, "roundType": formula.rounding.value}


FEE = Formula("(ORDER_AMOUNT * FIXED_RATE) + FIXED_AMOUNT")

DEFAULT_CALCULATOR = Formulas(
    discount_share=Formula("DISCOUNT_AMOUNT * FIXED_RATE"),
    platform_fee=FEE,
    additional_fee=FEE,
    settlement=Formula(
        "ORDER_AMOUNT - PAYMENT_VAT_BURDEN_AMOUNT - PLATFORM_FEE_AMOUNT - PLATFORM_FEE_VAT"
        " - ADDITIONAL_FEE - ADDITIONAL_FEE_VAT - DISCOUNT_SHARE_AMOUNT"
    ),
    settlement_tax_free=Formula(
        "ROUND_DOWN((SETTLEMENT_AMOUNT + DISCOUNT_SHARE_AMOUNT) * ORDER_TAX_FREE_RATIO)"
        " - DISCOUNT_SHARE_TAX_FREE_AMOUNT"
    ),
)
"""The documented formulas (contract.md d.1), written in the language itself."""
