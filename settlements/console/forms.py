"""Forms of the settlement pages."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime
from decimal import Decimal as Exact
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from core import clock
from core.companies.access import rows
from core.companies.models import Workspace
from core.console.forms import MoneyField, count_in, remember_opened
from core.money import WON
from partners.inputs import PropertyValue
from partners.models import Partner, PropertyDefinition
from partners.services.facts import CURRENCIES
from settlements.calculator import Decimal
from settlements.explaining import decimal_text
from settlements.inputs import ManualInput, Property
from settlements.models import SettlementParameter


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
    currency = forms.ChoiceField(
        label="통화",
        required=False,
        choices=[("", "파트너의 정산 통화"), *((code, code) for code in sorted(CURRENCIES))],
    )
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
        self.counted_in = self._currency()
        count_in(self.counted_in, self)
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

    def _currency(self) -> str:
        """The chosen one, else the partner's."""
        chosen, partner_id = (self.data.get(name, "") for name in ("currency", "partner"))
        known = rows(Partner, self.workspace).filter(public_id=partner_id)
        return chosen or known.values_list("currency", flat=True).first() or WON

    def as_input(self) -> ManualInput:
        data = self.cleaned_data
        values = {each.key: data[_field(each)] for each in self.definitions}
        return ManualInput(
            partner_id=data["partner"],
            settlement_amount=data["amount"],
            settlement_tax_free_amount=data["tax_free_amount"] or 0,
            settlement_date=data["settlement_date"],
            settlement_currency=self.counted_in,
            memo=data["memo"],
            user_defined_properties=[
                Property(key=key, value=PropertyValue(string=value))
                for key, value in values.items()
                if value
            ],
        )


class ManualFileForm(forms.Form):
    file = forms.FileField(
        label="수기 정산건 파일",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"required": "올릴 파일을 골라 주세요.", "empty": "빈 파일입니다."},
    )


def _field(definition: PropertyDefinition) -> str:
    return f"property_{definition.key}"


class WhenForm(forms.Form):
    """Formulas count at once, or from a moment on."""

    NOW, LATER = "now", "later"

    apply = forms.ChoiceField(
        label="적용",
        choices=[(NOW, "바로 적용"), (LATER, "예약 적용")],
        initial=NOW,
        widget=forms.RadioSelect,
    )
    scheduled_at = forms.DateTimeField(
        label="예약 시각",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text="정산 시작일이 이 날 뒤인 주문부터 새 수식으로 계산해요.",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("apply") == self.LATER and not data.get("scheduled_at"):
            self.add_error("scheduled_at", "예약 시각을 골라 주세요.")
        return data

    def moment(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["scheduled_at"]
        return moment if self.cleaned_data["apply"] == self.LATER else None


class AdoptForm(WhenForm):
    """A simulated draft counts at once, or from a moment on."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields[
            "scheduled_at"
        ].help_text = "정산 시작일이 이 날이거나 뒤인 주문부터 초안대로 계산해요."


class MonthsForm(forms.Form):
    """Past months to try a draft on, the last three unless chosen otherwise."""

    MONTHS = 60

    from_month = forms.ChoiceField(label="첫 달")
    until_month = forms.ChoiceField(label="마지막 달")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        months = [
            (f"{day:%Y-%m}", _("%(year)s년 %(month)s월") % {"year": day.year, "month": day.month})
            for day in _months(self.MONTHS)
        ]
        for name, place in (("from_month", 2), ("until_month", 0)):
            self.fields[name].choices = months  # type: ignore[attr-defined]
            self.fields[name].initial = months[place][0]

    def days(self) -> tuple[date, date]:
        """From the first day of the first month to the last day of the last."""
        first, last = (_month(self.cleaned_data[name]) for name in ("from_month", "until_month"))
        return first, last.replace(day=monthrange(last.year, last.month)[1])


def _months(count: int) -> list[date]:
    """First days of this month and those before it, newest first."""
    newest = clock.today().replace(day=1)
    ordinal = newest.year * 12 + newest.month - 1
    return [date((ordinal - back) // 12, (ordinal - back) % 12 + 1, 1) for back in range(count)]


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


class EditParameterForm(forms.Form):
    name = forms.CharField(label="이름", max_length=100)
    default = forms.DecimalField(label="기본값", max_digits=15, decimal_places=5)

    @classmethod
    def of(cls, row: SettlementParameter, data: QueryDict | None = None) -> EditParameterForm:
        default = Exact(decimal_text(Decimal(row.default_decimal, row.default_scale)))
        now = {"name": row.name, "default": default}
        form = cls(data, initial=now, prefix=row.key)
        remember_opened(form, form.fields)
        return form

    def facts(self) -> dict[str, Any]:
        return {
            "name": self.cleaned_data["name"],
            "default": decimal_of(self.cleaned_data["default"]),
        }


class ParameterForm(EditParameterForm):
    key = forms.RegexField(
        label="키",
        regex=r"^[A-Za-z_][A-Za-z0-9_]{0,59}$",
        help_text="수식과 API에서 쓰는 이름이에요. 영문자, 숫자, 밑줄. 나중에 바꿀 수 없어요.",
        error_messages={"invalid": "영문자나 밑줄로 시작하고 영문자, 숫자, 밑줄만 써 주세요."},
    )
    field_order = ("key", "name", "default")

    def facts(self) -> dict[str, Any]:
        return super().facts() | {"key": self.cleaned_data["key"]}


def decimal_of(value: Exact) -> Decimal:
    """With as many decimals as were written, at most five."""
    written = value.normalize()
    exponent = written.as_tuple().exponent
    scale = max(-exponent, 0) if isinstance(exponent, int) else 0
    return Decimal(int(written.scaleb(scale)), scale)
