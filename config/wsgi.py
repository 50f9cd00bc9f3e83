"""The application as a web server calls it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from socket import socket
from time import monotonic
from typing import IO, Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django = get_wsgi_application()

CHUNK_BYTES = 1 << 16
PATIENCE_SECONDS = 30


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answers are sent once the request has been read to its end: who is refused before that
    is still writing, and would be cut off instead of hearing why.
    """
    response = django(environ, start_response)
    try:
        _read_to_the_end(environ["wsgi.input"], environ.get("gunicorn.socket"))
    except BaseException:
        response.close()
        raise
    return response


def _read_to_the_end(body: IO[bytes], client: socket | None) -> None:
    """Whoever needs longer than PATIENCE_SECONDS is answered and cut off."""
    ends_at = monotonic() + PATIENCE_SECONDS
    try:
        while (left := ends_at - monotonic()) > 0:
            if client is not None:
                client.settimeout(left)
            if not body.read(CHUNK_BYTES):
                return
    except TimeoutError:
        return
    finally:
        if client is not None:
            client.settimeout(None)
