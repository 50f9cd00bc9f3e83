"""Our words: declared in Korean, said in the language of whoever looks.

Labels, choices and refusals are plain Korean where they are declared. What draws them says them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import lazy
from django.utils.translation import get_language, gettext, pgettext


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


def said_later(sentence: str, **values: str | Sequence[str]) -> Any:
    """A sentence with values, declared where a module is imported and said where it is drawn.

    A sequence is one of labels: each is said.
    """
    return lazy(_composed, str)(sentence, values)


def _composed(sentence: str, values: Mapping[str, str | Sequence[str]]) -> str:
    return gettext(sentence) % {
        name: value if isinstance(value, str) else ", ".join(str(said(word)) for word in value)
        for name, value in values.items()
    }


def is_korean() -> bool:
    """Whether words are said in Korean now."""
    return get_language() in (settings.LANGUAGE_CODE, None)


def korean() -> AbstractContextManager[None]:
    """`with korean():` around what is kept or sent: files and letters are Korean for everybody."""
    return translation.override(settings.LANGUAGE_CODE)
