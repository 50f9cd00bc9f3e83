"""Endpoints, deliveries, retries. Deliveries are rows; workers only take what is due."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from random import SystemRandom
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import Q

from core import clock, crypto
from core.bell import ring
from core.companies.identifiers import new_id
from core.companies.models import Workspace
from core.events.actors import Actor
from core.events.models import DeliveryAttempt, Event, WebhookDelivery, WebhookEndpoint
from core.events.services import on, record
from core.events.webhooks import sending, signing

log = logging.getLogger(__name__)

DELAYS = [timedelta(minutes=minutes) for minutes in (5, 10, 20, 40)]
"""Between the 5 tries; each is halved and the other half is random (equal jitter)."""

ROTATION = timedelta(hours=24)
CLAIMED_FOR = timedelta(seconds=60)

Data = dict[str, Any]
Builder = Callable[[Event], Iterable[tuple[str, Data]]]
"""An event as the (type, data) pairs that listeners hear of; bulk events give many."""

TYPES: set[str] = set()
_random = SystemRandom()


def announce(kind: str, types: Iterable[str], builder: Builder) -> None:
    """Tell listeners about an event kind; apps call this in ready()."""
    TYPES.update(types)
    on(kind, "webhooks", lambda event: enqueue(event, builder(event)))


def enqueue(event: Event, messages: Iterable[tuple[str, Data]]) -> int:
    """Write a delivery for every message and every endpoint that wants it."""
    endpoints = list(WebhookEndpoint.objects.filter(workspace=event.workspace, is_active=True))
    if not endpoints:
        return 0
    deliveries = [
        _delivery(endpoint, type, data, event.occurred_at, event)
        for type, data in messages
        for endpoint in endpoints
        if not endpoint.event_types or type in endpoint.event_types
    ]
    WebhookDelivery.objects.bulk_create(deliveries, batch_size=1000)
    ring_courier()
    return len(deliveries)


def _delivery(
    endpoint: WebhookEndpoint, type: str, data: Data, at: datetime, event: Event | None
) -> WebhookDelivery:
    body = {"type": type, "timestamp": _rfc3339(at), "data": data}
    return WebhookDelivery(
        workspace_id=endpoint.workspace_id,
        public_id=new_id("wh"),
        endpoint=endpoint,
        event=event,
        type=type,
        payload=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
    )


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(clock.UTC).isoformat().replace("+00:00", "Z")


def ring_courier() -> None:
    from core.events.tasks import deliver_webhooks_task  # the shell imports us

    ring(deliver_webhooks_task)


def deliver_due(limit: int = 200) -> int:
    """Try every delivery that is due. Returns how many arrived."""
    arrived = 0
    for _ in range(limit):
        delivery = _claim()
        if delivery is None:
            break
        arrived += _try(delivery)
    return arrived


def _claim() -> WebhookDelivery | None:
    """Take one due delivery; a dead courier's claim runs out by itself."""
    now = clock.now()
    with transaction.atomic():
        free = Q(claimed_until=None) | Q(claimed_until__lt=now)
        delivery = (
            WebhookDelivery.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(free, status=WebhookDelivery.Status.WAITING, next_attempt_at__lte=now)
            .select_related("endpoint")
            .order_by("next_attempt_at", "pk")
            .first()
        )
        if delivery is not None:
            delivery.claimed_until = now + CLAIMED_FOR
            delivery.save(update_fields=["claimed_until"])
    return delivery


def _try(delivery: WebhookDelivery) -> int:
    started = monotonic()
    status, error = None, ""
    try:
        stamp = int(clock.now().timestamp())
        signed = signing.headers(
            _secrets(delivery.endpoint), delivery.public_id, stamp, delivery.payload
        )
        status = sending.post(delivery.endpoint.url, delivery.payload, signed)
    except sending.Undeliverable as failure:
        error = str(failure)[:300]
    _note(delivery, status, error, int((monotonic() - started) * 1000))
    return int(delivery.status == WebhookDelivery.Status.DELIVERED)


