"""Forms of the settlement pages."""

from __future__ import annotations

from typing import Any

from django import forms

from core import clock
from core.companies.access import rows
from core.companies.models import Workspace
from core.console.forms import MoneyField
from partners.models import Partner, PropertyDefinition
from settlements.inputs import ManualInput, Property, PropertyValue


class ManualForm(forms.Form):
    """An amount for one partner; the workspace's own properties follow as fields of their own."""

    partner = forms.CharField(
        label="파트너 아이디",
        max_length=100,
        widget=forms.TextInput(attrs={"list": "partners", "autocomplete": "off"}),
        help_text="이름이나 아이디를 적으면 골라 쓸 수 있어요.",
    )
    amount = MoneyField(label="정산 금액", help_text="돌려받을 금액은 −를 붙여요.")
    tax_free_amount = MoneyField(label="정산 면세 금액", required=False, initial=0)
    settlement_date = forms.DateField(
        label="정산일",
        initial=clock.today,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="오늘이거나 지난 날이면 바로 지급 예정이 돼요.",
    )
    memo = forms.CharField(label="메모", max_length=256, required=False)

    def __init__(self, *args: Any, workspace: Workspace, **options: Any) -> None:
        super().__init__(*args, **options)
        self.workspace = workspace
        self.definitions = list(
            rows(PropertyDefinition, workspace).filter(object_type="TRANSFER").order_by("pk")
        )
        for definition in self.definitions:
            self.fields[_field(definition)] = forms.CharField(
                label=definition.name, required=False, max_length=500
            )

    @property
    def partners(self) -> list[tuple[str, str]]:
        """What the partner field suggests."""
        active = rows(Partner, self.workspace).filter(is_archived=False).order_by("name")
        return list(active.values_list("public_id", "name")[:2_000])

    def as_input(self) -> ManualInput:
        data = self.cleaned_data
        values = {each.key: data[_field(each)] for each in self.definitions}
        return ManualInput(
            partner_id=data["partner"],
            settlement_amount=data["amount"],
            settlement_tax_free_amount=data["tax_free_amount"] or 0,
            settlement_date=data["settlement_date"],
            memo=data["memo"],
            user_defined_properties=[
                Property(key=key, value=PropertyValue(string=value))
                for key, value in values.items()
                if value
            ],
        )


def _field(definition: PropertyDefinition) -> str:
    return f"property_{definition.key}"
