"""Content to paper by Typst: a template says where things stand, content is data it reads.

The same content gives the same bytes: nothing of the moment or the machine is written.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from pathlib import Path
from threading import local
from typing import Any, Literal

import typst
from django.conf import settings

log = logging.getLogger(__name__)

Content = dict[str, Any]


class TypesettingFailed(Exception):
    """A paper could not be set; the message says where in the template and why."""


def typeset(template: str, content: Content) -> bytes:
    """One document as PDF bytes. `template` is a name below `templates/`.

    It reads `sys.inputs.document`, and no file outside the media folder. Raises TypesettingFailed.
    """
    return b"".join(_compiled(template, content, "pdf"))


def typeset_pages(template: str, content: Content) -> list[str]:
    """The same document as one SVG for each page."""
    return [page.decode() for page in _compiled(template, content, "svg")]


def typeset_many(template: str, contents: Sequence[Content]) -> Iterator[bytes]:
    """PDFs in the order of the contents, on every core: Typst lets other threads go on."""
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:
        yield from threads.map(partial(typeset, template), contents)


def is_image(path: str) -> bool:
    """Whether a paper can show it; `path` begins at the media folder."""
    source = b"#set page(width: auto, height: auto)\n#image(sys.inputs.path)"
    try:
        _compiler().compile(input=source, sys_inputs={"path": path}, root=_media())
    except typst.TypstError as error:
        log.warning("not an image for papers: %s: %s", path, error.message)
        return False
    return True


def _compiled(template: str, content: Content, form: Literal["pdf", "svg"]) -> list[bytes]:
    inputs = {"document": json.dumps(content, ensure_ascii=False)}
    try:
        made = _compiler().compile(
            input=_source(template),
            format=form,
            sys_inputs=inputs,
            root=_media(),
            pdf_tags=False,  # they double a paper; its page says the same to a screen reader
        )
    except typst.TypstError as error:
        raise TypesettingFailed(f"{template}: {error.message}\n{error.diagnostic}") from error
    assert made is not None, "only writing to a file gives nothing back"
    return made if isinstance(made, list) else [made]


_own = local()


def _compiler() -> typst.Compiler:
    """One for each thread: a compiler sets one paper at a time."""
    if not hasattr(_own, "compiler"):
        _own.compiler = typst.Compiler(font_paths=_fonts(), ignore_system_fonts=True)
    compiler: typst.Compiler = _own.compiler
    return compiler


def _media() -> Path:
    """Typst insists that it exists; an instance without a file yet has none."""
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    return root


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Ours alone, so that papers look the same on every machine."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[settings.BASE_DIR / "static" / "fonts"],
    )


@lru_cache(maxsize=8)
def _source(template: str) -> bytes:
    return (settings.BASE_DIR / "templates" / template).read_bytes()
