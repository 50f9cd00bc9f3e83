"""Answers that are files."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import StreamingHttpResponse

from core.console.grid.files import attachment


def streamed(lines: Iterable[str], filename: str, content_type: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type=content_type)
    response.headers["Content-Disposition"] = attachment(filename)
    return response
