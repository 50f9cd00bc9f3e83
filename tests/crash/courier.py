"""A courier of webhooks that may call a test's own listener, to be killed on its way."""

from __future__ import annotations

from django.conf import settings

from core.events.webhooks.delivering import deliver_due


def deliver() -> None:
    settings.WEBHOOKS_MAY_REACH_PRIVATE_ADDRESSES = True
    deliver_due()
