"""Content to PDF by way of HTML. Style sheet and fonts are read once per process.

The same content gives the same bytes: nothing of the moment or the machine is written.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from core.words import korean

# WeasyPrint takes a second to import: only the functions that draw do it.
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)

Content = dict[str, Any]


def render_pdf(template: str, content: Content, style: str) -> bytes:
    """One document as PDF bytes; Korean, whatever language its reader chose."""
    from weasyprint import HTML

    css, fonts = _style(style)
    with korean():
        html = render_to_string(template, {"document": content})
    document = HTML(string=html, base_url=str(settings.BASE_DIR), url_fetcher=_local_files())
    pdf: bytes = document.write_pdf(stylesheets=[css], font_config=fonts)
    return pdf


@lru_cache(maxsize=8)
def _style(name: str) -> tuple[Any, Any]:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    path = settings.BASE_DIR / "static" / "css" / name
    return CSS(filename=str(path), font_config=fonts), fonts


@lru_cache(maxsize=1)
def _local_files() -> Any:
    """A document fetches nothing from the network, whatever its content says."""
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=("file", "data"))
