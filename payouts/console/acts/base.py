"""An act: something a person may do, the sheet that repeats it, and why it cannot be done.

The sheet is drawn by a GET and carried out by a POST of the same address, so it works without
scripts. What the person was shown comes back with the press: when it has changed meanwhile, or the
button was pressed twice, nothing happens.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.companies.models import Permission
from core.console.access import ConsoleRequest, back, console_url, wants_fragment
from core.console.grid.bulk import claim
from core.errors import Conflict, NotFound
from core.words import said

Subject = TypeVar("Subject")
NO_PERMISSION = "이 작업을 할 권한이 없습니다."
STALE = "처리하지 않았습니다. 확인하는 사이 내용이 바뀌었습니다. 다시 확인해 주세요."


@dataclass(frozen=True)
class Content:
    """The real content an act repeats. Amounts in won."""

    button: str
    """The act and what it is about: 963건 128,400,000원 지급 승인."""
    facts: Sequence[tuple[str, Any]] = ()
    """Label and text or won; an int is shown as money."""
    notes: Sequence[str] = ()
    warnings: Sequence[str] = ()
    initial: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Act(Generic[Subject]):
    name: str
    label: str
    permission: Permission
    why_not: Callable[[ConsoleRequest, Subject], str]
    """The sentence that says why it cannot be done now; empty when it can."""
    content: Callable[[ConsoleRequest, Subject], Content]
    run: Callable[[ConsoleRequest, Subject, Mapping[str, Any]], str | HttpResponseBase]
    form: Callable[..., forms.Form] | None = None
    """Called with data (or None), `request`, `subject` and `initial`."""
    danger: bool = False


@dataclass(frozen=True)
class Offer:
    """An act as the page of its subject shows it."""

    name: str
    label: str
    href: str
    reason: str
    danger: bool


def offers(
    request: ConsoleRequest, acts: Sequence[Act[Subject]], subject: Subject, url: str, *args: object
) -> list[Offer]:
    """Every act of a subject with its address, and why not."""
    return [
        Offer(
            act.name,
            act.label,
            console_url(request, url, *args, act.name),
            _reason(request, act, subject),
            act.danger,
        )
        for act in acts
    ]


def _reason(request: ConsoleRequest, act: Act[Subject], subject: Subject) -> str:
    reason = act.why_not(request, subject)
    return reason or ("" if request.member.may(act.permission) else NO_PERMISSION)


def find_act(acts: Sequence[Act[Subject]], name: str) -> Act[Subject]:
    found = next((act for act in acts if act.name == name), None)
    if found is None:
        raise NotFound()
    return found


def perform(
    request: ConsoleRequest, act: Act[Subject], subject: Subject, home: str
) -> HttpResponseBase:
    """GET: the sheet. POST: the act, once, on the content that was shown; then `home`."""
    reason = _reason(request, act, subject)
    content = None if reason else act.content(request, subject)
    if request.method != "POST":
        return _sheet(request, act, content, reason, _form(act, request, subject, content), home)
    request.actor.require(act.permission)
    if content is None:
        raise Conflict(_("처리하지 않았습니다. %(reason)s") % {"reason": said(reason)})
    form = _form(act, request, subject, content, request.POST)
    if form is not None and not form.is_valid():
        return _sheet(request, act, content, reason, form, home, status=422)
    if request.POST.get("seen") != fingerprint(content):
        raise Conflict(STALE)
    claim(request)
    outcome = act.run(request, subject, form.cleaned_data if form else {})
    if isinstance(outcome, HttpResponseBase):
        return outcome
    messages.success(request, outcome)
    came_from = back(request)
    return redirect(home if request.path in came_from or came_from == "/console/" else came_from)


def _form(
    act: Act[Subject],
    request: ConsoleRequest,
    subject: Subject,
    content: Content | None,
    data: Any = None,
) -> forms.Form | None:
    if act.form is None or content is None:
        return None
    return act.form(data, request=request, subject=subject, initial=dict(content.initial))


def _sheet(
    request: ConsoleRequest,
    act: Act[Subject],
    content: Content | None,
    reason: str,
    form: forms.Form | None,
    home: str,
    status: int = 200,
) -> HttpResponseBase:
    context = {
        "act": act,
        "content": content,
        "reason": reason,
        "form": form,
        "home": home,
        "token": uuid.uuid4().hex,
        "seen": fingerprint(content) if content else "",
    }
    fragment = wants_fragment(request)
    template = "payouts/console/sheet.html" if fragment else "payouts/console/sheet_page.html"
    return render(request, template, context, status=status)


def fingerprint(content: Content) -> str:
    """Of the facts a person agrees to; the notes beside them may change."""
    text = repr((content.button, list(content.facts)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
