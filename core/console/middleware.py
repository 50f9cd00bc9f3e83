"""The language of every page."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

Next = Callable[[HttpRequest], HttpResponseBase]


def chosen_language(get_response: Next) -> Next:
    """Korean unless the person chose otherwise; a browser's language is not a choice."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = cookie if cookie in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            return get_response(request)

    return middleware
