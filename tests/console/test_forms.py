"""Amounts as people type them."""

import pytest
from django import forms

from core.console.forms import MoneyField, count_in


class Typed(forms.Form):
    amount = MoneyField()


def cleaned(text: str, currency: str) -> int | None:
    form = Typed({"amount": text})
    count_in(currency, form)
    return form.cleaned_data["amount"] if form.is_valid() else None


@pytest.mark.parametrize(
    ("text", "currency", "units"),
    [
        ("1,284,000", "KRW", 1_284_000),
        ("−15,000원", "KRW", -15_000),
        ("1,284", "JPY", 1_284),
        ("12.34", "USD", 1_234),
        ("−1,234.5", "USD", -123_450),
        ("$12", "USD", 1_200),
    ],
)
def test_an_amount_in_its_smallest_unit(text, currency, units):
    assert cleaned(text, currency) == units


@pytest.mark.parametrize(
    ("text", "currency"),
    [("12.34", "KRW"), ("12,34", "EUR"), ("1.234,00", "EUR"), ("12.345", "USD"), ("₩12", "USD")],
)
def test_what_could_be_another_amount_is_refused(text, currency):
    assert cleaned(text, currency) is None
