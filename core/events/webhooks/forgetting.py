"""The delivery log is kept for a while, not for ever."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from core import clock
from core.events.models import DeliveryAttempt, WebhookDelivery

BATCH = 1_000
Status = WebhookDelivery.Status


def forget_old() -> int:
    """Drop deliveries that ended more than WEBHOOK_LOG_DAYS ago, with their tries.

    What still waits stays, however old. Returns how many were dropped.
    """
    before = clock.now() - timedelta(days=settings.WEBHOOK_LOG_DAYS)
    over = WebhookDelivery.objects.filter(
        status__in=(Status.DELIVERED, Status.FAILED), next_attempt_at__lt=before
    )
    forgotten = 0
    while some := list(over.values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            DeliveryAttempt.objects.filter(delivery__in=some).delete()
            forgotten += WebhookDelivery.objects.filter(pk__in=some).delete()[0]
    return forgotten
