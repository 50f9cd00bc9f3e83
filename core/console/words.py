"""The console's words: declared in Korean, said in the language of whoever looks.

Labels, choices and refusals are plain Korean where they are declared. What draws them says them.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext


def said(words: Any) -> Any:
    """`words` in the language of this request; what the catalog does not know stays as it is."""
    if not words:
        return words
    translated = gettext(str(words))
    return words if translated == str(words) else translated
