"""The audit trail: who did what, when, and what it changed."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import render

from core.companies.access import rows
from core.console.access import ConsoleRequest, console_page, console_url
from core.console.grid import Choice, Code, DateTime, Grid, Text
from core.console.history import actor, stories, story
from core.events.models import Event

RELATED = 100


class EventFilter(django_filters.FilterSet):
    actor_kind = django_filters.MultipleChoiceFilter(label="누가", choices=Event.ActorKind.choices)
    actor_name = django_filters.CharFilter(label="이름", lookup_expr="icontains")
    object_type = django_filters.CharFilter(label="대상 종류")
    object_id = django_filters.CharFilter(label="대상 아이디")
    kind = django_filters.CharFilter(label="기록 종류", lookup_expr="startswith")


class EventGrid(Grid[Event]):
    model = Event
    title = "감사"
    columns = [
        DateTime("occurred_at", "일시"),
        Text("kind", "기록", value=lambda event: story(event).title, sort="kind"),
        Text("actor_name", "이름", value=actor, sort="actor_name"),
        Choice("actor_kind", "누가"),
        Code("object_id", "대상 아이디"),
        Text("reason", "사유", sort=False),
        Text("changes", "바뀐 값", value=lambda event: changes(event)),
        Code("kind_code", "기록 종류", value=lambda event: event.kind, shown=False),
        Code("request_id", "요청 아이디", sort=False, shown=False),
    ]
    filters = EventFilter
    periods = {"occurred_at": "일시"}
    default_period = "30"
    search = ["object_id", "actor_name", "kind", "reason"]
    detail = "console:event"
    empty = "아직 기록이 없습니다."

    def href(self, row: Event) -> str:
        return console_url(self.request, "console:event", row.pk)


@console_page()
def event_list(request: ConsoleRequest) -> HttpResponseBase:
    return EventGrid(request).serve()


@console_page()
def event_detail(request: ConsoleRequest, pk: int) -> HttpResponseBase:
    """One event and the whole history of its object."""
    event = rows(Event, request.workspace).filter(pk=pk).select_related("seal").first()
    if event is None:
        raise Http404
    context = {
        "event": event,
        "story": story(event),
        "seal": getattr(event, "seal", None),
        "history": stories(history_of(request, event.object_type, event.object_id)),
    }
    return render(request, "console/events/detail.html", context)


def history_of(request: ConsoleRequest, object_type: str, object_id: str) -> QuerySet[Event]:
    """Newest first; for `{% timeline %}` on the page of any object."""
    events = rows(Event, request.workspace).filter(object_type=object_type, object_id=object_id)
    return events.order_by("-id")[:RELATED]


def changes(event: Event) -> str:
    return ", ".join(f"{key} {value}" for key, value in story(event).changes)
