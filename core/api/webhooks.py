"""Our own operations on webhooks out: endpoints, secrets, delivery log, replay (contract.md f)."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from core.api.listing import among, present
from core.api.operations import Call, Operation, WireView
from core.api.paging import PageInfo, PageInput, page_of
from core.api.wire import UNSET, Int64, Text, Timestamp, UnsetType, Wire, given
from core.companies.access import find, rows
from core.companies.models import Permission
from core.errors import Conflict, NotFound
from core.events.models import DeliveryAttempt, WebhookDelivery, WebhookEndpoint
from core.events.webhooks import services
from core.events.webhooks.services import WebhookEndpointNotFound

own = partial(Operation, own=True, scope=Permission.INTEGRATION)
Url = Annotated[str, Meta(max_length=500, pattern=r"^[^\x00]*$")]
DeliveryStatus = Literal["WAITING", "DELIVERED", "FAILED"]


class WebhookDeliveryNotFound(NotFound):
    type = "WEBHOOK_DELIVERY_NOT_FOUND"
    message = "웹훅 전송 내역을 찾을 수 없습니다."


class WebhookEndpointState(Wire):
    """`eventTypes` absent: everything. `previousSecretUntil`: until when the old secret signs."""

    id: Text
    url: Text
    event_types: list[Text] | UnsetType = UNSET
    is_active: bool
    previous_secret_until: Timestamp | UnsetType = UNSET
    created_at: Timestamp
    is_for_test: bool


class WebhookEndpointResponse(Wire):
    webhook_endpoint: WebhookEndpointState


class WebhookEndpointWithSecret(Wire):
    """The secret is shown here and never again."""

    webhook_endpoint: WebhookEndpointState
    secret: Text


class GetWebhookEndpointsBody(Wire):
    page: PageInput | UnsetType = UNSET


class GetWebhookEndpointsResponse(Wire):
    items: list[WebhookEndpointState]
    page: PageInfo
    event_types: list[Text]
    """Every type that can be chosen."""


class CreateWebhookEndpointBody(Wire):
    url: Url
    event_types: list[Text] = []
    is_for_test: bool | UnsetType = UNSET


class UpdateWebhookEndpointBody(Wire):
    url: Url | UnsetType = UNSET
    event_types: list[Text] | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET


class RotateWebhookSecretBody(Wire):
    """How long the old secret signs beside the new one."""

    overlap_hours: Annotated[int, Meta(ge=0, le=168)] = 24


class WebhookAttempt(Wire):
    """`responseStatus` absent: nobody answered, or the answer is not known."""

    number: Int64
    attempted_at: Timestamp
    response_status: Int64 | UnsetType = UNSET
    response_body: Text | UnsetType = UNSET
    duration_ms: Int64 | UnsetType = UNSET
    error: Text | UnsetType = UNSET


class WebhookDeliveryState(Wire):
    """`id` is the webhook-id of every try; `payload` the bytes that are signed and sent."""

    id: Text
    webhook_endpoint_id: Text
    type: Text
    status: DeliveryStatus
    payload: str
    attempt_count: Int64
    next_attempt_at: Timestamp | UnsetType = UNSET
    delivered_at: Timestamp | UnsetType = UNSET
    created_at: Timestamp
    attempts: list[WebhookAttempt]


class WebhookDeliveryResponse(Wire):
    webhook_delivery: WebhookDeliveryState


class WebhookDeliveryFilter(Wire):
    webhook_endpoint_ids: list[Text] | UnsetType = UNSET
    types: list[Text] | UnsetType = UNSET
    statuses: list[DeliveryStatus] | UnsetType = UNSET


class GetWebhookDeliveriesBody(Wire):
    filter: WebhookDeliveryFilter = msgspec.field(default_factory=WebhookDeliveryFilter)
    page: PageInput | UnsetType = UNSET


class GetWebhookDeliveriesResponse(Wire):
    items: list[WebhookDeliveryState]
    page: PageInfo


def listening(call: Call[Any]) -> Any:
    return rows(WebhookEndpoint, call.workspace).filter(deleted_at=None)


def named(call: Call[Any]) -> WebhookEndpoint:
    found = listening(call).filter(public_id=call.ids["id"]).select_related("workspace").first()
    if found is None:
        raise WebhookEndpointNotFound()
    assert isinstance(found, WebhookEndpoint)
    return found


def endpoint_to_wire(row: WebhookEndpoint, *, is_test: bool) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "url": row.url,
        "isActive": row.is_active,
        "createdAt": row.created_at,
        "isForTest": is_test,
        **present(
            eventTypes=row.event_types or None, previousSecretUntil=row.previous_secret_until
        ),
    }


def delivery_to_wire(row: WebhookDelivery) -> dict[str, Any]:
    is_waiting = row.status == WebhookDelivery.Status.WAITING
    attempts = sorted(row.attempts.all(), key=lambda attempt: attempt.number)
    return {
        "id": row.public_id,
        "webhookEndpointId": row.endpoint.public_id,
        "type": row.type,
        "status": row.status,
        "payload": row.payload,
        "attemptCount": row.attempt_count,
        "createdAt": row.created_at,
        "attempts": [_attempt(attempt) for attempt in attempts],
        **present(
            nextAttemptAt=row.next_attempt_at if is_waiting else None,
            deliveredAt=row.delivered_at,
        ),
    }


def _attempt(row: DeliveryAttempt) -> dict[str, Any]:
    return {
        "number": row.number,
        "attemptedAt": row.attempted_at,
        **present(
            responseStatus=row.response_status,
            responseBody=row.response_body,
            durationMs=row.duration_ms,
            error=row.error,
        ),
    }


class Endpoints(WireView):
    tag = "webhooks"

    @own(
        body=GetWebhookEndpointsBody,
        returns=GetWebhookEndpointsResponse,
        operation_id="getPlatformWebhookEndpoints",
        summary="웹훅 목록",
    )
    def get(self, call: Call[GetWebhookEndpointsBody]) -> dict[str, Any]:
        found, page = page_of(listening(call).order_by("-pk"), given(call.body.page, PageInput()))
        is_test = call.workspace.is_test
        return {
            "items": [endpoint_to_wire(row, is_test=is_test) for row in found],
            "page": page,
            "eventTypes": sorted(services.TYPES),
        }

    @own(
        body=CreateWebhookEndpointBody,
        returns=WebhookEndpointWithSecret,
        operation_id="createPlatformWebhookEndpoint",
        summary="웹훅 만들기",
    )
    def post(self, call: Call[CreateWebhookEndpointBody]) -> dict[str, Any]:
        endpoint, secret = services.create_endpoint(
            workspace=call.workspace,
            actor=call.actor,
            url=call.body.url,
            event_types=call.body.event_types,
        )
        shown = endpoint_to_wire(endpoint, is_test=call.workspace.is_test)
        return {"webhookEndpoint": shown, "secret": secret}


class SingleEndpoint(WireView):
    tag = "webhooks"

    @own(
        returns=WebhookEndpointState,
        errors=[WebhookEndpointNotFound],
        operation_id="getPlatformWebhookEndpoint",
        summary="웹훅 조회",
    )
    def get(self, call: Call[None]) -> dict[str, Any]:
        return endpoint_to_wire(named(call), is_test=call.workspace.is_test)

    @own(
        body=UpdateWebhookEndpointBody,
        returns=WebhookEndpointResponse,
        errors=[WebhookEndpointNotFound],
        operation_id="updatePlatformWebhookEndpoint",
        summary="웹훅 변경",
    )
    def patch(self, call: Call[UpdateWebhookEndpointBody]) -> dict[str, Any]:
        changed = services.change_endpoint(
            endpoint=named(call),
            actor=call.actor,
            url=given(call.body.url, None),
            event_types=given(call.body.event_types, None),
            is_active=given(call.body.is_active, None),
        )
        return {"webhookEndpoint": endpoint_to_wire(changed, is_test=call.workspace.is_test)}

    @own(
        errors=[WebhookEndpointNotFound],
        operation_id="deletePlatformWebhookEndpoint",
        summary="웹훅 삭제",
    )
    def delete(self, call: Call[None]) -> None:
        services.delete_endpoint(endpoint=named(call), actor=call.actor)


class RotateSecret(WireView):
    tag = "webhooks"

    @own(
        body=RotateWebhookSecretBody,
        returns=WebhookEndpointWithSecret,
        errors=[WebhookEndpointNotFound, Conflict],
        operation_id="rotatePlatformWebhookEndpointSecret",
        summary="웹훅 시크릿 교체",
    )
    def post(self, call: Call[RotateWebhookSecretBody]) -> dict[str, Any]:
        endpoint = named(call)
        overlap = timedelta(hours=call.body.overlap_hours)
        secret = services.rotate_secret(endpoint=endpoint, actor=call.actor, overlap=overlap)
        endpoint.refresh_from_db()
        shown = endpoint_to_wire(endpoint, is_test=call.workspace.is_test)
        return {"webhookEndpoint": shown, "secret": secret}


class SendTest(WireView):
    tag = "webhooks"

    @own(
        returns=WebhookDeliveryResponse,
        errors=[WebhookEndpointNotFound, Conflict],
        operation_id="testPlatformWebhookEndpoint",
        summary="시험 웹훅 보내기",
    )
    def post(self, call: Call[None]) -> dict[str, Any]:
        delivery = services.send_test(endpoint=named(call), actor=call.actor)
        return {"webhookDelivery": delivery_to_wire(delivery)}


class Deliveries(WireView):
    tag = "webhooks"

    @own(
        body=GetWebhookDeliveriesBody,
        returns=GetWebhookDeliveriesResponse,
        operation_id="getPlatformWebhookDeliveries",
        summary="웹훅 전송 내역",
    )
    def get(self, call: Call[GetWebhookDeliveriesBody]) -> dict[str, Any]:
        asked = call.body.filter
        found = rows(WebhookDelivery, call.workspace).select_related("endpoint")
        found = among(found, "endpoint__public_id", asked.webhook_endpoint_ids)
        found = among(among(found, "type", asked.types), "status", asked.statuses)
        ordered = found.prefetch_related("attempts").order_by("-pk")
        shown, page = page_of(ordered, given(call.body.page, PageInput()))
        return {"items": [delivery_to_wire(row) for row in shown], "page": page}


class SingleDelivery(WireView):
    tag = "webhooks"

    @own(
        returns=WebhookDeliveryState,
        errors=[WebhookDeliveryNotFound],
        operation_id="getPlatformWebhookDelivery",
        summary="웹훅 전송 조회",
    )
    def get(self, call: Call[None]) -> dict[str, Any]:
        return delivery_to_wire(named_delivery(call))


class Replay(WireView):
    tag = "webhooks"

    @own(
        returns=WebhookDeliveryResponse,
        errors=[WebhookDeliveryNotFound, Conflict],
        operation_id="replayPlatformWebhookDelivery",
        summary="웹훅 다시 보내기",
    )
    def post(self, call: Call[None]) -> dict[str, Any]:
        delivery = services.replay(delivery=named_delivery(call), actor=call.actor)
        return {"webhookDelivery": delivery_to_wire(delivery)}


def named_delivery(call: Call[Any]) -> WebhookDelivery:
    return find(WebhookDelivery, call.workspace, call.ids["id"], WebhookDeliveryNotFound)
