from __future__ import annotations

import re
from typing import Any

from django import forms

from partners import inputs
from partners.console.forms.fields import Body
from partners.console.forms.policies import FeeForm
from partners.console.words import weekday_choices
from partners.models import Contract, CycleType, DatePolicy, VatPayer
from partners.services.drafts import cycle_body
from partners.snapshots import contract_snapshot

CYCLE_FIELDS = {
    CycleType.WEEKLY: "weekdays",
    CycleType.MONTHLY: "month_days",
    CycleType.MANUAL_DATES: "dates",
}
METHOD_NAMES = ("cycle_type", *CYCLE_FIELDS.values())
CYCLE_NAMES = (*METHOD_NAMES, "lag_days", "date_policy")


class ContractForm(FeeForm):
    fee_vat_payer = forms.ChoiceField(
        label="수수료 부가세",
        choices=VatPayer.choices,
        widget=forms.RadioSelect,
        initial=VatPayer.PARTNER,
    )
    subtract_payment_vat = forms.BooleanField(
        label="결제금액 부가세 감액",
        required=False,
        help_text="결제 금액에 든 부가세를 정산 금액에서 뺍니다.",
    )
    cycle_type = forms.ChoiceField(
        label="정산 주기",
        choices=CycleType.choices,
        widget=forms.RadioSelect,
        initial=CycleType.MONTHLY,
    )
    weekdays = forms.MultipleChoiceField(
        label="요일 (매주)",
        choices=weekday_choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    month_days = forms.CharField(
        label="날짜 (매월)", required=False, help_text="15, 31처럼 적어요. 31은 말일이에요."
    )
    dates = forms.CharField(
        label="지정일", required=False, help_text="3/31, 6/30처럼 월/일로 적어요."
    )
    lag_days = forms.IntegerField(
        label="지체일 (일)",
        min_value=1,
        max_value=10,
        help_text="정산 시작일에서 이만큼 지난 뒤 가장 가까운 정산일이에요.",
    )
    date_policy = forms.ChoiceField(label="정산일이 쉬는 날이면", choices=DatePolicy.choices)
    field_order = [
        "public_id",
        "name",
        "fee_kind",
        "fee_rate",
        "fee_amount",
        "fee_vat_payer",
        "subtract_payment_vat",
        *CYCLE_NAMES,
        "memo",
        "applied_at",
    ]

    def initial_of(self, row: Contract) -> dict[str, Any]:
        days: Any = row.cycle_days
        initial = super().initial_of(row) | {
            "fee_vat_payer": row.fee_vat_payer,
            "subtract_payment_vat": row.subtract_payment_vat,
            "cycle_type": row.cycle_type,
            "lag_days": row.lag_days,
            "date_policy": row.date_policy,
        }
        match row.cycle_type:
            case CycleType.WEEKLY:
                initial["weekdays"] = days
            case CycleType.MONTHLY:
                initial["month_days"] = ", ".join(map(str, days))
            case CycleType.MANUAL_DATES:
                initial["dates"] = ", ".join(f"{d['month']}/{d['day']}" for d in days)
        return initial

    def clean_month_days(self) -> list[int]:
        words = re.findall(r"[^,\s]+", self.cleaned_data["month_days"])
        if not all(word.isascii() and word.isdigit() and 1 <= int(word) <= 31 for word in words):
            raise forms.ValidationError("1부터 31까지의 날짜를 쉼표로 나누어 적어 주세요.")
        return [int(word) for word in words]

    def clean_dates(self) -> list[dict[str, int]]:
        words = re.findall(r"[^,\s]+", self.cleaned_data["dates"])
        found = [inputs.month_day(word) for word in words]
        if not all(found):
            raise forms.ValidationError("3/31처럼 월/일을 쉼표로 나누어 적어 주세요.")
        return [date for date in found if date]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        field = CYCLE_FIELDS.get(data.get("cycle_type", ""))
        if field and field not in self.errors and not data.get(field):
            self.add_error(field, "하나 이상 정해 주세요.")
        return data

    def body(self) -> Body:
        data, body = self.cleaned_data, super().body()
        if fee := self.fee():
            body["platformFee"] = fee
        if self.said("fee_vat_payer"):
            body["platformFeeVatPayer"] = data["fee_vat_payer"]
        if self.said("subtract_payment_vat"):
            body["subtractPaymentVatAmount"] = data["subtract_payment_vat"]
        if any(self.said(name) for name in CYCLE_NAMES):
            body["settlementCycle"] = self._cycle()
        return body

    def _cycle(self) -> Body:
        """The cycle as it is now with what was changed on the page."""
        data = self.cleaned_data
        cycle = (
            cycle_body(contract_snapshot(self.row)["settlementCycle"])
            if isinstance(self.row, Contract)
            else {}
        )
        if self.said("lag_days"):
            cycle["lagDays"] = data["lag_days"]
        if self.said("date_policy"):
            cycle["datePolicy"] = data["date_policy"]
        if any(self.said(name) for name in METHOD_NAMES):
            cycle["method"] = self._method()
        return cycle

    def _method(self) -> Body:
        data = self.cleaned_data
        match data["cycle_type"]:
            case CycleType.WEEKLY:
                return {"weekly": {"daysOfWeek": data["weekdays"]}}
            case CycleType.MONTHLY:
                return {"monthly": {"daysOfMonth": data["month_days"]}}
            case CycleType.MANUAL_DATES:
                return {"manualDates": {"dates": data["dates"]}}
        return {"daily": {}}
