"""Around every request: an id and a log line, and the headers that keep a page to itself."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from core.events.request import request_id

View = Callable[[HttpRequest], HttpResponse]

log = logging.getLogger("jeongsan.request")

GIVEN_ID = re.compile(r"^[A-Za-z0-9_.-]{8,64}$")

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
PERMISSIONS_POLICY = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"


def request_log(get_response: View) -> View:
    """Name the request, for its log lines and events alike. The route is logged, never the path:
    a path may hold a partner's token.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        name = given if GIVEN_ID.match(given) else uuid.uuid4().hex
        token = request_id.set(name)
        started = time.perf_counter_ns()
        try:
            response = get_response(request)
            response["X-Request-Id"] = name
            _log(request, response, (time.perf_counter_ns() - started) // 1_000_000)
        finally:
            request_id.reset(token)
        return response

    return respond


def _log(request: HttpRequest, response: HttpResponse, took_ms: int) -> None:
    route = request.resolver_match.route if request.resolver_match else "(none)"
    facts = {"method": request.method, "route": route, "status": response.status_code}
    message = "%(method)s /%(route)s %(status)s %(took_ms)s ms"
    log.info(message, facts | {"took_ms": took_ms}, extra=facts | {"took_ms": took_ms})


def security_headers(get_response: View) -> View:
    """A view that needs another policy sets its own header."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response

    return respond
