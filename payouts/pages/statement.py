"""The statement on a phone, and the paper itself to keep."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from core.companies.access import rows
from core.console.grid.files import attachment
from core.notifications.links import note_opened, token_of
from core.notifications.models import AccessLink
from core.notifications.pages import register_page
from payouts.documents.statement import file_name
from payouts.models import Statement, StatementDocument
from payouts.services.statements.letters import VIEW

LINES_SHOWN = 200
"""A phone scrolls no further; the paper has them all."""


def register_pages() -> None:
    register_page(VIEW, statement_page)


def statement_page(request: HttpRequest, link: AccessLink, part: str) -> HttpResponseBase:
    document = _document(link)
    if part == "pdf":
        return paper_response(document)
    if part:
        raise Http404
    note_opened(link)
    return render(request, "payouts/pages/statement.html", _context(document, link))


def paper_response(document: StatementDocument) -> HttpResponseBase:
    """The stored bytes, as they were mailed."""
    response = FileResponse(document.file.open("rb"), content_type="application/pdf")
    response.headers["Content-Disposition"] = attachment(file_name(document.content))
    return response


def _document(link: AccessLink) -> StatementDocument:
    """What was sent last; the paper of an earlier mail closed with that mail's link."""
    statement = (
        rows(Statement, link.workspace)
        .filter(public_id=link.object_id)
        .select_related("document")
        .first()
    )
    if statement is None or statement.document is None:
        raise Http404
    return statement.document


def _context(document: StatementDocument, link: AccessLink) -> dict[str, Any]:
    content = document.content
    return {
        "document": content,
        "company": link.workspace.company,
        "is_test": link.workspace.is_test,
        "lines": content["lines"][:LINES_SHOWN],
        "lines_left": max(len(content["lines"]) - LINES_SHOWN, 0),
        "sha256": document.sha256,
        "pdf_url": reverse("access-link-part", args=[token_of(link), "pdf"]),
    }
