"""The fields of a test order: the order, its products, discounts and fees, and a cancel of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from core.companies.access import rows
from core.companies.models import Workspace
from core.console.forms import MoneyField
from core.money import MAX_WON
from core.words import said
from partners.console.forms.fields import PercentField
from partners.console.forms.policies import FEE_KINDS
from partners.models import Contract, VatPayer
from settlements.calculator import Parameter
from settlements.explaining import decimal_text

PREFIX = "try"
MAX_PRODUCTS = MAX_DISCOUNTS = MAX_FEES = 100
MAX_QUANTITY = 1_000_000
ORDER_LEVEL = 0
"""Stands where a product's number stands for its discounts and fees."""
CANCELS = [("", "취소하지 않음"), ("all", "전부"), ("amount", "금액"), ("lines", "상품 수량")]


REDRAWS = {
    "hx-post": "",
    "hx-trigger": "change",
    "hx-include": "closest form",
    "hx-target": "#trial",
    "hx-swap": "innerHTML",
}
"""Of a choice that other fields depend on."""


def won_field(label: str, **options: Any) -> MoneyField:
    """Of an amount that may stay empty."""
    facts = {"required": False, "min_value": 0, "max_value": MAX_WON} | options
    return MoneyField(label=label, **facts)


class FeeKindForm(forms.Form):
    """A fee typed in: a rate or an amount, and who bears its VAT."""

    fee_kind = forms.ChoiceField(label="수수료 방식", choices=FEE_KINDS, required=False)
    fee_rate = PercentField(label="수수료율 (%)", required=False)
    fee_amount = won_field("정액 수수료 (원)")
    vat_payer = forms.ChoiceField(label="수수료 부가세", choices=VatPayer.choices, required=False)


class OrderForm(FeeKindForm):
    """The order, the terms it is tried with, and a cancel of it. Products replace the amount."""

    order_amount = won_field("주문 금액", initial=10_000)
    tax_free_amount = won_field("면세 금액")
    contract = forms.ModelChoiceField(
        label="계약",
        queryset=Contract.objects.none(),
        required=False,
        empty_label="직접 입력",
        widget=forms.Select(attrs=REDRAWS),
    )
    subtract_payment_vat = forms.BooleanField(label="결제금액 부가세 감액", required=False)
    cancel = forms.ChoiceField(
        label="취소", choices=CANCELS, required=False, widget=forms.Select(attrs=REDRAWS)
    )
    cancel_amount = won_field("취소 금액")
    cancel_tax_free_amount = won_field("취소 면세 금액")

    prefix = PREFIX

    def __init__(self, *args: Any, workspace: Workspace, parameters: tuple[Parameter, ...]) -> None:
        super().__init__(*args)
        contracts = rows(Contract, workspace).filter(is_archived=False).order_by("name")
        self.fields["contract"].queryset = contracts  # type: ignore[attr-defined]
        self.fields["contract"].initial = contracts.first()
        self.fields["fee_rate"].initial = 10_000
        self.parameters = parameters
        for each in parameters:
            self.fields[f"parameter_{each.key}"] = forms.DecimalField(
                label=each.name or each.key,
                required=False,
                decimal_places=5,
                max_digits=20,
                help_text=_("비우면 기본값 %(value)s") % {"value": decimal_text(each.default)},
            )

    @property
    def parameter_fields(self) -> list[Any]:
        return [self[f"parameter_{each.key}"] for each in self.parameters]


class ProductForm(forms.Form):
    price = won_field("단가")
    quantity = forms.IntegerField(label="수량", required=False, min_value=1, max_value=MAX_QUANTITY)
    tax_free = won_field("단가 중 면세")
    cancelled = forms.IntegerField(
        label="취소 수량", required=False, min_value=0, max_value=MAX_QUANTITY
    )


class PolicyForm(forms.Form):
    """Under a product, or under the whole order; of a stored policy, or with terms typed in."""

    at = forms.IntegerField(min_value=ORDER_LEVEL, max_value=MAX_PRODUCTS, widget=forms.HiddenInput)


class DiscountForm(PolicyForm):
    policy = forms.CharField(
        label="할인 분담 정책",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"list": "try-discount-policies", "autocomplete": "off"}),
    )
    rate = PercentField(label="분담률 (%)", required=False)
    amount = won_field("할인 금액")
    tax_free = won_field("면세 할인 금액")
    returned = won_field("취소할 때 돌려줄 할인")


class FeeForm(PolicyForm, FeeKindForm):
    policy = forms.CharField(
        label="추가 수수료 정책",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"list": "try-fee-policies", "autocomplete": "off"}),
    )
    field_order = ["at", "policy", "fee_kind", "fee_rate", "fee_amount", "vat_payer"]


ROWS: Mapping[str, tuple[type[forms.Form], int]] = {
    "product": (ProductForm, MAX_PRODUCTS),
    "discount": (DiscountForm, MAX_DISCOUNTS),
    "fee": (FeeForm, MAX_FEES),
}
"""The kinds of rows there are any number of, each bounded."""


class Rows:
    """The posted rows of a kind. A row is `try-<kind>-<number>-<field>`; `try-<kind>s` counts them.

    `op` adds an empty one (`add-discount-3`: to the third product) or drops one with what is under
    it, so that the page needs no script of its own for it.
    """

    def __init__(self, kind: str, data: Mapping[str, str]) -> None:
        self.kind, (self.form, self.limit) = kind, ROWS[kind]
        count = data.get(f"{PREFIX}-{kind}s", "")
        posted = min(int(count), self.limit) if count.isdecimal() and len(count) < 5 else 0
        numbers = range(1, posted + 1)
        self.values = [self._posted(data, number) for number in numbers]
        self.added = 0
        """The number of the row that was just added; what is typed next goes there."""

    def _posted(self, data: Mapping[str, str], number: int) -> dict[str, str]:
        prefix = f"{PREFIX}-{self.kind}-{number}-"
        return {name: data.get(f"{prefix}{name}", "") for name in self.form.base_fields}

    def add(self, at: int) -> None:
        if len(self.values) < self.limit:
            self.values.append({"at": str(at)} if "at" in self.form.base_fields else {})
            self.added = len(self.values)

    def drop(self, number: int) -> None:
        self.values = [row for place, row in enumerate(self.values, 1) if place != number]

    def leave(self, product: int) -> None:
        """A product went: what was under it goes, what is under later ones follows them."""
        kept = [row for row in self.values if row.get("at") != str(product)]
        for row in kept:
            at = row.get("at", "")
            if at.isdecimal() and len(at) < 5 and int(at) > product:
                row["at"] = str(int(at) - 1)
        self.values = kept

    def forms(self) -> list[forms.Form]:
        found = []
        for number, row in enumerate(self.values, 1):
            prefix = f"{PREFIX}-{self.kind}-{number}"
            data = {f"{prefix}-{name}": value for name, value in row.items()}
            form = self.form(data, prefix=prefix)
            if number == self.added:
                form.visible_fields()[0].field.widget.attrs["autofocus"] = True
            found.append(form)
        return found


def labels_of_errors(title: str, form: forms.Form) -> Iterator[str]:
    """`상품 3 단가: …`: what is wrong, for a result that is drawn away from its fields."""
    for name, errors in form.errors.items():
        label = said(form.fields[name].label) if name in form.fields else ""
        for error in errors:
            yield f"{title} {label}: {said(error)}".strip()
