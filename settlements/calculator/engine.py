"""One version of the formulas, ready to calculate orders (contract.md d.1)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from core.errors import InvalidRequest
from core.money import MAX_WON, added_vat, apply_rate, included_vat
from settlements.calculator.calculation import (
    NOTHING,
    Amounts,
    Calculation,
    ChargedFee,
    SharedDiscount,
)
from settlements.calculator.checking import kinds_of, problems_of
from settlements.calculator.formulas import (
    ADDITIONAL_FEE,
    DISCOUNT_SHARE,
    PLATFORM_FEE,
    SETTLEMENT,
    SETTLEMENT_TAX_FREE,
    Decimal,
    Formula,
    Formulas,
)
from settlements.calculator.language import Compiled, FormulaError, compile_formula, parse
from settlements.calculator.order import (
    Base,
    Discount,
    Order,
    base_of_line,
    base_of_order,
    check_base,
    check_order,
)
from settlements.calculator.terms import AdditionalFeeTerms, ContractTerms
from settlements.calculator.variables import BASE, PARAMETER_SCALE
from settlements.errors import SettlementParameterNotFound

Values = dict[str, int]


@lru_cache(maxsize=1_024)
def compile_calculator(formulas: Formulas) -> Calculator:
    """The calculator of a version, kept for later calls. Errors: FormulaError."""
    problems = problems_of(formulas)
    if problems:
        raise FormulaError(problems)
    return Calculator(formulas)


class Step:
    """A compiled formula that refuses results no column can hold."""

    __slots__ = ("compiled", "formula", "key")

    def __init__(self, key: str, formula: Formula, compiled: Compiled) -> None:
        self.key = key
        self.formula = formula
        self.compiled = compiled

    def value(self, values: Mapping[str, int]) -> int:
        result = self.compiled.rounded(values)
        if not -MAX_WON <= result <= MAX_WON:
            raise InvalidRequest(f"등록하지 않았습니다. 수식의 값이 너무 큽니다: {self.key}")
        return result


class Calculator:
    """Immutable and free of I/O: the API, uploads, previews and re-runs share one."""

    def __init__(self, formulas: Formulas) -> None:
        self.formulas = formulas
        kinds = kinds_of(formulas)
        self.steps = {
            key: Step(key, formula, compile_formula(parse(formula.text), formula.rounding, kinds))
            for key, formula in formulas.all()
        }
        self._defaults = {parameter.key: parameter.default for parameter in formulas.parameters}
        self._default_values = {
            key: _five_decimals(decimal) for key, decimal in self._defaults.items()
        }
        self._user_keys = tuple(user.key for user in formulas.user_defined)

    def order(self, order: Order, contract: ContractTerms) -> Calculation:
        """All amounts of an order and of its lines.

        Errors: InvalidRequest, ProductIdDuplicated, SettlementAmountExceeded,
        SettlementParameterNotFound.
        """
        check_order(order)
        parameters = self.parameter_values(order.parameters)
        lines: tuple[Calculation, ...] = ()
        if order.lines:
            bases = [base_of_line(line) for line in order.lines]
            for base in bases:
                check_base(base)
            lines = tuple(self.level(base, contract, parameters) for base in bases)
        whole = base_of_order(order, lines)
        check_base(whole)
        return self.level(whole, contract, parameters)

    def parameters(self, given: Mapping[str, Decimal]) -> dict[str, Decimal]:
        """The effective value of every parameter: given, else its default.

        Errors: SettlementParameterNotFound.
        """
        unknown = given.keys() - self._defaults.keys()
        if unknown:
            names = ", ".join(sorted(unknown))
            raise SettlementParameterNotFound(
                f"등록하지 않았습니다. 없는 정산 파라미터입니다: {names}"
            )
        return {**self._defaults, **given}

    def parameter_values(self, given: Mapping[str, Decimal]) -> Mapping[str, int]:
        """The same as ints with five decimals, as formulas take them."""
        if not given:
            return self._default_values
        return {key: _five_decimals(value) for key, value in self.parameters(given).items()}

    def level(
        self, base: Base, contract: ContractTerms, parameters: Mapping[str, int]
    ) -> Calculation:
        """The formulas applied to one level; the whole order adds up what its lines hold."""
        values = self._start(base, contract, parameters)
        discounts: tuple[SharedDiscount, ...] = ()
        fees: tuple[ChargedFee, ...] = ()
        for key in self.formulas.order_keys:
            if key == PLATFORM_FEE:
                fee = values["PLATFORM_FEE_AMOUNT"] = self.steps[key].value(values)
                values["PLATFORM_FEE_VAT"] = self._vat(fee) if contract.partner_pays_fee_vat else 0
            elif key == DISCOUNT_SHARE:
                discounts = self._share_discounts(base, values)
            elif key == ADDITIONAL_FEE:
                fees = self._charge_fees(base, values)
            else:
                values[key] = self.steps[key].value(values)
        values["SETTLEMENT_AMOUNT"] = self.steps[SETTLEMENT].value(values)
        tax_free = self.steps[SETTLEMENT_TAX_FREE].value(values)
        return Calculation(
            _amounts(values, tax_free),
            {key: values[key] for key in self._user_keys} if self._user_keys else NOTHING,
            discounts,
            fees,
            base.lines,
            base.product_id,
            base.quantity,
            values,
        )

    def _start(self, base: Base, contract: ContractTerms, parameters: Mapping[str, int]) -> Values:
        payment = base.amount - base.discount
        payment_tax_free = base.tax_free - base.discount_tax_free
        vat = included_vat(payment - payment_tax_free, self.formulas.vat_rounding)
        return {
            "ORDER_AMOUNT": base.amount,
            "ORDER_TAX_FREE_AMOUNT": base.tax_free,
            BASE: base.amount or 1,
            "DISCOUNT_AMOUNT": base.discount,
            "DISCOUNT_TAX_FREE_AMOUNT": base.discount_tax_free,
            "PAYMENT_AMOUNT": payment,
            "PAYMENT_TAX_FREE_AMOUNT": payment_tax_free,
            "PAYMENT_SUPPLY_AMOUNT": payment - payment_tax_free - vat,
            "PAYMENT_VAT_AMOUNT": vat,
            "PAYMENT_VAT_BURDEN_AMOUNT": vat if contract.subtracts_payment_vat else 0,
            "FIXED_RATE": contract.fee.rate,
            "FIXED_AMOUNT": contract.fee.amount,
            **parameters,
        }

    def _share_discounts(self, base: Base, values: Values) -> tuple[SharedDiscount, ...]:
        shared = tuple(self._share(discount, values) for discount in base.discounts)
        share = sum(discount.share_amount for discount in shared)
        share_tax_free = sum(discount.share_tax_free_amount for discount in shared)
        for line in base.lines:
            share += line.amounts.discount_share_amount
            share_tax_free += line.amounts.discount_share_tax_free_amount
        values["DISCOUNT_SHARE_AMOUNT"] = share
        values["DISCOUNT_SHARE_TAX_FREE_AMOUNT"] = share_tax_free
        return shared

    def _share(self, discount: Discount, values: Values) -> SharedDiscount:
        terms, amount, tax_free = discount
        step = self.steps[DISCOUNT_SHARE]
        share = step.value(values | of_discount(discount))
        share_tax_free = apply_rate(tax_free, terms.rate, step.formula.rounding)
        return SharedDiscount(terms.id, amount, tax_free, share, share_tax_free)

    def _charge_fees(self, base: Base, values: Values) -> tuple[ChargedFee, ...]:
        charged = tuple(self._charge(terms, values) for terms in base.additional_fees)
        amount = sum(fee.amount for fee in charged)
        vat = sum(fee.vat for fee in charged)
        for line in base.lines:
            amount += line.amounts.additional_fee_amount
            vat += line.amounts.additional_fee_vat_amount
        values["ADDITIONAL_FEE"] = amount
        values["ADDITIONAL_FEE_VAT"] = vat
        return charged

    def _charge(self, terms: AdditionalFeeTerms, values: Values) -> ChargedFee:
        amount = self.steps[ADDITIONAL_FEE].value(values | of_fee(terms))
        return ChargedFee(terms.id, amount, self._vat(amount) if terms.partner_pays_vat else 0)

    def _vat(self, fee: int) -> int:
        return added_vat(fee, self.formulas.vat_rounding)


def of_discount(discount: Discount) -> Values:
    """What the names mean inside the discount-share formula."""
    return {
        "DISCOUNT_AMOUNT": discount.amount,
        "DISCOUNT_TAX_FREE_AMOUNT": discount.tax_free_amount,
        "FIXED_RATE": discount.terms.rate,
    }


def of_fee(terms: AdditionalFeeTerms) -> Values:
    """What the names mean inside the additional-fee formula."""
    return {"FIXED_RATE": terms.fee.rate, "FIXED_AMOUNT": terms.fee.amount}


def _amounts(values: Values, settlement_tax_free: int) -> Amounts:
    return Amounts(
        values["SETTLEMENT_AMOUNT"],
        settlement_tax_free,
        values["ORDER_AMOUNT"],
        values["ORDER_TAX_FREE_AMOUNT"],
        values["DISCOUNT_AMOUNT"],
        values["DISCOUNT_TAX_FREE_AMOUNT"],
        values["DISCOUNT_SHARE_AMOUNT"],
        values["DISCOUNT_SHARE_TAX_FREE_AMOUNT"],
        values["PAYMENT_AMOUNT"],
        values["PAYMENT_TAX_FREE_AMOUNT"],
        values["PAYMENT_SUPPLY_AMOUNT"],
        values["PAYMENT_VAT_AMOUNT"],
        values["PAYMENT_VAT_BURDEN_AMOUNT"],
        values["PLATFORM_FEE_AMOUNT"],
        values["PLATFORM_FEE_VAT"],
        values["ADDITIONAL_FEE"],
        values["ADDITIONAL_FEE_VAT"],
    )


def _five_decimals(decimal: Decimal) -> int:
    if not 0 <= decimal.scale <= PARAMETER_SCALE or abs(decimal.value) > MAX_WON:
        raise InvalidRequest("정산 파라미터는 소수 다섯째 자리까지 입력할 수 있습니다.")
    missing_digits = PARAMETER_SCALE - decimal.scale
    return decimal.value * int(10**missing_digits)
