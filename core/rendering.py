"""Content to PDF. Style sheet and fonts are read once per process; many papers use every core.

The same content gives the same bytes: nothing of the moment or the machine is written.
"""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import lru_cache, partial
from queue import SimpleQueue
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

# WeasyPrint takes a second to import: only the functions that draw do it.
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)

Content = dict[str, Any]

POOL_FROM = 8
"""Fewer documents than this are drawn here: a process takes about a second to start."""


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


class DrawingFailed(Exception):
    """A paper could not be drawn by another process; the message is its traceback."""


class Renderer:
    """Draws batch after batch of one template; helpers start with the first large one."""

    def __init__(self, template: str, *, processes: int = 0) -> None:
        self.template = template
        self.processes = processes or len(os.sched_getaffinity(0))
        self._idle: SimpleQueue[Drawer] = SimpleQueue()
        self._open = ExitStack()
        self._threads: ThreadPoolExecutor | None = None

    def __enter__(self) -> Renderer:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def __call__(self, contents: Sequence[Content]) -> Iterator[bytes]:
        """PDFs in the order of the contents."""
        if self.processes < 2 or len(contents) < POOL_FROM:
            return map(partial(render_pdf, self.template), contents)
        return self._helpers().map(self._draw, contents)

    def _helpers(self) -> ThreadPoolExecutor:
        """A thread per process: it waits while its process draws."""
        if self._threads is None:
            for _ in range(self.processes):
                self._idle.put(self._open.enter_context(Drawer()))
            self._threads = self._open.enter_context(ThreadPoolExecutor(self.processes))
        return self._threads

    def _draw(self, content: Content) -> bytes:
        drawer = self._idle.get()
        try:
            return drawer.draw(self.template, content)
        finally:
            self._idle.put(drawer)


class Drawer:
    """A process that draws what it is sent, and ends when nobody sends any more.

    Not `multiprocessing`: a task worker is a daemon there, and daemons may have no children.
    """

    def __enter__(self) -> Drawer:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "core.drawing"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=settings.BASE_DIR,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.__exit__(None, None, None)

    def draw(self, template: str, content: Content) -> bytes:
        """Raises DrawingFailed with what went wrong there, EOFError when the process is gone."""
        asks, answers = self._process.stdin, self._process.stdout
        assert asks is not None
        assert answers is not None
        pickle.dump((template, content), asks)
        asks.flush()
        drawn = pickle.load(answers)
        if isinstance(drawn, str):
            raise DrawingFailed(drawn)
        return bytes(drawn)
