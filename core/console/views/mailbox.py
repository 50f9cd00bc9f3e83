"""What was mailed, as it was mailed."""

from __future__ import annotations

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.html import escape
from django.views.decorators.clickjacking import xframe_options_sameorigin

from core.companies.access import find
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page
from core.console.grid import Badge, Choice, Code, DateTime, Grid, Text
from core.console.grid.files import attachment as attached
from core.notifications.channels.email import FILES
from core.notifications.links import reveal
from core.notifications.models import Message

PREVIEW_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data: 'self'; sandbox; "
    "frame-ancestors 'self'"
)


class MessageGrid(Grid[Message]):
    model = Message
    title = "메일함"
    columns = [
        Text("subject", "제목"),
        Badge("status", "상태"),
        Text("recipient", "받는 사람"),
        Choice("channel", "채널"),
        DateTime("created_at", "작성 일시"),
        DateTime("status_updated_at", "상태 변경 일시"),
        Text("error", "오류", sort=False),
        Text("template", "종류", shown=False),
        Code("public_id", "메시지 아이디", shown=False),
    ]
    tabs = "status"
    periods = {"created_at": "작성 일시"}
    search = ["subject", "recipient"]
    detail = "console:message"
    empty = "아직 보낸 메일이 없습니다."


@console_page(Permission.INTEGRATION)
def message_list(request: ConsoleRequest) -> HttpResponseBase:
    return MessageGrid(request).serve()


@console_page(Permission.INTEGRATION)
def message_detail(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    message = find(Message, request.workspace, public_id)
    context = {"message": message, "text": readable(message, message.text)}
    return render(request, "console/mailbox/detail.html", context)


@xframe_options_sameorigin
@console_page(Permission.INTEGRATION)
def message_body(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    """The HTML part for a sandboxed frame: no script, no form, nothing from elsewhere."""
    message = find(Message, request.workspace, public_id)
    html = readable(message, message.html) if message.html else f"<pre>{escape(message.text)}</pre>"
    return HttpResponse(html, headers={"Content-Security-Policy": PREVIEW_POLICY})


@console_page(Permission.INTEGRATION)
def message_attachment(request: ConsoleRequest, public_id: str, pk: int) -> HttpResponseBase:
    message = find(Message, request.workspace, public_id)
    attachment = get_object_or_404(message.attachments, pk=pk)
    if not default_storage.exists(attachment.path):
        raise Http404
    response = FileResponse(default_storage.open(attachment.path))
    response.headers["Content-Disposition"] = attached(attachment.name)
    return response


def readable(message: Message, body: str) -> str:
    """Links work where mail goes nowhere; a live letter's link belongs to its recipient alone."""
    goes_nowhere = message.workspace.is_test or settings.EMAIL_BACKEND == FILES
    return reveal(message, body) if goes_nowhere else body
