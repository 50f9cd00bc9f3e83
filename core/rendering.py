"""Content to PDF. Fonts and style sheets are read once per process; pages come from a pool."""

from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

# WeasyPrint takes a second to import: only the functions that draw do it.
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)

POOL_FROM = 8
"""Fewer documents than this are rendered here: a pool takes about a second to start."""


@lru_cache(maxsize=8)
def _style(name: str) -> tuple[Any, Any]:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    path = settings.BASE_DIR / "static" / "css" / name
    return CSS(filename=str(path), font_config=fonts), fonts


def render_pdf(template: str, content: dict[str, Any], style: str = "print.css") -> bytes:
    """One document as PDF bytes; the same content gives the same bytes."""
    from weasyprint import HTML

    css, fonts = _style(style)
    html = render_to_string(template, {"document": content})
    document = HTML(string=html, base_url=str(settings.BASE_DIR), url_fetcher=_local_files())
    pdf: bytes = document.write_pdf(stylesheets=[css], font_config=fonts)
    return pdf


@lru_cache(maxsize=1)
def _local_files() -> Any:
    """A document fetches nothing from the network, whatever its content says."""
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=("file", "data"))


def render_many(
    template: str, contents: Sequence[dict[str, Any]], *, processes: int = 1
) -> Iterator[bytes]:
    """PDFs in the order of the contents, over several processes when it pays."""
    if processes < 2 or len(contents) < POOL_FROM:
        yield from (render_pdf(template, content) for content in contents)
        return
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_start) as pool:
        yield from pool.map(_Render(template), contents, chunksize=4)


class _Render:
    def __init__(self, template: str) -> None:
        self.template = template

    def __call__(self, content: dict[str, Any]) -> bytes:
        return render_pdf(self.template, content)


def _start() -> None:
    import django

    django.setup()
