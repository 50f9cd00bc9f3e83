"""수식 테스트: an order made up on the page, calculated with formulas not saved yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from core import clock
from core.companies.access import rows
from core.companies.models import Workspace
from core.console.forms import MoneyField
from core.errors import DomainError
from partners.models import AdditionalFeePolicy, Contract, DiscountSharePolicy
from partners.queries import histories
from settlements.calculator import (
    Decimal,
    Discount,
    FormulaError,
    Formulas,
    Line,
    Order,
    Parameter,
    compile_calculator,
)
from settlements.calculator.order import NO_PARAMETERS
from settlements.console.amounts import ORDER, label
from settlements.console.words import problem_of
from settlements.explaining import Level, decimal_text, explain_order
from settlements.queries.terms import contract_terms, discount_terms, fee_terms

PRODUCTS = 3
"""Product rows on the page; leave them empty to test an amount."""


class TrialForm(forms.Form):
    """The order to try. Products, when given, replace the order amount."""

    prefix = "try"

    order_amount = MoneyField(label="주문 금액", initial=10_000, min_value=0)
    tax_free_amount = MoneyField(label="면세 금액", required=False, min_value=0)
    contract = forms.ModelChoiceField(label="계약", queryset=Contract.objects.none())
    discount_policy = forms.ModelChoiceField(
        label="할인 분담 정책", queryset=DiscountSharePolicy.objects.none(), required=False
    )
    discount_amount = MoneyField(label="할인 금액", required=False, min_value=0)
    fee_policies = forms.ModelMultipleChoiceField(
        label="추가 수수료 정책",
        queryset=AdditionalFeePolicy.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, workspace: Workspace, **options: Any) -> None:
        super().__init__(*args, **options)
        self.workspace = workspace
        contracts = rows(Contract, workspace).filter(is_archived=False).order_by("name")
        self.fields["contract"].queryset = contracts  # type: ignore[attr-defined]
        self.fields["contract"].initial = contracts.first()
        for name, model in (
            ("discount_policy", DiscountSharePolicy),
            ("fee_policies", AdditionalFeePolicy),
        ):
            choices = rows(model, workspace).filter(is_archived=False).order_by("name")
            self.fields[name].queryset = choices  # type: ignore[attr-defined]
        for number in range(1, PRODUCTS + 1):
            self.fields[f"price_{number}"] = MoneyField(
                label=_("상품 %(number)s 단가") % {"number": number}, required=False, min_value=0
            )
            self.fields[f"quantity_{number}"] = forms.IntegerField(
                label=_("상품 %(number)s 수량") % {"number": number}, required=False, min_value=1
            )
        self.parameters: list[Parameter] = []

    def with_parameters(self, parameters: tuple[Parameter, ...]) -> TrialForm:
        """Fields for the workspace's parameters, their defaults shown."""
        self.parameters = list(parameters)
        for each in parameters:
            self.fields[f"parameter_{each.key}"] = forms.DecimalField(
                label=each.name or each.key,
                required=False,
                decimal_places=5,
                max_digits=20,
                help_text=_("비우면 기본값 %(value)s") % {"value": decimal_text(each.default)},
            )
        return self

    @property
    def product_fields(self) -> Iterator[tuple[Any, Any]]:
        for number in range(1, PRODUCTS + 1):
            yield self[f"price_{number}"], self[f"quantity_{number}"]

    @property
    def parameter_fields(self) -> list[Any]:
        return [self[f"parameter_{each.key}"] for each in self.parameters]

    def order(self) -> Order:
        """The order of the form, with the policies as they are today."""
        data = self.cleaned_data
        lines = tuple(
            Line(
                _("상품 %(number)s") % {"number": n}, data[f"price_{n}"], data[f"quantity_{n}"] or 1
            )
            for n in range(1, PRODUCTS + 1)
            if data[f"price_{n}"] is not None
        )
        return Order(
            amount=None if lines else data["order_amount"],
            lines=lines,
            tax_free_amount=data["tax_free_amount"],
            discounts=tuple(self._discounts()),
            additional_fees=tuple(
                fee_terms(self._version(AdditionalFeePolicy, policy))
                for policy in data["fee_policies"]
            ),
            parameters=self._parameters() or NO_PARAMETERS,
        )

    def contract_version(self) -> int:
        return self._version(Contract, self.cleaned_data["contract"])

    def _discounts(self) -> Iterator[Discount]:
        data = self.cleaned_data
        if data["discount_policy"] and data["discount_amount"]:
            version = self._version(DiscountSharePolicy, data["discount_policy"])
            yield Discount(discount_terms(version), data["discount_amount"])

    def _parameters(self) -> dict[str, Decimal]:
        given = {each.key: self.cleaned_data[f"parameter_{each.key}"] for each in self.parameters}
        return {
            key: Decimal(int(value.scaleb(5)), 5)
            for key, value in given.items()
            if value is not None
        }

    def _version(self, model: Any, row: Any) -> int:
        history = histories(model, self.workspace, [row.public_id])[row.public_id]
        return int(history.on(clock.today()).pk)


@dataclass(frozen=True)
class Trial:
    """What came out: every amount and step, or the sentence that says why nothing did."""

    levels: list[Level]
    amounts: list[tuple[str, int]]
    error: str = ""


def try_out(formulas: Formulas, form: TrialForm) -> Trial:
    if not form.is_valid():
        return Trial([], [], "테스트할 주문을 채워 주세요. 잘못 적은 칸이 있습니다.")
    try:
        calculator = compile_calculator(formulas)
        order, contract = form.order(), contract_terms(form.contract_version())
        result = calculator.order(order, contract)
    except FormulaError:
        return Trial([], [], "수식을 고치면 결과가 나옵니다.")
    except DomainError as error:
        return Trial([], [], problem_of(error))
    names = {each.key: each.name or each.key for each in formulas.parameters}
    levels = explain_order(calculator, order, contract, result, parameter_names=names)
    amounts = [(label(column), getattr(result.amounts, column)) for column in ORDER]
    return Trial(levels, amounts)
