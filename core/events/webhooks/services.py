"""Who listens and what they are told. Deliveries are rows; couriers take what is due."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock, crypto
from core.bell import ring
from core.companies.identifiers import new_id
from core.companies.models import Workspace
from core.errors import Conflict, InvalidRequest, NotFound
from core.events.actors import Actor
from core.events.models import Event, WebhookDelivery, WebhookEndpoint
from core.events.services import on, record
from core.events.webhooks import sending, signing

ROTATION = timedelta(hours=24)
LONGEST_OVERLAP = timedelta(days=7)
STILL_ROTATING = (
    "바꾸지 않았습니다. 앞서 바꾼 옛 시크릿이 아직 함께 쓰입니다. "
    "급하면 '바로 끝냄'으로 바꿔 주세요."
)
TEST_TYPE = "Webhook.Test"

Data = dict[str, Any]
Builder = Callable[[Event], Iterable[tuple[str, Data]]]
"""An event as the (type, data) pairs that listeners hear of; bulk events give many."""

TYPES: set[str] = set()


class WebhookEndpointNotFound(NotFound):
    type = "WEBHOOK_ENDPOINT_NOT_FOUND"
    message = "웹훅을 찾을 수 없습니다."


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


@transaction.atomic
def create_endpoint(
    *, workspace: Workspace, actor: Actor, url: str, event_types: Sequence[str] = ()
) -> tuple[WebhookEndpoint, str]:
    """A new listener and its secret, shown once. No types: all of them.

    Raises InvalidRequest for an address that is not public https, or a type nobody announces.
    """
    secret = signing.new_secret()
    endpoint = WebhookEndpoint.objects.create(
        workspace=workspace,
        public_id=new_id("whe"),
        url=_checked_url(url),
        event_types=_checked_types(event_types),
        secret_encrypted=crypto.encrypt(secret),
    )
    _record("webhookendpoint.created", endpoint, actor)
    return endpoint, secret


@transaction.atomic
def change_endpoint(
    *,
    endpoint: WebhookEndpoint,
    actor: Actor,
    url: str | None = None,
    event_types: Sequence[str] | None = None,
    is_active: bool | None = None,
) -> WebhookEndpoint:
    """Another address, other types, or silence for a while; None leaves a fact as it is.

    What waits for a silenced endpoint goes when it listens again.
    """
    endpoint = _locked(endpoint)
    endpoint.url = endpoint.url if url is None else _checked_url(url)
    if event_types is not None:
        endpoint.event_types = _checked_types(event_types)
    endpoint.is_active = endpoint.is_active if is_active is None else is_active
    endpoint.save(update_fields=["url", "event_types", "is_active"])
    _record("webhookendpoint.changed", endpoint, actor)
    ring_courier()
    return endpoint


@transaction.atomic
def delete_endpoint(*, endpoint: WebhookEndpoint, actor: Actor) -> None:
    """It hears nothing more; what was on its way fails, its log stays."""
    endpoint = _locked(endpoint)
    endpoint.is_active, endpoint.deleted_at = False, clock.now()
    endpoint.save(update_fields=["is_active", "deleted_at"])
    endpoint.deliveries.filter(status=WebhookDelivery.Status.WAITING).update(
        status=WebhookDelivery.Status.FAILED, claimed_until=None
    )
    _record("webhookendpoint.deleted", endpoint, actor)


@transaction.atomic
def rotate_secret(*, endpoint: WebhookEndpoint, actor: Actor, overlap: timedelta = ROTATION) -> str:
    """A new secret, shown once; the old one keeps signing beside it for the overlap. While it does,
    only a rotation without overlap, which ends both, is possible: else Conflict."""
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise InvalidRequest("바꾸지 않았습니다. 함께 쓰는 기간은 7일까지입니다.")
    endpoint = _locked(endpoint)
    if overlap and endpoint.signs_twice:
        raise Conflict(STILL_ROTATING)
    secret = signing.new_secret()
    endpoint.previous_secret_encrypted = endpoint.secret_encrypted
    endpoint.previous_secret_until = clock.now() + overlap
    endpoint.secret_encrypted = crypto.encrypt(secret)
    endpoint.save()
    _record("webhookendpoint.secret_rotated", endpoint, actor)
    return secret


@transaction.atomic
def send_test(*, endpoint: WebhookEndpoint, actor: Actor) -> WebhookDelivery:
    """A harmless message, delivered and logged like any other."""
    endpoint = _locked(endpoint)
    if not endpoint.is_active:
        raise Conflict("보내지 않았습니다. 꺼 둔 웹훅입니다. 먼저 켜 주세요.")
    delivery = _delivery(endpoint, TEST_TYPE, {"message": "테스트"}, clock.now(), None)
    delivery.save()
    _record("webhookendpoint.tested", endpoint, actor)
    ring_courier()
    return delivery


@transaction.atomic
def replay(*, delivery: WebhookDelivery, actor: Actor) -> WebhookDelivery:
    """Send again under the same webhook-id, at once and with a fresh set of tries.

    Raises Conflict while it is being sent, and when its endpoint listens no more.
    """
    now = clock.now()
    held = WebhookDelivery.objects.select_for_update(of=("self",)).select_related(
        "endpoint__workspace"
    )
    delivery = held.get(pk=delivery.pk)
    if not delivery.endpoint.is_active:
        raise Conflict("다시 보내지 않았습니다. 꺼 두었거나 삭제한 웹훅입니다.")
    if delivery.claimed_until and delivery.claimed_until > now:
        raise Conflict("다시 보내지 않았습니다. 지금 보내는 중입니다.")
    delivery.status = WebhookDelivery.Status.WAITING
    delivery.tries_before_replay = delivery.attempt_count
    delivery.next_attempt_at = now
    delivery.delivered_at = delivery.claimed_until = None
    delivery.save()
    _record("webhookdelivery.replayed", delivery.endpoint, actor, delivery=delivery.public_id)
    ring_courier()
    return delivery


def _locked(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    """Raises WebhookEndpointNotFound for one that somebody has deleted since it was read."""
    held = WebhookEndpoint.objects.select_for_update(of=("self",)).select_related("workspace")
    found = held.get(pk=endpoint.pk)
    if found.deleted_at is not None:
        raise WebhookEndpointNotFound()
    return found


def _checked_url(url: str) -> str:
    problem = sending.url_problem(url)
    if problem:
        raise InvalidRequest(problem)
    return url


def _checked_types(types: Sequence[str]) -> list[str]:
    unknown = sorted(set(types) - TYPES)
    if unknown:
        sentence = _("저장하지 않았습니다. 없는 이벤트입니다: %(types)s")
        raise InvalidRequest(sentence % {"types": ", ".join(unknown)})
    return sorted(set(types))


def _record(kind: str, endpoint: WebhookEndpoint, actor: Actor, **facts: str) -> None:
    record(
        kind,
        workspace=endpoint.workspace,
        object_type="webhookendpoint",
        object_id=endpoint.public_id,
        actor=actor,
        changes={"url": endpoint.url, "event_types": endpoint.event_types, **facts},
    )
