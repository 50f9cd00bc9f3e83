"""Contracts, policies and partners are reached by the same ten operations; they are written once.

A Family says what differs: path, names on the wire, verbs. (contract.md b, g)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern, path

from core.api.operations import Call, Operation, WireView
from core.api.paging import PageInfo, PageInput, page_of
from core.api.wire import UNSET, Empty, Timestamp, UnsetType, given, make_shape
from core.companies.access import find
from core.companies.models import Permission
from core.errors import DomainError
from partners import services
from partners.queries import scheduled_snapshot
from partners.services.kinds import Kind
from partners.snapshots import Snapshot

Errors = Sequence[type[DomainError]]


def _all_of_it(snapshot: Snapshot) -> Snapshot:
    return snapshot


@dataclass(frozen=True, kw_only=True)
class Family:
    kind: Kind
    segment: str
    """`contracts` in /platform/contracts."""
    noun: str
    """`Contract`: in operation ids and, with a small letter, in responses."""
    plural: str
    shape: type[Any]
    create_shape: type[Any]
    filter_shape: type[Any]
    matching: Callable[[Any, Any], QuerySet[Any, Any]]
    snapshot: Callable[[Any], Snapshot]
    create: Callable[..., Any]
    update: Callable[[Any, Any, Any], Any]
    archive: Callable[[Any, Any], Any]
    recover: Callable[[Any, Any], Any]
    read: Permission
    write: Permission
    shown: Callable[[Call[Any]], Callable[[Snapshot], Snapshot]] = lambda call: _all_of_it
    """What a caller may see of a snapshot; called once per request."""
    create_errors: Errors = ()
    update_errors: Errors = ()
    archive_errors: Errors = ()
    recover_errors: Errors = ()
    schedule_errors: Errors = ()
    reschedule_errors: Errors = ()

    @property
    def key(self) -> str:
        return self.noun[0].lower() + self.noun[1:]

    @property
    def scheduled_key(self) -> str:
        return f"scheduled{self.noun}"

    def view(self, call: Call[Any]) -> Callable[[Any], Snapshot]:
        """Rows as this caller sees them."""
        shown = self.shown(call)
        return lambda row: shown(self.snapshot(row))

    def plan(self, call: Call[Any], row: Any) -> Any:
        """As the planned change will make it, or None."""
        planned = scheduled_snapshot(row, clear_account=True)
        return planned and self.shown(call)(planned)

    def row(self, call: Call[Any]) -> Any:
        return find(self.kind.model, call.workspace, call.ids["id"], self.kind.not_found)


def envelope(name: str, field: str, shape: Any) -> type[Any]:
    """A response that wraps one thing: {"contract": {...}}."""
    return make_shape(name, {field: shape})


def paths(family: Family) -> list[URLPattern]:
    """The family's routes. Static segments of other modules must come before these."""
    base = f"platform/{family.segment}"
    return [
        path(base, _collection(family).as_view()),
        path(f"{base}/<str:id>", _single(family).as_view()),
        path(f"{base}/<str:id>/archive", _archive(family).as_view()),
        path(f"{base}/<str:id>/recover", _recover(family).as_view()),
        path(f"{base}/<str:id>/schedule", _schedule(family).as_view()),
    ]


def _collection(family: Family) -> type[WireView]:
    kind = family.kind
    body = make_shape(
        f"Get{family.plural}Body",
        {
            "page": (PageInput | UnsetType, UNSET),
            "filter": (family.filter_shape | UnsetType, UNSET),
        },
    )
    listing = make_shape(
        f"Get{family.plural}Response",
        {"items": list[family.shape], "page": PageInfo},  # type: ignore[name-defined]
    )

    class Collection(WireView):
        tag = family.segment

        @Operation(
            body=family.create_shape,
            returns=envelope(f"Create{family.noun}Response", family.key, family.shape),
            scope=family.write,
            errors=[kind.already_exists, *family.create_errors],
            operation_id=f"createPlatform{family.noun}",
            summary=f"{family.kind.word} 생성",
        )
        def post(self, call: Call[Any]) -> dict[str, Any]:
            row = family.create(workspace=call.workspace, actor=call.actor, body=call.body)
            return {family.key: family.view(call)(row)}

        @Operation(
            body=body,
            returns=listing,
            scope=family.read,
            operation_id=f"getPlatform{family.plural}",
            summary=f"{family.kind.word} 목록 조회",
        )
        def get(self, call: Call[Any]) -> dict[str, Any]:
            asked = given(call.body.filter, family.filter_shape())
            found = family.matching(call.workspace, asked).select_related("workspace")
            page_rows, page = page_of(found, given(call.body.page, PageInput()))
            view = family.view(call)
            return {"items": [view(row) for row in page_rows], "page": page}

    return Collection


