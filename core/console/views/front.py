"""The first page, the search box and the bell."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect, render

from core.console import home
from core.console.access import ConsoleRequest, console_page
from core.console.search import search


@console_page()
def home_page(request: ConsoleRequest) -> HttpResponseBase:
    context = {"waiting": home.waiting(request), "panels": home.panels(request)}
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
    waiting = [item for item in home.waiting(request) if item.count]
    context = {
        "waiting": waiting,
        "total": sum(item.count for item in waiting),
        "tone": "wrong" if any(item.tone == "wrong" for item in waiting) else "waiting",
    }
    part = "count" if request.GET.get("part") == "count" else "list"
    return render(request, f"console/bell_{part}.html", context)
