"""`/docs/`: the API document to browse, the guide to start with, the file for machines."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

FOLDER: Path = settings.BASE_DIR / "docs"


@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    return render(request, "docs/browse.html")


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    return render(request, "docs/guide.html", {"guide": _guide()})


@cache
def _guide() -> str:
    """Our own file: its HTML is as trusted as our templates."""
    html: str = MarkdownIt("commonmark").render((FOLDER / "integrating.md").read_text())
    return html


@require_safe
def document(request: HttpRequest) -> FileResponse:
    return FileResponse((FOLDER / "openapi.json").open("rb"), content_type="application/json")


urlpatterns = [
    path("docs/", browse, name="docs"),
    path("docs/guide/", guide, name="docs-guide"),
    path("docs/openapi.json", document, name="docs-openapi"),
]
