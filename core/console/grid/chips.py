"""Active filters as chips: what they say, and the address without them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext as _
from django_filters import FilterSet

from core.console.grid.parts import Tab
from core.console.grid.query import changed, without
from core.console.grid.several import SeveralField
from core.console.words import yes_or_no
from core.words import said

SUFFIXES = ("", "_min", "_max", "_after", "_before")
"""Parameter names a range filter spreads over (django-filter)."""


@dataclass(frozen=True)
class Chip:
    label: str
    value: str
    without: str


def chips(params: QueryDict, filterset: FilterSet | None, tabs: Sequence[Tab] = ()) -> list[Chip]:
    found = []
    if words := params.get("q", "").strip():
        found.append(Chip(_("검색"), words, changed(params, {}, drop=["q"])))
    if len(tabs) > 1:  # one is marked as the tab it is
        found += [
            Chip(_("상태"), said(tab.label), without(params, "tab", tab.name)) for tab in tabs
        ]
    if filterset is None or not filterset.is_bound:
        return found
    filterset.is_valid()  # fills cleaned_data with what is valid
    data = filterset.form.cleaned_data
    for name, field in filterset.form.fields.items():
        value = data.get(name)
        if value not in (None, ""):
            found += _chips_of(params, name, field, value)
    return found


def _chips_of(params: QueryDict, name: str, field: forms.Field, value: Any) -> list[Chip]:
    """One chip a value."""
    label = str(said(field.label) or name)
    several = _several(field, value)
    if several is None:
        names = [name + suffix for suffix in SUFFIXES]
        return [Chip(label, describe(field, value), changed(params, {}, drop=names))]
    return [Chip(label, words, without(params, name, each)) for each, words in several]


def _several(field: forms.Field, value: Any) -> Iterable[tuple[str, str]] | None:
    """Each value of a field of several, as in the address and in words; None of a single one."""
    if isinstance(field, SeveralField):
        return field.labels(value)
    if isinstance(field, forms.ModelMultipleChoiceField):
        return [(str(field.prepare_value(row)), field.label_from_instance(row)) for row in value]
    if isinstance(field, forms.MultipleChoiceField):
        labels = _labels(field)
        return [(each, labels.get(each, each)) for each in value]
    return None


def describe(field: forms.Field, value: Any) -> str:
    """A filter's value in the words of its own choices."""
    if isinstance(value, slice):
        return f"{_plain(value.start)} ~ {_plain(value.stop)}".strip()
    if isinstance(value, bool):
        return yes_or_no(value)
    if isinstance(value, Model):
        return str(value)
    if isinstance(field, forms.ChoiceField):
        return _labels(field).get(str(value), str(value))
    return str(value)


def _labels(field: forms.ChoiceField) -> dict[str, str]:
    return {str(key): str(said(label)) for key, label in _flat(field.choices)}


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
