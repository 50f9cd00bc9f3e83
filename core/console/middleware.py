"""The language of every page."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

Next = Callable[[HttpRequest], HttpResponseBase]

FOR_PROGRAMS = ("/platform/", "/b2b/")
"""The API answers in Korean, whatever a browser sends along."""


def chosen_language(get_response: Next) -> Next:
    """Korean unless the person chose otherwise; a browser's language is not a choice."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        may_choose = not request.path.startswith(FOR_PROGRAMS)
        chosen = may_choose and cookie in dict(settings.LANGUAGES)
        language = cookie if chosen else settings.LANGUAGE_CODE
        with translation.override(language):
            return get_response(request)

    return middleware
