"""The first page, the search box and the bell."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.console import home, notices
from core.console.access import ConsoleRequest, back, console_page
from core.console.search import search
from core.errors import NotFound
from core.events.notices import close_notice


@console_page()
def home_page(request: ConsoleRequest) -> HttpResponseBase:
    context = {
        "told": notices.told(request),
        "waiting": home.waiting(request),
        "panels": home.panels(request),
    }
    return render(request, "console/home.html", context)


@console_page()
def search_page(request: ConsoleRequest) -> HttpResponseBase:
    """One exact hit opens at once; several are listed by kind."""
    words = request.GET.get("q", "").strip()
    found = search(request, words)
    if len(found) == 1 and len(found[0].hits) == 1:
        return redirect(found[0].hits[0].href)
    return render(request, "console/search.html", {"found": found, "search_words": words})


@console_page()
def bell(request: ConsoleRequest) -> HttpResponseBase:
    told = notices.told(request)
    waiting = [item for item in home.waiting(request) if item.count]
    is_wrong = told or any(item.tone == "wrong" for item in waiting)
    context = {
        "told": told,
        "waiting": waiting,
        "total": len(told) + sum(item.count for item in waiting),
        "tone": "wrong" if is_wrong else "waiting",
    }
    part = "count" if request.GET.get("part") == "count" else "list"
    return render(request, f"console/bell_{part}.html", context)


@require_POST
@console_page()
def notice_close(request: ConsoleRequest, pk: int) -> HttpResponseBase:
    """For everybody who hears it: one who has seen to it is enough."""
    notice = next((each for each in notices.heard_by(request) if each.pk == pk), None)
    if notice is None:
        raise NotFound()
    close_notice(notice=notice, actor=request.actor)
    messages.success(request, "알림을 닫았습니다. 기록에는 남아 있습니다.")
    return redirect(back(request))
