"""Refuse to start in ways that would hurt: `manage.py check`, and before every migration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlparse

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register


@register
def production_is_safe(**context: Any) -> Sequence[CheckMessage]:
    """Only for a server that others can reach: PUBLIC_URL names another host than this one."""
    return dangers() if settings.PRODUCTION else []


def dangers() -> list[CheckMessage]:
    host = urlparse(settings.PUBLIC_URL).hostname or ""
    found: list[tuple[bool, CheckMessage]] = [
        (settings.DEBUG, Error("DEBUG shows secrets to strangers; unset it.", id="jeongsan.E001")),
        (
            not settings.SECRET_KEY_IS_GIVEN,
            Error(
                "Set SECRET_KEY (or SECRET_KEY_FILE): the generated one is lost with this folder, "
                "and with it every encrypted account number.",
                id="jeongsan.E002",
            ),
        ),
        (
            not settings.PUBLIC_URL.startswith("https://"),
            Error("PUBLIC_URL must be https: sessions and links travel on it.", id="jeongsan.E003"),
        ),
        (
            "*" in settings.ALLOWED_HOSTS or host not in settings.ALLOWED_HOSTS,
            Error(f"ALLOWED_HOSTS must name {host} and never be *.", id="jeongsan.E004"),
        ),
        (
            not settings.FIELD_KEYS_ARE_GIVEN,
            Warning(
                "FIELD_KEYS is unset: account numbers are encrypted under SECRET_KEY, which can "
                "then never be changed.",
                id="jeongsan.W001",
            ),
        ),
        (
            settings.EMBEDDED_DATABASE,
            Warning(
                "The embedded database has no backup and no replica; set DATABASE_URL.",
                id="jeongsan.W002",
            ),
        ),
        (
            not settings.EMAIL_HOST,
            Warning("SMTP_HOST is unset: mail is written to files.", id="jeongsan.W003"),
        ),
        (
            "sandbox" in {settings.HOLDER_CHECK, settings.BUSINESS_REGISTRY},
            Warning(
                "HOLDER_CHECK or BUSINESS_REGISTRY is the sandbox: it believes every account "
                "and every business.",
                id="jeongsan.W004",
            ),
        ),
    ]
    return [message for applies, message in found if applies]
