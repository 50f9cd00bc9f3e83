"""Active filters as chips: what they say, and the address without them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django_filters import FilterSet

from core.console.grid.query import changed
from core.console.words import yes_or_no
from core.words import said

SUFFIXES = ("", "_min", "_max", "_after", "_before")
"""Parameter names a range filter spreads over (django-filter)."""


@dataclass(frozen=True)
class Chip:
    label: str
    value: str
    without: str


def chips(params: QueryDict, filterset: FilterSet | None) -> list[Chip]:
    found = []
    if words := params.get("q", "").strip():
        found.append(Chip(_("검색"), words, changed(params, {}, drop=["q"])))
    if filterset is None or not filterset.is_bound:
        return found
    filterset.is_valid()  # fills cleaned_data with what is valid
    data = filterset.form.cleaned_data
    for name, field in filterset.form.fields.items():
        value = data.get(name)
        if value in (None, "", []) or (isinstance(value, QuerySet) and not value):
            continue
        names = [name + suffix for suffix in SUFFIXES]
        label = str(said(field.label) or name)
        found.append(Chip(label, describe(field, value), changed(params, {}, drop=names)))
    return found


def describe(field: forms.Field, value: Any) -> str:
    """A filter's value in the words of its own choices."""
    if isinstance(value, slice):
        return f"{_plain(value.start)} ~ {_plain(value.stop)}".strip()
    if isinstance(value, bool):
        return yes_or_no(value)
    if isinstance(value, Model):
        return str(value)
    if isinstance(field, forms.ChoiceField):
        of_rows = isinstance(field, forms.ModelChoiceField)
        labels = {
            str(key): str(label if of_rows else said(label)) for key, label in _flat(field.choices)
        }
        values = value if isinstance(value, list | tuple | QuerySet) else [value]
        return ", ".join(labels.get(str(item), str(item)) for item in values)
    return str(value)


def _plain(value: Any) -> str:
    return "" if value is None else f"{value:,}" if isinstance(value, int | Decimal) else str(value)


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    pairs: list[tuple[Any, Any]] = []
    for key, label in choices:
        pairs.extend(label if isinstance(label, list | tuple) else [(key, label)])
    return pairs


def tick_several(form: forms.Form) -> None:
    """A list to pick several from needs Ctrl; boxes do not."""
    for field in form.fields.values():
        if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
            old: Any = field.widget
            field.widget = forms.CheckboxSelectMultiple(choices=old.choices)