def _single(family: Family) -> type[WireView]:
    kind = family.kind

    class Single(WireView):
        tag = family.segment

        @Operation(
            returns=family.shape,
            scope=family.read,
            errors=[kind.not_found],
            operation_id=f"getPlatform{family.noun}",
            summary=f"{family.kind.word} 조회",
        )
        def get(self, call: Call[None]) -> dict[str, Any]:
            return family.view(call)(family.row(call))

        @Operation(
            body=kind.update_shape,
            returns=envelope(f"Update{family.noun}Response", family.key, family.shape),
            scope=family.write,
            errors=[kind.not_found, kind.archived, *family.update_errors],
            operation_id=f"updatePlatform{family.noun}",
            summary=f"{family.kind.word} 수정",
        )
        def patch(self, call: Call[Any]) -> dict[str, Any]:
            row = family.update(family.row(call), call.body, call.actor)
            return {family.key: family.view(call)(row)}

    return Single


def _archive(family: Family) -> type[WireView]:
    kind = family.kind

    class Archive(WireView):
        tag = family.segment

        @Operation(
            returns=envelope(f"Archive{family.noun}Response", family.key, family.shape),
            scope=family.write,
            errors=[kind.not_found, kind.cannot_archive_scheduled, *family.archive_errors],
            operation_id=f"archivePlatform{family.noun}",
            summary=f"{family.kind.word} 보관",
        )
        def post(self, call: Call[None]) -> dict[str, Any]:
            return {family.key: family.view(call)(family.archive(family.row(call), call.actor))}

    return Archive


def _recover(family: Family) -> type[WireView]:
    class Recover(WireView):
        tag = family.segment

        @Operation(
            returns=envelope(f"Recover{family.noun}Response", family.key, family.shape),
            scope=family.write,
            errors=[family.kind.not_found, *family.recover_errors],
            operation_id=f"recoverPlatform{family.noun}",
            summary=f"{family.kind.word} 보관 해제",
        )
        def post(self, call: Call[None]) -> dict[str, Any]:
            return {family.key: family.view(call)(family.recover(family.row(call), call.actor))}

    return Recover


def _schedule(family: Family) -> type[WireView]:
    kind = family.kind
    body = make_shape(
        f"Schedule{family.noun}Body",
        {"update": kind.update_shape, "applied_at": Timestamp},
    )

    class Schedule(WireView):
        tag = family.segment

        @Operation(
            body=body,
            returns=envelope(f"Schedule{family.noun}Response", family.scheduled_key, family.shape),
            scope=family.write,
            errors=[
                kind.not_found,
                kind.archived,
                kind.schedule_already_exists,
                *family.schedule_errors,
            ],
            operation_id=f"schedule{family.noun}",
            summary=f"{family.kind.word} 변경 예약",
            unstable=True,
        )
        def post(self, call: Call[Any]) -> dict[str, Any]:
            row = family.row(call)
            services.schedule_update(
                row=row,
                update=call.body.update,
                applied_at=call.body.applied_at,
                actor=call.actor,
            )
            return {family.scheduled_key: family.plan(call, row)}

        @Operation(
            returns=family.shape,
            scope=family.read,
            errors=[kind.not_found],
            operation_id=f"getPlatform{family.noun}Schedule",
            summary=f"예약된 {family.kind.word} 조회",
            unstable=True,
        )
        def get(self, call: Call[None]) -> dict[str, Any]:
            planned: Snapshot | None = family.plan(call, family.row(call))
            if planned is None:
                raise kind.not_found()
            return planned

        @Operation(
            body=body,
            returns=envelope(
                f"Reschedule{family.noun}Response", family.scheduled_key, family.shape
            ),
            scope=family.write,
            errors=[kind.not_found, *family.reschedule_errors],
            operation_id=f"reschedule{family.noun}",
            summary=f"{family.kind.word} 변경 예약 바꾸기",
            unstable=True,
        )
        def put(self, call: Call[Any]) -> dict[str, Any]:
            row = family.row(call)
            services.reschedule_update(
                row=row,
                update=call.body.update,
                applied_at=call.body.applied_at,
                actor=call.actor,
            )
            return {family.scheduled_key: family.plan(call, row)}

        @Operation(
            returns=Empty,
            scope=family.write,
            errors=[kind.not_found],
            operation_id=f"cancelPlatform{family.noun}Schedule",
            summary=f"{family.kind.word} 변경 예약 취소",
            unstable=True,
        )
        def delete(self, call: Call[None]) -> None:
            services.cancel_schedule(row=family.row(call), actor=call.actor)

    return Schedule
