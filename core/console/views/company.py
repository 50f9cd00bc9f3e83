"""Company settings: members, API secrets, brand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from core import clock
from core.companies.models import ApiSecret, Company, Permission, Role
from core.console import services
from core.console.access import ConsoleRequest, console_page, console_url
from core.console.forms import (
    GRANTABLE_ROLES,
    BrandForm,
    MemberForm,
    RotateForm,
    SecretForm,
    remember_opened,
    with_others_changes,
)
from core.errors import InvalidRequest
from core.words import said


@console_page(Permission.MEMBERS)
def members(request: ConsoleRequest) -> HttpResponseBase:
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        member = services.add_member(
            company=request.company,
            actor=request.actor,
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            role=Role(form.cleaned_data["role"]),
            password=form.cleaned_data["password"],
        )
        sentence = _("%(email)s 님을 구성원으로 등록했습니다.")
        messages.success(request, sentence % {"email": member.user.email})
        return redirect(console_url(request, "console:members"))
    people = request.company.members.select_related("user").order_by("-is_active", "created_at")
    context = {"form": form, "people": people, "roles": GRANTABLE_ROLES}
    return render(request, "console/company/members.html", context, status=_status(form))


@require_POST
@console_page(Permission.MEMBERS)
def member_change(request: ConsoleRequest, pk: int) -> HttpResponseBase:
    member = get_object_or_404(request.company.members.select_related("user"), pk=pk)
    if "role" in request.POST:
        if request.POST["role"] not in dict(GRANTABLE_ROLES):
            raise InvalidRequest("바꾸지 않았습니다. 역할을 골라 주세요.")
        role = Role(request.POST["role"])
        services.change_role(member=member, role=role, actor=request.actor)
        facts = {"email": member.user.email, "role": said(role.label)}
        messages.success(request, _("%(email)s 님은 이제 %(role)s입니다.") % facts)
    else:
        active = request.POST.get("is_active") == "1"
        services.set_member_active(member=member, is_active=active, actor=request.actor)
        back_in = _("%(email)s 님은 다시 들어올 수 있습니다.")
        shut_out = _("%(email)s 님은 더는 들어올 수 없습니다.")
        sentence = back_in if active else shut_out
        messages.success(request, sentence % {"email": member.user.email})
    return redirect(console_url(request, "console:members"))


@console_page(Permission.INTEGRATION)
def secrets(request: ConsoleRequest) -> HttpResponseBase:
    """A new secret is shown by the answer to its POST and never again."""
    form = SecretForm(request.POST or None)
    context = _secrets_context(request, form)
    if request.method == "POST" and form.is_valid():
        secret, clear = services.create_api_secret(
            company=request.company,
            user=request.user,
            actor=request.actor,
            name=form.cleaned_data["name"],
            scopes=frozenset(Permission(scope) for scope in form.cleaned_data["scopes"]),
            expires_at=_end_of(form.cleaned_data["expires_on"]),
            allowed_networks=form.cleaned_data["networks"],
            requests_per_second=form.cleaned_data["requests_per_second"],
        )
        context |= {"clear": clear, "created": secret, "form": SecretForm()}
        return render(request, "console/company/secrets.html", context)
    return render(request, "console/company/secrets.html", context, status=_status(form))


@require_POST
@console_page(Permission.INTEGRATION)
def secret_rotate(request: ConsoleRequest, pk: int) -> HttpResponseBase:
    """The successor is shown by this answer and never again."""
    old = get_object_or_404(ApiSecret, pk=pk, company=request.company)
    form = RotateForm(request.POST)
    if not form.is_valid():
        raise InvalidRequest("교체하지 않았습니다. 함께 쓰는 기간을 골라 주세요.")
    new, clear = services.rotate_api_secret(
        secret=old,
        overlap=timedelta(hours=form.cleaned_data["overlap_hours"]),
        user=request.user,
        actor=request.actor,
    )
    shown = {"clear": clear, "created": new, "replaced": ApiSecret.objects.get(pk=old.pk)}
    context = _secrets_context(request, SecretForm()) | shown
    return render(request, "console/company/secrets.html", context)


@require_POST
@console_page(Permission.INTEGRATION)
def secret_revoke(request: ConsoleRequest, pk: int) -> HttpResponseBase:
    secret = get_object_or_404(ApiSecret, pk=pk, company=request.company)
    services.revoke_api_secret(secret=secret, actor=request.actor)
    sentence = _("'%(name)s' 시크릿을 폐기했습니다. 늦어도 5초 안에 멈춥니다.")
    messages.success(request, sentence % {"name": secret.name})
    return redirect(console_url(request, "console:secrets"))


@console_page(Permission.INTEGRATION)
def brand(request: ConsoleRequest) -> HttpResponseBase:
    company = request.company
    now = {"colour": company.brand_colour, "sender_email": company.sender_email}
    form = BrandForm(request.POST or None, request.FILES or None, initial=now)
    remember_opened(form, now)
    if request.method == "POST" and form.is_valid():
        chosen = with_others_changes(form)
        services.update_branding(
            company=company,
            actor=request.actor,
            colour=chosen["colour"].lower(),
            sender_email=chosen["sender_email"],
            logo=form.cleaned_data["logo"],
        )
        messages.success(request, "브랜드를 저장했습니다. 콘솔, 메일, 문서에 함께 쓰입니다.")
        return redirect(console_url(request, "console:brand"))
    return render(request, "console/company/brand.html", {"form": form}, status=_status(form))


@cache_control(public=True, max_age=86400)
def logo(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A company's logo, for people with and without a login."""
    company = get_object_or_404(Company, slug=slug)
    if not company.logo:
        raise Http404
    return FileResponse(company.logo.open("rb"))


def _secrets_context(request: ConsoleRequest, form: SecretForm) -> dict[str, Any]:
    return {
        "form": form,
        "rotate_form": RotateForm(auto_id=False),
        "secrets": _secrets(request),
        "now": clock.now(),
    }


def _secrets(request: ConsoleRequest) -> QuerySet[ApiSecret]:
    """Usable ones first."""
    every = request.company.api_secrets.select_related("created_by")
    return every.select_related("replaced_by").order_by(
        F("revoked_at").desc(nulls_first=True), "-pk"
    )


def _end_of(day: date | None) -> datetime | None:
    """The midnight after it; 9999-12-31, as people write "never", has none."""
    if day is None or day == date.max:
        return None
    return clock.kst_midnight(day + timedelta(days=1))


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200
