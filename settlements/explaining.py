"""왜 이 금액?: a calculation told step by step, with what every name was worth (contract.md d).

Pure. Each step is worked out again in fractions, apart from the compiled formulas that gave the
result, so a step that does not meet its result is a defect and says so (`agrees`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from core.money import Rounding, added_vat, divide, included_vat
from settlements.calculator import (
    AdditionalFeeTerms,
    Calculation,
    Calculator,
    ContractTerms,
    Decimal,
    Discount,
    Formula,
    Line,
    Order,
)
from settlements.calculator.formulas import (
    ADDITIONAL_FEE,
    DISCOUNT_SHARE,
    PLATFORM_FEE,
    SETTLEMENT,
    SETTLEMENT_TAX_FREE,
)
from settlements.calculator.language import evaluate, names_in, parse
from settlements.calculator.variables import LABELS, PARAMETER_SCALE

FORMULA_LABELS = {
    DISCOUNT_SHARE: "할인 분담금",
    PLATFORM_FEE: "중개 수수료",
    ADDITIONAL_FEE: "추가 수수료",
    SETTLEMENT: "정산 금액",
    SETTLEMENT_TAX_FREE: "정산 면세 금액",
}
VAT_OF_PARTNER = "수수료 부가세 (파트너 부담)"
VAT_OF_COMPANY = "수수료 부가세 (고객사 부담: 파트너에게서 빼지 않음)"
ROUNDING_LABELS = {
    Rounding.DOWN: "내림",
    Rounding.UP: "올림",
    Rounding.HALF_UP: "반올림",
}
WORDS = re.compile(r"([A-Za-z_][A-Za-z0-9_]*|[-+*/()])|\s+")
READABLE = {
    "*": "×",
    "/": "÷",
    "-": "−",
    "ROUND": "반올림",
    "ROUND_UP": "올림",
    "ROUND_DOWN": "내림",
}
RATE = Fraction(1, 100_000)
DECIMALS = 5

AMOUNT_FIELDS = {
    "ORDER_AMOUNT": "order_amount",
    "ORDER_TAX_FREE_AMOUNT": "order_tax_free_amount",
    "DISCOUNT_AMOUNT": "discount_amount",
    "DISCOUNT_TAX_FREE_AMOUNT": "discount_tax_free_amount",
    "PAYMENT_AMOUNT": "payment_amount",
    "PAYMENT_TAX_FREE_AMOUNT": "payment_tax_free_amount",
    "PAYMENT_SUPPLY_AMOUNT": "payment_supply_amount",
    "PAYMENT_VAT_AMOUNT": "payment_vat_amount",
    "PAYMENT_VAT_BURDEN_AMOUNT": "payment_vat_burden_amount",
    "DISCOUNT_SHARE_AMOUNT": "discount_share_amount",
    "DISCOUNT_SHARE_TAX_FREE_AMOUNT": "discount_share_tax_free_amount",
    "PLATFORM_FEE_AMOUNT": "platform_fee_amount",
    "PLATFORM_FEE_VAT": "platform_fee_vat_amount",
    "ADDITIONAL_FEE": "additional_fee_amount",
    "ADDITIONAL_FEE_VAT": "additional_fee_vat_amount",
    "SETTLEMENT_AMOUNT": "settlement_amount",
}
"""Which column a name of the language stands for."""


@dataclass(frozen=True)
class Operand:
    name: str
    label: str
    value: str


@dataclass(frozen=True)
class Part:
    """A piece of a formula as people read it; `value` when it stands for a name."""

    text: str
    value: str = ""


@dataclass(frozen=True)
class Step:
    """One formula at work. Won are ints; `exact` is the value before rounding, as text."""

    key: str
    label: str
    subject: str
    """Which discount or fee policy, by id; empty for the whole."""
    formula: str
    operands: tuple[Operand, ...]
    exact: str
    rounding: str
    result: int
    agrees: bool = True

    @property
    def is_rounded(self) -> bool:
        return self.exact != f"{self.result:,}"

    @property
    def parts(self) -> list[Part]:
        """`주문 금액 9,999 × 정률 0.1`: the formula with labels and values for its names."""
        known = {each.name: Part(each.label, each.value) for each in self.operands}
        words = WORDS.split(self.formula)
        return [known.get(word) or Part(READABLE.get(word, word)) for word in words if word]


@dataclass(frozen=True)
class Level:
    """The steps of a whole order, or of one line of it."""

    product_id: str
    quantity: int
    steps: tuple[Step, ...]
    result: Calculation


def explain_order(
    calculator: Calculator,
    order: Order,
    contract: ContractTerms,
    result: Calculation,
    *,
    parameter_names: Mapping[str, str],
) -> list[Level]:
    """The whole order first, then each line. `result` is what was stored."""
    users = {user.key: user.name for user in calculator.formulas.user_defined}
    labels = {**LABELS, **FORMULA_LABELS, **users, **parameter_names}
    parameters = {
        key: Fraction(value, 10**PARAMETER_SCALE)
        for key, value in calculator.parameter_values(order.parameters).items()
    }

    def steps_of(level: Order | Line, result: Calculation) -> tuple[Step, ...]:
        discounts, fees = level.discounts, level.additional_fees
        teller = _Teller(calculator, contract, parameters, labels, result, discounts, fees)
        return tuple(teller.steps())

    lines = {line.product_id: line for line in order.lines}
    return [
        Level("", 0, steps_of(order, result), result),
        *(
            Level(each.product_id, each.quantity, steps_of(lines[each.product_id], each), each)
            for each in result.lines
        ),
    ]


@dataclass(frozen=True)
class _Teller:
    calculator: Calculator
    contract: ContractTerms
    parameters: Mapping[str, Fraction]
    labels: Mapping[str, str]
    result: Calculation
    discounts: tuple[Discount, ...]
    additional_fees: tuple[AdditionalFeeTerms, ...]

    def steps(self) -> Iterator[Step]:
        yield from self._payment()
        for key in self.calculator.formulas.order_keys:
            if key == DISCOUNT_SHARE:
                yield from self._discount_shares()
            elif key == PLATFORM_FEE:
                yield from self._platform_fee()
            elif key == ADDITIONAL_FEE:
                yield from self._additional_fees()
            else:
                yield self._formula(key, self.result.formulas[key])
        amounts = self.result.amounts
        yield self._formula(SETTLEMENT, amounts.settlement_amount)
        yield self._formula(SETTLEMENT_TAX_FREE, amounts.settlement_tax_free_amount)

    def _payment(self) -> Iterator[Step]:
        amounts, rounding = self.result.amounts, self.calculator.formulas.vat_rounding
        taxable = amounts.payment_amount - amounts.payment_tax_free_amount
        yield Step(
            "paymentVat",
            LABELS["PAYMENT_VAT_AMOUNT"],
            "",
            "(PAYMENT_AMOUNT - PAYMENT_TAX_FREE_AMOUNT) / 11",
            self._operands(["PAYMENT_AMOUNT", "PAYMENT_TAX_FREE_AMOUNT"], self._values()),
            text_of(Fraction(taxable, 11)),
            ROUNDING_LABELS[rounding],
            amounts.payment_vat_amount,
            included_vat(taxable, rounding) == amounts.payment_vat_amount,
        )

    def _platform_fee(self) -> Iterator[Step]:
        amounts = self.result.amounts
        yield self._formula(PLATFORM_FEE, amounts.platform_fee_amount)
        yield self._vat(
            amounts.platform_fee_amount,
            amounts.platform_fee_vat_amount,
            is_ours=self.contract.partner_pays_fee_vat,
        )

    def _discount_shares(self) -> Iterator[Step]:
        for discount, shared in zip(self.discounts, self.result.discounts, strict=True):
            values = self._values() | {
                "DISCOUNT_AMOUNT": Fraction(discount.amount),
                "DISCOUNT_TAX_FREE_AMOUNT": Fraction(discount.tax_free_amount),
                "FIXED_RATE": discount.terms.rate * RATE,
            }
            yield self._step(DISCOUNT_SHARE, values, shared.share_amount, discount.terms.id)

    def _additional_fees(self) -> Iterator[Step]:
        for terms, charged in zip(self.additional_fees, self.result.additional_fees, strict=True):
            values = self._values() | {
                "FIXED_RATE": terms.fee.rate * RATE,
                "FIXED_AMOUNT": Fraction(terms.fee.amount),
            }
            yield self._step(ADDITIONAL_FEE, values, charged.amount, terms.id)
            yield self._vat(
                charged.amount, charged.vat, is_ours=terms.partner_pays_vat, subject=terms.id
            )

    def _vat(self, fee: int, vat: int, *, is_ours: bool, subject: str = "") -> Step:
        rounding = self.calculator.formulas.vat_rounding
        return Step(
            "vat",
            VAT_OF_PARTNER if is_ours else VAT_OF_COMPANY,
            subject,
            "FEE * 0.1" if is_ours else "0",
            (Operand("FEE", "수수료", text_of(Fraction(fee))),),
            text_of(Fraction(fee, 10)) if is_ours else "0",
            ROUNDING_LABELS[rounding],
            vat,
            (added_vat(fee, rounding) if is_ours else 0) == vat,
        )

    def _formula(self, key: str, result: int) -> Step:
        return self._step(key, self._values(), result)

    def _step(
        self, key: str, values: Mapping[str, Fraction], result: int, subject: str = ""
    ) -> Step:
        formula = self._formulas[key]
        tree = parse(formula.text)
        exact = evaluate(tree, values)
        rounded = divide(exact.numerator, exact.denominator, formula.rounding)
        names = dict.fromkeys(name.text for name in names_in(tree))
        return Step(
            key,
            self._label(key),
            subject,
            formula.text,
            self._operands(names, values),
            text_of(exact),
            ROUNDING_LABELS[formula.rounding],
            result,
            rounded == result,
        )

    @property
    def _formulas(self) -> dict[str, Formula]:
        return dict(self.calculator.formulas.all())

    def _values(self) -> dict[str, Fraction]:
        amounts = self.result.amounts
        values = {
            name: Fraction(getattr(amounts, column)) for name, column in AMOUNT_FIELDS.items()
        }
        values["FIXED_RATE"] = self.contract.fee.rate * RATE
        values["FIXED_AMOUNT"] = Fraction(self.contract.fee.amount)
        values["ORDER_TAX_FREE_RATIO"] = Fraction(
            amounts.order_tax_free_amount, amounts.order_amount or 1
        )
        users = {key: Fraction(value) for key, value in self.result.formulas.items()}
        return values | users | dict(self.parameters)

    def _operands(
        self, names: Iterable[str], values: Mapping[str, Fraction]
    ) -> tuple[Operand, ...]:
        return tuple(Operand(name, self._label(name), text_of(values[name])) for name in names)

    def _label(self, name: str) -> str:
        return self.labels.get(name, name)


def text_of(value: Fraction) -> str:
    """`1,234.5`: as many decimals as it has, up to five; `…` when there are more."""
    sign = "-" if value < 0 else ""
    scaled = abs(value) * 10**DECIMALS
    whole, decimals = divmod(scaled.numerator // scaled.denominator, 10**DECIMALS)
    shown = f".{decimals:0{DECIMALS}d}".rstrip("0").rstrip(".")
    more = "…" if scaled.denominator != 1 else ""
    return f"{sign}{whole:,}{shown}{more}"


def decimal_text(value: Decimal) -> str:
    """`0.035` of 35 over 10³."""
    digits = str(abs(value.value)).rjust(value.scale + 1, "0")
    whole, decimals = digits[: len(digits) - value.scale], digits[len(digits) - value.scale :]
    return f"{'-' if value.value < 0 else ''}{whole}{'.' if decimals else ''}{decimals}"
