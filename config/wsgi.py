"""The application as a web server calls it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import IO, Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django = get_wsgi_application()

CHUNK_BYTES = 1 << 16


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answers are sent once the request has been read to its end: who is refused before that
    is still writing, and would be cut off instead of hearing why.
    """
    response = django(environ, start_response)
    try:
        _read_to_the_end(environ["wsgi.input"])
    except BaseException:
        response.close()
        raise
    return response


def _read_to_the_end(body: IO[bytes]) -> None:
    left = settings.API_FILE_MAX_BYTES  # the largest request we take
    while left > 0 and (chunk := body.read(CHUNK_BYTES)):
        left -= len(chunk)