def _secrets(endpoint: WebhookEndpoint) -> list[str]:
    rotating = endpoint.previous_secret_until and endpoint.previous_secret_until > clock.now()
    previous = [crypto.decrypt(endpoint.previous_secret_encrypted)] if rotating else []
    return [endpoint.secret, *previous]


@transaction.atomic
def _note(delivery: WebhookDelivery, status: int | None, error: str, duration_ms: int) -> None:
    number = delivery.attempt_count + 1
    DeliveryAttempt.objects.create(
        delivery=delivery,
        number=number,
        response_status=status,
        duration_ms=duration_ms,
        error=error,
    )
    delivery.attempt_count = number
    delivery.claimed_until = None
    if status is not None and 200 <= status < 300:
        delivery.status = WebhookDelivery.Status.DELIVERED
        delivery.delivered_at = clock.now()
    elif number > len(DELAYS):
        delivery.status = WebhookDelivery.Status.FAILED
    else:
        delivery.next_attempt_at = clock.now() + jittered(DELAYS[number - 1])
    delivery.save()


def jittered(delay: timedelta) -> timedelta:
    half = delay / 2
    return half + timedelta(seconds=_random.uniform(0, half.total_seconds()))


@transaction.atomic
def create_endpoint(
    *, workspace: Workspace, actor: Actor, url: str, event_types: list[str]
) -> tuple[WebhookEndpoint, str]:
    """A new listener and its secret, shown once."""
    secret = signing.new_secret()
    endpoint = WebhookEndpoint.objects.create(
        workspace=workspace,
        public_id=new_id("whe"),
        url=url,
        event_types=event_types,
        secret_encrypted=crypto.encrypt(secret),
    )
    _record("webhookendpoint.created", endpoint, actor)
    return endpoint, secret


@transaction.atomic
def change_endpoint(
    *,
    endpoint: WebhookEndpoint,
    actor: Actor,
    url: str,
    event_types: list[str],
    is_active: bool,
) -> None:
    endpoint.url, endpoint.event_types, endpoint.is_active = url, event_types, is_active
    endpoint.save(update_fields=["url", "event_types", "is_active"])
    _record("webhookendpoint.changed", endpoint, actor)


@transaction.atomic
def rotate_secret(*, endpoint: WebhookEndpoint, actor: Actor) -> str:
    """A new secret; the old one keeps signing beside it for a day."""
    secret = signing.new_secret()
    endpoint.previous_secret_encrypted = endpoint.secret_encrypted
    endpoint.previous_secret_until = clock.now() + ROTATION
    endpoint.secret_encrypted = crypto.encrypt(secret)
    endpoint.save()
    _record("webhookendpoint.secret_rotated", endpoint, actor)
    return secret


@transaction.atomic
def send_test(*, endpoint: WebhookEndpoint, actor: Actor) -> WebhookDelivery:
    delivery = _delivery(endpoint, "Webhook.Test", {"message": "테스트"}, clock.now(), None)
    delivery.save()
    _record("webhookendpoint.tested", endpoint, actor)
    ring_courier()
    return delivery


@transaction.atomic
def replay(*, delivery: WebhookDelivery, actor: Actor) -> None:
    """Send again under the same webhook-id, with a fresh set of tries."""
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        status=WebhookDelivery.Status.WAITING,
        attempt_count=0,
        next_attempt_at=clock.now(),
        delivered_at=None,
        claimed_until=None,
    )
    _record("webhookdelivery.replayed", delivery.endpoint, actor)
    ring_courier()


def _record(kind: str, endpoint: WebhookEndpoint, actor: Actor) -> None:
    record(
        kind,
        workspace=endpoint.workspace,
        object_type="webhookendpoint",
        object_id=endpoint.public_id,
        actor=actor,
        changes={"url": endpoint.url, "event_types": endpoint.event_types},
    )
