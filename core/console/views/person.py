"""What belongs to the person: OTP and password."""

from __future__ import annotations

import io

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.companies import otp
from core.companies.passwords import PasswordBlocked, PasswordWrong, require_password
from core.console import services
from core.console.access import ConsoleRequest, console_page, console_url
from core.console.forms import OtpSetupForm, PasswordForm
from core.errors import DomainError

PENDING = "otp_pending_secret"


@console_page()
def profile(request: ConsoleRequest) -> HttpResponseBase:
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            require_password(user=request.user, password=form.cleaned_data["current"])
        except DomainError as error:
            form.add_error("current", error.message)
        else:
            request.user.set_password(form.cleaned_data["new"])
            request.user.save(update_fields=["password"])
            update_session_auth_hash(request, request.user)
            messages.success(request, "비밀번호를 바꿨습니다. 다른 기기에서는 로그아웃됩니다.")
            return redirect(console_url(request, "console:profile"))
    context = {"form": form, "has_otp": otp.is_set_up(request.user)}
    return render(request, "console/person/profile.html", context)


@console_page()
def otp_setup(request: ConsoleRequest) -> HttpResponseBase:
    """The secret waits in the session until a code of it was shown, then is encrypted."""
    secret = request.session.setdefault(PENDING, otp.new_secret())
    form = OtpSetupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _set_up(request, secret, form.cleaned_data)
        except (PasswordWrong, PasswordBlocked) as error:
            form.add_error("current", error.message)
        except DomainError as error:
            form.add_error("code", error.message)
        else:
            messages.success(request, "OTP를 등록했습니다. 이제 지급을 승인할 수 있습니다.")
            return redirect(console_url(request, "console:profile"))
    context = {
        "form": form,
        "secret": secret,
        "qr": qr(otp.provisioning_uri(request.user, secret)),
        "replaces": otp.is_set_up(request.user),
    }
    return render(request, "console/person/otp.html", context)


def _set_up(request: ConsoleRequest, secret: str, data: dict[str, str]) -> None:
    services.set_up_otp(
        company=request.company,
        user=request.user,
        password=data["current"],
        secret=secret,
        code=data["code"],
        actor=request.actor,
    )
    del request.session[PENDING]


def qr(text: str) -> SafeString:
    """A QR code as inline SVG without style attributes, so that the page's CSP holds."""
    out = io.BytesIO()
    segno.make(text, error="m").save(
        out, kind="svg", xmldecl=False, svgns=True, border=2, omitsize=True, title=_("OTP QR 코드")
    )
    return mark_safe(out.getvalue().decode())
