"""Content to PDF. Style sheet and fonts are read once per process; many papers use every core.

The same content gives the same bytes: nothing of the moment or the machine is written.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache, partial
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

# WeasyPrint takes a second to import: only the functions that draw do it.
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)

Content = dict[str, Any]

POOL_FROM = 8
"""Fewer documents than this are drawn here: a pool takes about a second to start."""

CHUNK = 4
PAPERS_PER_PROCESS = 1000
"""Then a fresh process takes its place, so memory stays flat whatever a library keeps."""


def render_pdf(template: str, content: Content, style: str = "print.css") -> bytes:
    """One document as PDF bytes."""
    from weasyprint import HTML

    css, fonts = _style(style)
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


class Renderer:
    """Draws batch after batch of one template; a pool starts with the first large one."""

    def __init__(self, template: str, *, processes: int = 0) -> None:
        self.template = template
        self.processes = processes or len(os.sched_getaffinity(0))
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Renderer:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def __call__(self, contents: Sequence[Content]) -> Iterator[bytes]:
        """PDFs in the order of the contents."""
        draw = partial(render_pdf, self.template)
        if self.processes < 2 or len(contents) < POOL_FROM:
            return map(draw, contents)
        self._pool = self._pool or _pool(self.processes)
        return self._pool.map(draw, contents, chunksize=CHUNK)


def _pool(processes: int) -> ProcessPoolExecutor:
    """A fresh server forks the drawers: they inherit no database connection of ours."""
    return ProcessPoolExecutor(
        processes,
        mp_context=multiprocessing.get_context("forkserver"),
        initializer=_start,
        max_tasks_per_child=PAPERS_PER_PROCESS,
    )


def _start() -> None:
    import django

    django.setup()
