"""A signed-in browser and a list with every feature, over rows the core itself has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import django_filters
import pytest
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.test import Client
from django_htmx.middleware import HtmxDetails

from core.companies.models import Member, Permission, Workspace
from core.console.access import ConsoleRequest
from core.console.grid import Badge, Blocker, BulkAction, Code, DateTime, Grid, Money, Text
from core.events.actors import Actor
from core.jobs.models import Job
from tests.cast import Cast, assemble


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def browser(cast: Cast) -> Callable[[Member], Client]:
    def sign_in(member: Member) -> Client:
        client = Client()
        client.force_login(member.user)
        return client

    return sign_in


def job(workspace: Workspace, number: int, **fields: Any) -> Job:
    values: dict[str, Any] = {
        "workspace": workspace,
        "public_id": f"job-{number:05d}",
        "kind": "test",
        "title": f"작업 {number}",
        "status": "SUCCEEDED",
        "done_count": number * 100,
        "actor_kind": "MEMBER",
        "actor_name": "재무",
    }
    return Job(**values | fields)


def jobs(workspace: Workspace, count: int, **fields: Any) -> None:
    Job.objects.bulk_create(job(workspace, number, **fields) for number in range(1, count + 1))


class JobFilter(django_filters.FilterSet):
    kind = django_filters.CharFilter(label="종류")
    status = django_filters.MultipleChoiceFilter(label="상태", choices=Job.Status.choices)
    done_count = django_filters.RangeFilter(label="완료 건수")


def rename(request: ConsoleRequest, rows: QuerySet[Job], data: Mapping[str, Any]) -> str:
    changed = rows.update(stage="처리됨")
    return f"{changed}건을 처리했습니다."


class SampleGrid(Grid[Job]):
    model = Job
    title = "표본"
    columns = [
        Text("title", "제목"),
        Badge("status", "상태"),
        Money("done_count", "금액", minus="차감"),
        DateTime("created_at", "일시"),
        Text("stage", "단계"),
        Code("public_id", "아이디", shown=False),
    ]
    tabs = "status"
    filters = JobFilter
    periods = {"created_at": "일시"}
    search = ["title"]
    totals = ["done_count"]
    detail = "console:job"
    actions = [
        BulkAction(
            "rename",
            "처리",
            rename,
            Permission.TRANSFER_WRITE,
            total="done_count",
            blockers=[Blocker(Q(status="FAILED"), "실패한 건은 처리할 수 없습니다.")],
        )
    ]


@pytest.fixture
def ask(cast: Cast, rf: Any) -> Callable[..., ConsoleRequest]:
    """A request as `console_page` hands it on: ask("?tab=FAILED", member=cast.viewer)."""

    def build(
        query: str = "",
        *,
        post: dict[str, Any] | None = None,
        member: Member | None = None,
        htmx: bool = False,
        test: bool = False,
    ) -> ConsoleRequest:
        path = "/console/market-a/live/jobs" + query
        headers = {"HX-Request": "true"} if htmx else {}
        request: Any = (
            rf.get(path, headers=headers) if post is None else rf.post(path, post, headers=headers)
        )
        member = member or cast.finance
        request.htmx = HtmxDetails(request)
        request.user, request.member, request.company = member.user, member, member.company
        request.workspace = cast.test if test else cast.live
        request.actor = Actor.member(member)
        request.session = {}
        request._messages = Messages()
        return request

    return build


class Messages(list[Any]):
    def add(self, level: int, message: str, extra_tags: str = "") -> None:
        self.append(message)


def text(response: HttpResponse) -> str:
    if response.streaming:
        return b"".join(response.streaming_content).decode()
    return response.content.decode()
