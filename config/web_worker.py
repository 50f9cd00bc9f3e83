"""What the web server itself answers: JSON too, and a log that holds nobody's address."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from typing import Any

from gunicorn import util
from gunicorn.http.errors import (
    ConfigurationProblem,
    InvalidResponseHeader,
    InvalidResponseHeaderName,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
)
from gunicorn.workers.gthread import ThreadWorker

from core.api.errors import AddressTooLong, HeadersTooLarge, InternalError, error_body
from core.api.wire import encode
from core.errors import DomainError, InvalidRequest

REFUSALS: dict[type[Exception], type[DomainError]] = {
    LimitRequestLine: AddressTooLong,
    LimitRequestHeaders: HeadersTooLarge,
}


class WebWorker(ThreadWorker):
    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """gunicorn answers in HTML and logs the address, which may hold a partner's token."""
        refusal = _refusal(exc)
        if isinstance(refusal, InternalError):
            self.log.error("a request could not be handled", exc_info=exc)
        else:
            self.log.warning("unreadable request: %s", type(exc).__name__)
        with suppress(OSError):  # the client may have gone
            util.write_nonblock(client, _written(refusal))


def _refusal(exc: Exception) -> DomainError:
    is_ours = isinstance(
        exc, (ConfigurationProblem, InvalidResponseHeader, InvalidResponseHeaderName)
    )
    if is_ours or not isinstance(exc, ParseException):
        return InternalError()
    return REFUSALS.get(type(exc), InvalidRequest)()


def _written(refusal: DomainError) -> bytes:
    body = encode(error_body(refusal))
    head = (
        f"HTTP/1.1 {refusal.status} {HTTPStatus(refusal.status).phrase}",
        "Connection: close",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join((*head, "", "")).encode() + body
