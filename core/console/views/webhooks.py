"""웹훅: who listens outside, what was sent to them and what they answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.companies.access import find, rows
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url
from core.console.forms import RotateForm, WebhookForm, changes_of, remember_opened
from core.console.grid import Badge, Code, DateTime, Grid, Number, Text
from core.errors import DomainError, InvalidRequest, NotFound
from core.events.models import WebhookDelivery, WebhookEndpoint
from core.events.webhooks import services

RECENT = 20


class DeliveryFilter(django_filters.FilterSet):
    type = django_filters.CharFilter(label="이벤트", lookup_expr="startswith")
    endpoint = django_filters.CharFilter(label="웹훅 아이디", field_name="endpoint__public_id")


class DeliveryGrid(Grid[WebhookDelivery]):
    model = WebhookDelivery
    title = "웹훅 전송"
    columns = [
        Text("type", "이벤트"),
        Badge("status", "상태"),
        Text("endpoint__url", "주소"),
        Number("attempt_count", "시도", unit="번"),
        DateTime("created_at", "만든 일시"),
        DateTime("delivered_at", "전달 일시"),
        Code("public_id", "webhook-id"),
    ]
    tabs = "status"
    filters = DeliveryFilter
    periods = {"created_at": "만든 일시"}
    default_period = "7"
    search = ["public_id", "type"]
    detail = "console:webhook_delivery"
    empty = "아직 보낸 웹훅이 없습니다."
    empty_help = "웹훅을 만들고 시험 전송을 해 보세요."

    def queryset(self) -> QuerySet[WebhookDelivery]:
        return rows(WebhookDelivery, self.request.workspace).select_related("endpoint")


@console_page(Permission.INTEGRATION)
def webhook_list(request: ConsoleRequest) -> HttpResponseBase:
    """A new secret is shown by the answer to its POST and never again."""
    form = WebhookForm(request.POST or None, types=services.TYPES)
    shown: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            endpoint, secret = services.create_endpoint(
                workspace=request.workspace, actor=request.actor, **form.cleaned_data
            )
        except DomainError as error:
            form.add_error("url", error.message)
        else:
            shown = {"secret": secret, "created": endpoint}
            form = WebhookForm(types=services.TYPES)
    context = {"form": form, "endpoints": _listening(request), **shown}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "console/webhooks/list.html", context, status=status)


@console_page(Permission.INTEGRATION)
def webhook_detail(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    endpoint = _named(request, public_id)
    form = _form_of(endpoint, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_endpoint(endpoint=endpoint, actor=request.actor, **changes_of(form))
        except DomainError as error:
            form.add_error("url", error.message)
        else:
            messages.success(request, "웹훅을 저장했습니다. 다음 이벤트부터 적용됩니다.")
            return redirect(console_url(request, "console:webhook", public_id))
    return _detail(request, endpoint, form)


def _form_of(endpoint: WebhookEndpoint, data: QueryDict | None = None) -> WebhookForm:
    chosen = {"url": endpoint.url, "event_types": endpoint.event_types}
    form = WebhookForm(data, initial=chosen, types=services.TYPES)
    remember_opened(form, form.fields)
    return form


def _detail(
    request: ConsoleRequest, endpoint: WebhookEndpoint, form: WebhookForm, secret: str = ""
) -> HttpResponseBase:
    context = {
        "endpoint": endpoint,
        "form": form,
        "rotate_form": RotateForm(),
        "deliveries": endpoint.deliveries.order_by("-pk")[:RECENT],
        "secret": secret,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "console/webhooks/detail.html", context, status=status)


@require_POST
@console_page(Permission.INTEGRATION)
def webhook_rotate(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    endpoint, form = _named(request, public_id), RotateForm(request.POST)
    if not form.is_valid():
        raise InvalidRequest("교체하지 않았습니다. 함께 쓰는 기간을 골라 주세요.")
    overlap = timedelta(hours=form.cleaned_data["overlap_hours"])
    secret = services.rotate_secret(endpoint=endpoint, actor=request.actor, overlap=overlap)
    endpoint.refresh_from_db()
    return _detail(request, endpoint, _form_of(endpoint), secret)


@require_POST
@console_page(Permission.INTEGRATION)
def webhook_active(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    is_active = request.POST.get("is_active") == "1"
    services.change_endpoint(
        endpoint=_named(request, public_id), actor=request.actor, is_active=is_active
    )
    on, off = (
        "웹훅을 켰습니다. 기다리던 것도 보냅니다.",
        "웹훅을 껐습니다. 새로 보내지 않습니다.",
    )
    messages.success(request, on if is_active else off)
    return redirect(console_url(request, "console:webhook", public_id))


@require_POST
@console_page(Permission.INTEGRATION)
def webhook_test(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    delivery = services.send_test(endpoint=_named(request, public_id), actor=request.actor)
    messages.success(request, "시험 웹훅을 보냅니다. 결과는 이 화면에 나타납니다.")
    return redirect(console_url(request, "console:webhook_delivery", delivery.public_id))


@require_POST
@console_page(Permission.INTEGRATION)
def webhook_delete(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    services.delete_endpoint(endpoint=_named(request, public_id), actor=request.actor)
    messages.success(request, "웹훅을 삭제했습니다. 더는 보내지 않습니다.")
    return redirect(console_url(request, "console:webhooks"))


@console_page(Permission.INTEGRATION)
def delivery_list(request: ConsoleRequest) -> HttpResponseBase:
    return DeliveryGrid(request).serve()


@console_page(Permission.INTEGRATION)
def delivery_detail(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    delivery = find(WebhookDelivery, request.workspace, public_id)
    context = {"delivery": delivery, "attempts": delivery.attempts.order_by("-number")}
    return render(request, "console/webhooks/delivery.html", context)


@require_POST
@console_page(Permission.INTEGRATION)
def delivery_replay(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    delivery = find(WebhookDelivery, request.workspace, public_id)
    services.replay(delivery=delivery, actor=request.actor)
    messages.success(request, "같은 webhook-id로 다시 보냅니다.")
    return redirect(console_url(request, "console:webhook_delivery", public_id))


def _listening(request: ConsoleRequest) -> QuerySet[WebhookEndpoint]:
    found = rows(WebhookEndpoint, request.workspace).filter(deleted_at=None)
    return found.annotate(
        waiting=Count("deliveries", filter=Q(deliveries__status="WAITING")),
        failed=Count("deliveries", filter=Q(deliveries__status="FAILED")),
        last_delivered_at=Max("deliveries__delivered_at"),
    ).order_by("-pk")


def _named(request: ConsoleRequest, public_id: str) -> WebhookEndpoint:
    endpoint = find(WebhookEndpoint, request.workspace, public_id)
    if endpoint.deleted_at is not None:
        raise NotFound("삭제한 웹훅입니다.")
    return endpoint
