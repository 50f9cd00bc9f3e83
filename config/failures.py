"""400, 404 and 500 in the language of the caller: JSON on API paths, a page elsewhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views import defaults

from core.api import views as api


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if api.is_api(request):
        return api.bad_request(request)
    return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if api.is_api(request):
        return api.not_found(request)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    if api.is_api(request):
        return api.server_error(request)
    return defaults.server_error(request)
