"""What the framework itself answers on API paths: JSON, like everything else there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from core.api.errors import InternalError, RouteNotFound
from core.api.operations import error_response
from core.errors import InvalidRequest

API_PREFIXES = ("/platform/", "/b2b/")


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith(API_PREFIXES)


def bad_request(request: HttpRequest) -> HttpResponse:
    return error_response(InvalidRequest())


def not_found(request: HttpRequest) -> HttpResponse:
    return error_response(RouteNotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    return error_response(InternalError())
