"""The way in: log in, log out, the first company."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.companies import throttle
from core.companies.callers import address_of
from core.companies.models import Member, User
from core.console.access import back

WRONG = "이메일 또는 비밀번호가 맞지 않습니다."
LONGEST_EMAIL = 254
TOO_MANY = "로그인 시도가 너무 많습니다. 15분 뒤에 다시 시도해 주세요."


def landing(request: HttpRequest) -> HttpResponse:
    """The first company of this person, in its live environment."""
    if not request.user.is_authenticated:
        return redirect("entrance:login")
    member = companies_of(request.user).first()
    if member is None:
        return render(request, "console/no_company.html", status=403)
    return redirect(reverse("console:home", args=[member.company.slug, "live"]))


def companies_of(user: User):  # type: ignore[no-untyped-def]
    return (
        Member.objects.filter(user=user, is_active=True)
        .select_related("company")
        .order_by("company__name")
    )


def log_in(request: HttpRequest) -> HttpResponse:
    """One message for every wrong pair, so that nobody learns which e-mails exist."""
    if request.method != "POST":
        return render(request, "console/login.html", {"next": request.GET.get("next", "")})
    email = request.POST.get("email", "").replace("\0", "").strip().lower()[:LONGEST_EMAIL]
    keys = [f"login:{email}", f"login-from:{address_of(request)[:LONGEST_EMAIL]}"]
    if throttle.is_blocked(keys):
        return _again(request, TOO_MANY, status=429)
    user = authenticate(request, username=email, password=request.POST.get("password", ""))
    if user is None:
        throttle.record_failure(keys)
        return _again(request, WRONG, status=422)
    throttle.clear(keys[:1])
    login(request, user)
    return redirect(_next(request))


def _again(request: HttpRequest, error: str, status: int) -> HttpResponse:
    context = {
        "error": error,
        "email": request.POST.get("email", ""),
        "next": request.POST.get("next", ""),
    }
    return render(request, "console/login.html", context, status=status)


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    same_site = url_has_allowed_host_and_scheme(target, {request.get_host()})
    return target if target and same_site else reverse("entrance:landing")


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("entrance:login")


@csrf_exempt
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remembered by this browser for a year; the page the person came from again.

    Partners' pages send no referrer and keep no session: the form names the page, and there is
    nothing a foreign form could win.
    """
    page = request.POST.get("page", "")
    same_site = url_has_allowed_host_and_scheme(page, {request.get_host()})
    answer = redirect(page if page and same_site else back(request))
    language = request.POST.get("language")
    if language in dict(settings.LANGUAGES):
        name, year = settings.LANGUAGE_COOKIE_NAME, 365 * 24 * 3600
        answer.set_cookie(name, language, max_age=year, samesite="Lax", httponly=True)
    return answer
