"""Forms that enter one transfer by hand: they parse, services refuse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from core import clock
from core.companies.access import rows
from core.companies.identifiers import PUBLIC_ID, new_id
from core.companies.models import Workspace
from core.console.access import ConsoleRequest
from core.console.forms import MoneyField
from core.money import MAX_WON
from core.words import said
from partners.models import AdditionalFeePolicy, DiscountSharePolicy, VersionedRow
from partners.services.facts import CURRENCIES
from settlements.calculator import Parameter
from settlements.console.forms import decimal_of
from settlements.console.words import METHODS, seen_transfer_properties
from settlements.detail import METHOD_TYPES
from settlements.explaining import decimal_text
from settlements.queries.calculators import parameters_of_workspace

Wire = dict[str, Any]
Choices = Sequence[tuple[str, str]]
AMOUNT, LINES, ALL = "AMOUNT", "LINES", "ALL"
MOMENT = "%Y-%m-%dT%H:%M"


def day(label: str, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, required=False, **more)


def moment(label: str, **more: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, widget=widget, **more)


def text(label: str, length: int, **more: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"} | more.pop("attrs", {}))
    return forms.CharField(label=label, max_length=length, widget=widget, **more)


def won(label: str, **more: Any) -> MoneyField:
    return MoneyField(label=label, min_value=0, max_value=MAX_WON, required=False, **more)


def count(label: str, least: int, **more: Any) -> forms.IntegerField:
    widget = forms.TextInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(
        label=label, widget=widget, min_value=least, max_value=2_147_483_647, **more
    )


class EntryForm(forms.Form):
    """What every transfer by hand may have; the workspace's properties follow as own fields.

    `transfer_id` is made with the page: however often it is sent, it is registered once.
    """

    transfer_id = forms.RegexField(regex=PUBLIC_ID, widget=forms.HiddenInput)
    settlement_start_date = day(
        "정산 시작일", initial=clock.today, help_text="비우면 결제하거나 취소한 날이에요."
    )
    settlement_date = day("정산일", help_text="비우면 계약의 정산 주기로 정해요.")
    memo = text("메모", 256, required=False)
    own_id = forms.RegexField(
        label="정산건 아이디",
        regex=PUBLIC_ID,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="비우면 만들어 드려요.",
        error_messages={"invalid": "영문자, 숫자, _ . : - 만 100자까지 쓸 수 있습니다."},
    )

    def __init__(self, *args: Any, request: ConsoleRequest, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["transfer_id"].initial = new_id("trs")
        self.definitions = seen_transfer_properties(request)
        for each in self.definitions:
            self.fields[f"property_{each.key}"] = text(each.name, 500, required=False)

    def clean(self) -> Wire:
        if "transfer_id" in self.errors:  # nobody sees the field to correct it
            self.add_error(None, "등록하지 않았습니다. 이 화면을 새로 열어 다시 적어 주세요.")
        return super().clean() or {}

    @property
    def property_fields(self) -> list[forms.BoundField]:
        return [self[f"property_{each.key}"] for each in self.definitions]

    @property
    def public_id(self) -> str:
        """What the transfer will be called."""
        return str(self.cleaned_data["own_id"] or self.cleaned_data["transfer_id"])

    def wire(self) -> Wire:
        data = self.cleaned_data
        values = {each.key: data[f"property_{each.key}"] for each in self.definitions}
        return {
            "id": self.public_id,
            "memo": data["memo"],
            "userDefinedProperties": [
                {"key": key, "value": {"string": value}} for key, value in values.items() if value
            ],
            **filled(
                settlementStartDate=data["settlement_start_date"],
                settlementDate=data["settlement_date"],
            ),
        }


def filled(**facts: Any) -> Wire:
    """Only what was written."""
    return {name: value for name, value in facts.items() if value is not None and value != ""}


class OrderForm(EntryForm):
    """Everything of an order but its lines and discounts."""

    partner = text(
        "파트너",
        100,
        attrs={"list": "partners"},
        help_text="이름이나 아이디를 적으면 골라 쓸 수 있어요.",
    )
    contract = text(
        "계약",
        100,
        required=False,
        attrs={"list": "contracts"},
        help_text="비우면 정산 시작일의 파트너 기본 계약이에요.",
    )
    payment_id = text("결제 아이디", 200)
    order_name = text("주문명", 300, required=False)
    paid_at = moment("결제 일시", required=False)
    method = forms.ChoiceField(
        label="결제 수단",
        required=False,
        choices=[("", "–"), *((name, METHODS[METHOD_TYPES[name]]) for name in METHOD_TYPES)],
    )
    easy_pay_provider = text("간편결제사", 100, required=False)
    currency = forms.ChoiceField(
        label="통화",
        initial="KRW",
        choices=[(code, code) for code in sorted(CURRENCIES, key=lambda each: each != "KRW")],
    )
    kind = forms.ChoiceField(
        label="주문 내용",
        choices=[(AMOUNT, "금액만"), (LINES, "상품별로")],
        initial=AMOUNT,
        widget=forms.RadioSelect,
    )
    order_amount = won("주문 금액", help_text="고른 통화로 적어요. 달러라면 12.34처럼.")
    tax_free_amount = won("면세 금액", help_text="비우면 상품의 면세액 합계, 금액만이면 0이에요.")

    def __init__(self, *args: Any, request: ConsoleRequest, fees: Choices, **options: Any) -> None:
        super().__init__(*args, request=request, **options)
        self.fields["fees"] = fee_field(fees)
        self.parameters: Sequence[Parameter] = parameters_of_workspace(request.workspace)
        for each in self.parameters:
            self.fields[f"parameter_{each.key}"] = forms.DecimalField(
                label=each.name or each.key,
                required=False,
                decimal_places=5,
                max_digits=20,
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
                help_text=_("비우면 기본값 %(value)s") % {"value": decimal_text(each.default)},
            )

    @property
    def parameter_fields(self) -> list[forms.BoundField]:
        return [self[f"parameter_{each.key}"] for each in self.parameters]

    def clean(self) -> Wire:
        data = super().clean()
        is_missing = data.get("order_amount") is None and "order_amount" not in self.errors
        if data.get("kind") == AMOUNT and is_missing:
            self.add_error("order_amount", "주문 금액을 적어 주세요.")
        return data

    @property
    def has_lines(self) -> bool:
        return bool(self["kind"].value() == LINES)

    def wire(self) -> Wire:
        data = self.cleaned_data
        return super().wire() | {
            "partnerId": data["partner"],
            "paymentId": data["payment_id"],
            "additionalFees": fees_wire(data["fees"]),
            "externalPaymentDetail": {"currency": data["currency"], **self._payment()},
            "parameters": self._parameters(),
            **filled(contractId=data["contract"], taxFreeAmount=data["tax_free_amount"]),
        }

    def _payment(self) -> Wire:
        data = self.cleaned_data
        method: Wire = {}
        if data["method"]:
            is_easy = data["method"] == "easy_pay"
            easy = filled(provider=data["easy_pay_provider"]) if is_easy else {}
            method = {"method": {camel(data["method"]): easy}}
        return filled(orderName=data["order_name"], paidAt=data["paid_at"]) | method

    def _parameters(self) -> Wire:
        given = {each.key: self.cleaned_data[f"parameter_{each.key}"] for each in self.parameters}
        exact = {key: decimal_of(value) for key, value in given.items() if value is not None}
        return {key: {"decimal": e.value, "decimalScale": e.scale} for key, e in exact.items()}


class LineForm(forms.Form):
    """One product of an order."""

    product_id = text("상품 아이디", 200)
    name = text("상품명", 300, required=False)
    unit_price = MoneyField(label="단가", min_value=0, max_value=MAX_WON)
    quantity = count("수량", 1)
    unit_tax_free = won("단가 면세액")
    tag = text("상품 태그", 300, required=False)

    def __init__(self, *args: Any, fees: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["fees"] = fee_field(fees)

    def wire(self, discounts: list[Wire]) -> Wire:
        data = self.cleaned_data
        return {
            "product": {
                "id": data["product_id"],
                "name": data["name"],
                "amount": data["unit_price"],
                **filled(taxFreeAmount=data["unit_tax_free"], tag=data["tag"]),
            },
            "quantity": data["quantity"],
            "discounts": discounts,
            "additionalFees": fees_wire(data["fees"]),
        }


class DiscountForm(forms.Form):
    """A discount of an order or of one of its lines."""

    def __init__(self, *args: Any, policies: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["policy"] = forms.ChoiceField(
            label="할인 분담 정책", choices=[("", said("정책을 골라 주세요")), *policies]
        )
        self.fields["amount"] = MoneyField(label="할인 금액", min_value=0, max_value=MAX_WON)
        self.fields["tax_free"] = won("면세 할인 금액")

    def wire(self) -> Wire:
        data = self.cleaned_data
        return {
            "sharePolicyId": data["policy"],
            "amount": data["amount"],
            **filled(taxFreeAmount=data["tax_free"]),
        }


def fee_field(fees: Choices) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label="추가 수수료 정책",
        choices=fees,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def fees_wire(chosen: Iterable[str]) -> list[Wire]:
    return [{"policyId": each} for each in chosen]


def discount_choices(workspace: Workspace) -> Choices:
    return _choices(DiscountSharePolicy, workspace)


def fee_choices(workspace: Workspace) -> Choices:
    return _choices(AdditionalFeePolicy, workspace)


def _choices(model: type[VersionedRow], workspace: Workspace) -> Choices:
    known = rows(model, workspace).filter(is_archived=False).order_by("name", "pk")
    return [(id, f"{name} · {id}") for id, name in known.values_list("public_id", "name")]


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
