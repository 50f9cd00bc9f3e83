"""Pages behind mailed links. Apps register a page per purpose; opening one changes nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from core.companies.isolation import confine
from core.notifications import links
from core.notifications.links import LinkState
from core.notifications.models import AccessLink

Page = Callable[[HttpRequest, AccessLink, str], HttpResponseBase]
PAGES: dict[str, Page] = {}
"""Purpose → function of the request, a live link and the part after the token."""

HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store",
}


def register_page(purpose: str, page: Page) -> None:
    PAGES[purpose] = page


@csrf_exempt
def open_link(request: HttpRequest, token: str, part: str = "") -> HttpResponseBase:
    """Find who may see what, then let the purpose's page answer.

    No cookie carries any right here, the address alone does; so there is nothing a foreign
    form could borrow, and mail apps that keep no cookies work.
    """
    response = _answer(request, token, part)
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


def _answer(request: HttpRequest, token: str, part: str) -> HttpResponseBase:
    link = links.find_link(token)
    if link is None or link.purpose not in PAGES:
        return _closed(request, "UNKNOWN", status=404)
    confine(link.workspace)
    state = links.state_of(link)
    if state is not LinkState.LIVE:
        return _closed(request, state, link, status=410)
    try:
        return PAGES[link.purpose](request, link, part)
    except Http404:
        return _closed(request, "GONE", link, status=404)


def _closed(
    request: HttpRequest, state: str, link: AccessLink | None = None, *, status: int
) -> HttpResponse:
    company = link.workspace.company if link else None
    context = {"state": state, "company": company, "link": link}
    return render(request, "notifications/closed.html", context, status=status)
