from __future__ import annotations

from typing import Any

from django import forms

from core.console.forms import MoneyField
from partners.console.forms.fields import Body, PercentField, VersionedForm
from partners.models import VatPayer

FEE_KINDS = [("rate", "정률"), ("amount", "정액")]


class FeeForm(VersionedForm):
    """A fee is a rate or an amount; both kinds of fee rows share these fields."""

    fee_kind = forms.ChoiceField(
        label="수수료 방식", choices=FEE_KINDS, widget=forms.RadioSelect, initial="rate"
    )
    fee_rate = PercentField(label="수수료율 (%)", required=False)
    fee_amount = MoneyField(label="정액 수수료 (원)", required=False, min_value=0)

    def initial_of(self, row: Any) -> dict[str, Any]:
        return super().initial_of(row) | {
            "fee_kind": "rate" if row.fee_rate is not None else "amount",
            "fee_rate": row.fee_rate,
            "fee_amount": row.fee_amount,
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        field = f"fee_{data.get('fee_kind', 'rate')}"
        if field not in self.errors and data.get(field) is None:
            self.add_error(field, "값을 적어 주세요.")
        return data

    def fee(self) -> Body:
        """The request shape of the chosen kind, if it was touched."""
        kind = self.cleaned_data["fee_kind"]
        if not (self.said("fee_kind") or self.said(f"fee_{kind}")):
            return {}
        name = "fixedRate" if kind == "rate" else "fixedAmount"
        return {name: self.cleaned_data[f"fee_{kind}"]}


class AdditionalFeeForm(FeeForm):
    vat_payer = forms.ChoiceField(
        label="수수료 부가세",
        choices=VatPayer.choices,
        widget=forms.RadioSelect,
        initial=VatPayer.PARTNER,
    )
    field_order = ["public_id", "name", "fee_kind", "fee_rate", "fee_amount", "vat_payer", "memo"]

    def initial_of(self, row: Any) -> dict[str, Any]:
        return super().initial_of(row) | {"vat_payer": row.vat_payer}

    def body(self) -> Body:
        body = super().body()
        if fee := self.fee():
            body["fee"] = fee
        if self.said("vat_payer"):
            body["vatPayer"] = self.cleaned_data["vat_payer"]
        return body


class DiscountShareForm(VersionedForm):
    partner_share_rate = PercentField(
        label="파트너 분담율 (%)", help_text="할인 금액 가운데 파트너가 부담하는 비율이에요."
    )
    field_order = ["public_id", "name", "partner_share_rate", "memo"]

    def initial_of(self, row: Any) -> dict[str, Any]:
        return super().initial_of(row) | {"partner_share_rate": row.partner_share_rate}

    def body(self) -> Body:
        body = super().body()
        if self.said("partner_share_rate"):
            body["partnerShareRate"] = self.cleaned_data["partner_share_rate"]
        return body
