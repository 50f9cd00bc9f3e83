"""The sandbox provider's own page, where a business registers its certificate."""

from __future__ import annotations

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from core.business_number import formatted
from invoices.providers.sandbox import office
from invoices.providers.sandbox.provider import SandboxProvider


@csrf_exempt
def certificate(request: HttpRequest, token: str) -> HttpResponse:
    """The signed address is the permission, as on the real provider's page."""
    try:
        environment, brn = office.read_certificate_token(token)
    except signing.BadSignature as error:
        raise Http404 from error
    provider = SandboxProvider(environment)
    if request.method == "POST":
        provider.register_certificate(brn)
        return redirect(request.path)
    context = {"brn": formatted(brn), "certificate": provider.certificate(brn)}
    return render(request, "invoices/pages/sandbox_certificate.html", context)
