"""Our own operations on what the house remembers: jobs and events."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

import msgspec
from django.db.models import QuerySet
from msgspec import Meta

from core.api.listing import among, counts, matching, present
from core.api.operations import Call, Operation, WireView
from core.api.paging import PageInfo, PageInput, page_of
from core.api.wire import UNSET, Int64, Text, Timestamp, UnsetType, Wire, given
from core.companies.access import find, rows
from core.companies.models import Permission
from core.companies.services import with_predecessors
from core.errors import Conflict, Forbidden, InvalidRequest, NotFound
from core.events.models import Event
from core.jobs.models import Job, JobFailure
from core.jobs.services import cancel_job

own = partial(Operation, own=True, scope=Permission.RECORD_READ)
JobStatus = Literal["WAITING", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"]


class JobNotFound(NotFound):
    type = "JOB_NOT_FOUND"
    message = "작업을 찾을 수 없습니다."


class JobState(Wire):
    """One long piece of work, and how far it is."""

    id: Text
    kind: Text
    title: Text
    status: JobStatus
    status_updated_at: Timestamp
    stage: Text | UnsetType = UNSET
    total_count: Int64
    done_count: Int64
    failed_count: Int64
    error: Text | UnsetType = UNSET
    actor_name: Text
    created_at: Timestamp
    started_at: Timestamp | UnsetType = UNSET
    finished_at: Timestamp | UnsetType = UNSET


class JobFilter(Wire):
    statuses: list[JobStatus] | UnsetType = UNSET
    kinds: list[Text] | UnsetType = UNSET


class GetJobsBody(Wire):
    filter: JobFilter = msgspec.field(default_factory=JobFilter)
    page: PageInput | UnsetType = UNSET


class JobStatusStats(Wire):
    waiting: Int64
    running: Int64
    succeeded: Int64
    failed: Int64
    cancelled: Int64


class GetJobsResponse(Wire):
    items: list[JobState]
    page: PageInfo
    counts: JobStatusStats


class JobResponse(Wire):
    job: JobState


class JobFailureRow(Wire):
    """One row that did not go through, as it came and why."""

    row_number: Int64
    column: Text | UnsetType = UNSET
    code: Text
    message: Text
    raw: dict[str, Any]


class GetJobFailuresBody(Wire):
    page: PageInput | UnsetType = UNSET


class GetJobFailuresResponse(Wire):
    items: list[JobFailureRow]
    page: PageInfo


class EventRecord(Wire):
    """One thing that happened. `changes`: the facts of it, as [before, after] where both exist."""

    id: Text
    kind: Text
    object_type: Text
    object_id: Text | UnsetType = UNSET
    actor_type: Text
    actor_name: Text
    reason: Text | UnsetType = UNSET
    changes: dict[str, Any]
    request_id: Text | UnsetType = UNSET
    occurred_at: Timestamp


class EventFilter(Wire):
    kinds: list[Text] | UnsetType = UNSET
    object_type: Text | UnsetType = UNSET
    object_id: Text | UnsetType = UNSET


Cursor = Annotated[str, Meta(pattern=r"^[0-9]{1,18}$", examples=["1024"])]


class GetEventsBody(Wire):
    """Backwards from the newest, `before` being the `next` of the page before, or forwards along
    the sealed trail, `after` being the `next` of the last call, "0" for the first. An event enters
    the trail within about a minute; whoever follows it misses none and sees none twice.
    """

    filter: EventFilter = msgspec.field(default_factory=EventFilter)
    before: Cursor | UnsetType = UNSET
    after: Cursor | UnsetType = UNSET
    size: Annotated[int, Meta(ge=1, le=1000)] = 100


class GetEventsResponse(Wire):
    """Backwards, without `next` there is nothing older; forwards it is always there."""

    items: list[EventRecord]
    next: Text | UnsetType = UNSET


def job_to_wire(row: Job) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "kind": row.kind,
        "title": row.title,
        "status": row.status,
        "statusUpdatedAt": row.status_updated_at,
        "totalCount": row.total_count,
        "doneCount": row.done_count,
        "failedCount": row.failed_count,
        "actorName": row.actor_name,
        "createdAt": row.created_at,
        **present(
            stage=row.stage,
            error=row.error,
            startedAt=row.started_at,
            finishedAt=row.finished_at,
        ),
    }


def failures_page(job: Job, page: PageInput) -> dict[str, Any]:
    """What a job did not take, in the order of its rows."""
    shown, info = page_of(job.failures.order_by("row_number", "pk"), page)
    return {"items": [failure_to_wire(row) for row in shown], "page": info}


def failure_to_wire(row: JobFailure) -> dict[str, Any]:
    return {
        "rowNumber": row.row_number,
        "code": row.code,
        "message": row.message,
        "raw": row.raw,
        **present(column=row.column),
    }


class Jobs(WireView):
    tag = "jobs"

    @own(
        body=GetJobsBody,
        returns=GetJobsResponse,
        operation_id="getPlatformJobs",
        summary="작업 목록",
    )
    def get(self, call: Call[GetJobsBody]) -> dict[str, Any]:
        found = among(rows(Job, call.workspace), "kind", call.body.filter.kinds)
        shown = among(found, "status", call.body.filter.statuses).order_by("-pk")
        items, page = page_of(shown, given(call.body.page, PageInput()))
        return {
            "items": [job_to_wire(row) for row in items],
            "page": page,
            "counts": counts(found, Job.Status.values),
        }


class SingleJob(WireView):
    tag = "jobs"

    @own(
        returns=JobState,
        errors=[JobNotFound],
        operation_id="getPlatformJob",
        summary="작업 조회",
    )
    def get(self, call: Call[None]) -> dict[str, Any]:
        return job_to_wire(find(Job, call.workspace, call.ids["id"], JobNotFound))


class JobFailures(WireView):
    tag = "jobs"

    @own(
        body=GetJobFailuresBody,
        returns=GetJobFailuresResponse,
        errors=[JobNotFound],
        operation_id="getPlatformJobFailures",
        summary="작업에서 처리하지 못한 행",
    )
    def get(self, call: Call[GetJobFailuresBody]) -> dict[str, Any]:
        """Rows carry what was in the file: only for whoever started the job."""
        job = find(Job, call.workspace, call.ids["id"], JobNotFound)
        must_have_started(call, job)
        return failures_page(job, given(call.body.page, PageInput()))


class CancelJob(WireView):
    tag = "jobs"

    @own(
        returns=JobResponse,
        errors=[JobNotFound, Conflict],
        operation_id="cancelPlatformJob",
        summary="작업 중단",
    )
    def post(self, call: Call[None]) -> dict[str, Any]:
        job = find(Job, call.workspace, call.ids["id"], JobNotFound)
        must_have_started(call, job)
        cancel_job(job=job, actor=call.actor)
        job.refresh_from_db()
        return {"job": job_to_wire(job)}


def must_have_started(call: Call[Any], job: Job) -> None:
    """A program acts on its own jobs, as people do on theirs; a rotated secret is the same one."""
    ours = map(str, with_predecessors(int(call.actor.id)))
    if job.actor_kind != call.actor.kind or job.actor_id not in ours:
        raise Forbidden("바뀐 것은 없습니다. 이 시크릿이 시작한 작업이 아닙니다.")


class Events(WireView):
    tag = "events"

    @own(
        body=GetEventsBody,
        returns=GetEventsResponse,
        operation_id="getPlatformEvents",
        summary="기록 목록",
    )
    def get(self, call: Call[GetEventsBody]) -> dict[str, Any]:
        asked = call.body.filter
        found = among(rows(Event, call.workspace), "kind", asked.kinds)
        found = matching(found, "object_type", asked.object_type)
        found = matching(found, "object_id", asked.object_id)
        if isinstance(call.body.after, str):
            return _forwards(found, call.body, call.body.after)
        return _backwards(found, call.body)


def _backwards(found: QuerySet[Event], body: GetEventsBody) -> dict[str, Any]:
    if isinstance(body.before, str):
        found = found.filter(pk__lt=int(body.before))
    shown = list(found.order_by("-pk")[: body.size + 1])
    items, has_more = shown[: body.size], len(shown) > body.size
    return {
        "items": [event_to_wire(row) for row in items],
        **present(next=str(items[-1].pk) if has_more else None),
    }


def _forwards(found: QuerySet[Event], body: GetEventsBody, after: str) -> dict[str, Any]:
    """In the order of the seals: ids are handed out before commit, so a younger event may still
    appear below one already read.
    """
    if isinstance(body.before, str):
        raise InvalidRequest("읽지 않았습니다. before와 after는 함께 쓸 수 없습니다.")
    sealed = found.filter(seal__sequence__gt=int(after)).select_related("seal")
    items = list(sealed.order_by("seal__sequence")[: body.size])
    last = str(items[-1].seal.sequence) if items else after
    return {"items": [event_to_wire(row) for row in items], "next": last}


def event_to_wire(row: Event) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "kind": row.kind,
        "objectType": row.object_type,
        "actorType": row.actor_kind,
        "actorName": row.actor_name,
        "changes": row.changes,
        "occurredAt": row.occurred_at,
        **present(objectId=row.object_id, reason=row.reason, requestId=row.request_id),
    }
