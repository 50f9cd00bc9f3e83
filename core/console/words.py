"""The console's words: declared in Korean, said in the language of whoever looks.

Labels, choices and refusals are plain Korean where they are declared. What draws them says them.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

from django.conf import settings
from django.forms import BoundField, ModelChoiceField, Widget
from django.forms.widgets import ChoiceWidget
from django.utils import translation
from django.utils.translation import get_language, gettext, pgettext

SAID_ATTRIBUTES = ("placeholder", "title", "aria-label")


def said(words: Any, context: str = "") -> Any:
    """`words` in the language of this request; what the catalog does not know stays as it is.

    A `context` tells apart what Korean says alike (계약: contract, contracts); without an entry of
    its own the plain one is said.
    """
    if not words:
        return words
    text = str(words)
    translated = pgettext(context, text) if context else text
    if translated == text:
        translated = gettext(text)
    return words if translated == text else translated


def yes_or_no(value: bool) -> str:
    yes, no = gettext("예 / 아니오").split(" / ")
    return yes if value else no


def is_korean() -> bool:
    """Whether words are said in Korean now."""
    return get_language() in (settings.LANGUAGE_CODE, None)


def korean() -> AbstractContextManager[None]:
    """`with korean():` around what is kept or sent: files and letters are Korean for everybody."""
    return translation.override(settings.LANGUAGE_CODE)


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
