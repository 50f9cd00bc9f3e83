"""The gate of the console: who is asking, for which company, in which environment."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from core.companies.access import membership, workspace_of
from core.companies.isolation import confine
from core.companies.models import Company, Member, Permission, User, Workspace
from core.errors import DomainError, Forbidden, InvalidRequest, NotFound, busy_when_locked
from core.events.actors import Actor

P = ParamSpec("P")


class ConsoleRequest(HttpRequest):
    """What a console view receives: the request after `console_page` let it in."""

    user: User
    htmx: HtmxDetails
    member: Member
    company: Company
    workspace: Workspace
    actor: Actor


View = Callable[Concatenate[ConsoleRequest, P], HttpResponseBase]


def console_page(
    permission: Permission | None = None,
) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """Let a member of the company in the URL through, when the role has `permission`.

    Logged out → login; foreign company → 404; missing permission → 403 page. A DomainError
    on the way becomes its message: on the page the person came from, or an error page.
    """

    def decorate(view: View[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def wrapped(
            request: Any, company_slug: str, environment: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return login_redirect(request)
            enter(request, company_slug, environment)
            if permission is not None and not request.member.may(permission):
                return refusal(request, Forbidden())
            try:
                must_be_readable(request)
                with busy_when_locked():
                    response = view(request, *args, **kwargs)
            except DomainError as error:
                return refusal(request, error)
            if isinstance(response, HttpResponseRedirect) and _opens_panel(request):
                response = HttpResponse(headers={"HX-Redirect": response.url})
            patch_vary_headers(response, ["HX-Request", "HX-Target"])
            response.headers.setdefault("Cache-Control", "no-store")
            return response

        wrapped.console_permission = permission  # type: ignore[attr-defined]
        return wrapped

    return decorate


def must_be_readable(request: HttpRequest) -> None:
    """Raises InvalidRequest for a NUL in the address or in a field: PostgreSQL holds none."""
    if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        raise InvalidRequest("주소에 쓸 수 없는 문자가 있습니다. 바뀐 것은 없습니다.")
    if any("\0" in text for _, texts in request.POST.lists() for text in texts):
        raise InvalidRequest("입력에 쓸 수 없는 문자가 있습니다. 바뀐 것은 없습니다.")


def enter(request: Any, company_slug: str, environment: str) -> None:
    """Put member, company, workspace and actor on the request; 404 for a stranger."""
    member = membership(request.user, company_slug)
    if member is None:
        raise Http404
    request.member = member
    request.company = member.company
    request.workspace = workspace_of(member.company, test=environment == "test")
    request.actor = Actor.member(member)
    confine(request.workspace)


def console_url(request: ConsoleRequest, name: str, *args: object) -> str:
    """The path of a console page in the company and environment of this request."""
    environment = request.workspace.environment.lower()
    return reverse(name, args=[request.company.slug, environment, *args])


def wants_fragment(request: ConsoleRequest, target: str = "") -> bool:
    """True when htmx asks for a part; a restored history entry needs the whole page."""
    if not request.htmx or request.htmx.history_restore_request:
        return False
    return not target or (request.htmx.target or "").split("#")[-1] == target


def _opens_panel(request: ConsoleRequest) -> bool:
    """A row that leads to another page would show that page, menu and all, beside the list."""
    return request.method == "GET" and wants_fragment(request, "panel")


def login_redirect(request: HttpRequest) -> HttpResponseBase:
    if request.headers.get("HX-Request") == "true":
        here = request.headers.get("HX-Current-URL", "")
        return HttpResponse(headers={"HX-Redirect": redirect_to_login(_path(here)).url})
    wanted = request.get_full_path() if request.method == "GET" else _path(back(request))
    return redirect_to_login(wanted)  # what was to be done has only its page to come back to


def _path(url: str) -> str:
    return "/" + url.split("://", 1)[-1].partition("/")[2]


def refusal(request: Any, error: DomainError) -> HttpResponseBase:
    """A refused write returns to its page with the sentence; a refused read shows it."""
    if isinstance(error, NotFound):
        raise Http404(error.message)
    if request.method == "POST" and not isinstance(error, Forbidden):
        messages.error(request, error.message)
        return redirect(back(request))
    template = "console/panel_error.html" if request.htmx else "console/refused.html"
    return render(request, template, {"error": error}, status=error.status)


def back(request: HttpRequest) -> str:
    """The page the person came from; never another site."""
    referrer = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    allowed = url_has_allowed_host_and_scheme(referrer, {request.get_host()})
    return referrer if referrer and allowed else "/console/"
