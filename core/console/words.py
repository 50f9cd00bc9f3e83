"""Words of fields and choices, said in the language of whoever looks (core/words.py)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.forms import BoundField, ModelChoiceField, Widget
from django.forms.widgets import ChoiceWidget

from core.words import is_korean, said

SAID_ATTRIBUTES = ("placeholder", "title", "aria-label")


def yes_or_no(value: bool) -> str:
    return str(said("예" if value else "아니오"))


def said_field(field: BoundField) -> BoundField:
    """The field with its own choices and placeholder said; names of rows stay as typed."""
    if is_korean():
        return field
    if isinstance(field.field, ModelChoiceField):
        field.field.empty_label = said(field.field.empty_label)
    _say(field.field.widget, has_rows=isinstance(field.field, ModelChoiceField))
    return field


def _say(widget: Widget, *, has_rows: bool) -> None:
    for name in SAID_ATTRIBUTES:
        if name in widget.attrs:
            widget.attrs[name] = said(widget.attrs[name])
    if isinstance(widget, ChoiceWidget) and not has_rows:
        widget.choices = said_choices(widget.choices)
    for part in getattr(widget, "widgets", ()):
        _say(part, has_rows=has_rows)


def said_choices(choices: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Pairs of value and label, or of a group's name and its pairs."""
    return [
        (said(key), said_choices(label)) if isinstance(label, list | tuple) else (key, said(label))
        for key, label in choices
    ]
