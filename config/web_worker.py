"""What the web server itself answers: JSON too, and a log that holds nobody's address."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from gunicorn import util
from gunicorn.http.errors import (
    ConfigurationProblem,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
)
from gunicorn.workers.gthread import ThreadWorker

from core.api.errors import AddressTooLong, HeadersTooLarge, error_body
from core.api.wire import encode
from core.errors import DomainError, InvalidRequest

REFUSALS: dict[type[Exception], type[DomainError]] = {
    LimitRequestLine: AddressTooLong,
    LimitRequestHeaders: HeadersTooLarge,
}


class WebWorker(ThreadWorker):
    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """gunicorn answers in HTML and logs the request line, which may hold a partner's token."""
        if not isinstance(exc, ParseException) or isinstance(exc, ConfigurationProblem):
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("unreadable request: %s", type(exc).__name__)
        refusal = REFUSALS.get(type(exc), InvalidRequest)()
        util.write_nonblock(client, _written(refusal))


def _written(refusal: DomainError) -> bytes:
    body = encode(error_body(refusal))
    head = (
        f"HTTP/1.1 {refusal.status} {HTTPStatus(refusal.status).phrase}",
        "Connection: close",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join((*head, "", "")).encode() + body
