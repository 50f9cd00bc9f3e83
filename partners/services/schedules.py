"""Changes planned for a moment in the future (contract.md g): one per row, applied by the clock.

The stored update is a difference: it is put onto the row as it is at that moment.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from msgspec import to_builtins

from core import clock, crypto
from core.companies.models import Workspace
from core.errors import DomainError, InvalidRequest
from core.events.actors import Actor
from core.events.notices import notify
from core.events.services import record
from core.shapes import convert
from core.sweeping import going_on
from core.words import korean
from partners import inputs, queries
from partners.errors import (
    ArchivedPartnersCannotBeScheduled,
    ConnectedPartnerCannotBeScheduled,
    ConnectedPartnersCannotBeScheduled,
    PartnerSchedulesAlreadyExist,
)
from partners.models import Partner, PartnerVersion, Version, VersionedRow
from partners.services.facts import UNLINKED, plain_account_number
from partners.services.kinds import KINDS, Kind, kind_of
from partners.services.proofs import claim_proofs
from partners.services.references import References
from partners.services.versions import (
    locked,
    next_number,
    note,
    note_change,
    put,
    scheduled_version,
)
from partners.snapshots import PARTNER, Snapshot, differences, id_pairs, timestamp

Row = TypeVar("Row", bound=VersionedRow)

SCHEDULER = Actor.system("예약 적용")


@transaction.atomic
def schedule_update(
    *, row: VersionedRow, update: Any, applied_at: datetime, actor: Actor
) -> Snapshot:
    """Plan an update; answers the entity as it will be. One pending schedule per row."""
    kind, row = kind_of(row), apply_due_of(locked(row))
    _require_future(applied_at)
    if row.is_archived:
        raise kind.archived()
    if scheduled_version(row) is not None:
        raise kind.schedule_already_exists()
    version = _plan(row, update, applied_at, actor)
    note(row, "scheduled", actor=actor, changes=_plan_note(row, version))
    content: Snapshot = version.content
    return content


@transaction.atomic
def reschedule_update(
    *, row: VersionedRow, update: Any, applied_at: datetime, actor: Actor
) -> Snapshot:
    """Replace what is planned by a new plan from the current row; plans when nothing was. What
    was planned for a moment that has come counts already: it is applied, not replaced."""
    row = apply_due_of(locked(row))
    _require_future(applied_at)
    if row.is_archived:
        raise InvalidRequest("보관된 항목은 예약할 수 없습니다. 바뀐 것은 없습니다.")
    _cancel(row)
    version = _plan(row, update, applied_at, actor)
    note(row, "rescheduled", actor=actor, changes=_plan_note(row, version))
    content: Snapshot = version.content
    return content


@transaction.atomic
def cancel_schedule(*, row: VersionedRow, actor: Actor) -> bool:
    """Drop what is planned; nothing planned, or nothing any more, is fine too. Whether it was."""
    row = apply_due_of(locked(row))
    if not _cancel(row):
        return False
    note(row, "schedule_cancelled", actor=actor)
    return True


@transaction.atomic
def schedule_partners(
    *,
    workspace: Workspace,
    filter: inputs.PartnerFilter,
    update: inputs.UpdatePartner,
    applied_at: datetime,
    actor: Actor,
) -> int:
    """Plan one update for all matching partners, or for none of them. Returns how many."""
    _require_future(applied_at)
    matching = queries.partners_matching(workspace, filter)
    partners = list(
        matching.select_related("workspace", "default_contract")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    _refuse_unschedulable(partners)
    claim_proofs(workspace, update)
    references = References(workspace)
    PartnerVersion.objects.bulk_create(
        (_planned_version(row, update, applied_at, actor, references) for row in partners),
        batch_size=1000,
    )
    record(
        "partner.bulk_scheduled",
        workspace=workspace,
        object_type="partner",
        object_id="",
        actor=actor,
        changes={"count": len(partners), "appliedAt": timestamp(applied_at)},
    )
    return len(partners)


def apply_due_schedules(*, now: datetime | None = None, workspace: Workspace | None = None) -> int:
    """Apply every plan whose moment has come, oldest first. Returns how many.

    Runs by the minute, and before work that depends on terms; safe to run at any time.
    """
    return sum(_apply(kind, pk) for kind, pk in _due(now or clock.now(), workspace))


def sweep_schedules() -> int:
    """The same for everybody, one broken plan aside. Work that depends on terms may not go on."""
    applied = 0
    for kind, pk in _due(clock.now(), None):
        with going_on(f"applying the planned {kind.name}", pk):
            applied += _apply(kind, pk)
    return applied


def _due(now: datetime, workspace: Workspace | None) -> Iterator[tuple[Kind, int]]:
    for kind in KINDS:
        due = kind.version._default_manager.filter(
            status=Version.Status.SCHEDULED, applied_at__lte=now
        )
        if workspace is not None:
            due = due.filter(workspace=workspace)
        for pk in list(due.order_by("applied_at", "pk").values_list("pk", flat=True)):
            yield kind, pk


def apply_due_of(row: Row) -> Row:
    """Apply the row's own plan if its moment has passed, so that later changes come later."""
    version = scheduled_version(row)
    if version is not None and version.applied_at <= clock.now():
        _apply(kind_of(row), version.pk)
        return locked(row)
    return row


@transaction.atomic
def _apply(kind: Kind, version_pk: int) -> int:
    version: Any = kind.version._default_manager.select_related("subject").get(pk=version_pk)
    row = locked(version.subject)
    version.refresh_from_db(fields=["status", "update", "applied_at"])
    if version.status != Version.Status.SCHEDULED:
        return 0
    try:
        with transaction.atomic(), korean():
            _put_planned(row, version, kind)
    except DomainError as error:
        _cancel(row)
        note(row, "schedule_failed", actor=SCHEDULER, reason=error.message)
        _tell_failed(kind, row, error)
        return 0
    return 1


def _tell_failed(kind: Kind, row: Any, error: DomainError) -> None:
    notify(
        f"{kind.name}.schedule_failed",
        workspace=row.workspace,
        object_id=row.public_id,
        name=row.name,
        reason=error.message,
    )


def _put_planned(row: VersionedRow, version: Any, kind: Kind) -> None:
    changes = put(row, _restored(kind, version.update), References(row.workspace))
    row.applied_at = version.applied_at
    row.save()
    number = next_number(row)
    planned = kind.version._default_manager.filter(pk=version.pk, status=Version.Status.SCHEDULED)
    planned.update(status=Version.Status.APPLIED, number=number, content=kind.snapshot(row))
    note_change(row, "schedule_applied", actor=SCHEDULER, changes=changes, number=number)


def _plan(row: VersionedRow, update: Any, applied_at: datetime, actor: Actor) -> Any:
    if isinstance(row, Partner):
        if row.connection_status not in UNLINKED:
            raise ConnectedPartnerCannotBeScheduled()
        claim_proofs(row.workspace, update)
    version = _planned_version(row, update, applied_at, actor, References(row.workspace))
    version.save()
    return version


def _planned_version(
    row: VersionedRow, update: Any, applied_at: datetime, actor: Actor, references: References
) -> Any:
    kind, future = kind_of(row), copy.copy(row)
    kind.change(future, update, references)
    future.applied_at = applied_at
    return kind.version(
        workspace=row.workspace,
        subject=row,
        status=Version.Status.SCHEDULED,
        applied_at=applied_at,
        content=kind.snapshot(future),
        update=_sealed(update),
        actor_name=actor.name,
    )


def _sealed(update: Any) -> Snapshot:
    """The update as JSON; an account number in it only encrypted."""
    body: Snapshot = to_builtins(update)
    if "account" in body:
        account = body["account"]
        number = plain_account_number(account["number"], account["currency"])
        account["number"] = crypto.encrypt(number)
    return body


def _restored(kind: Kind, stored: Snapshot) -> Any:
    body = copy.deepcopy(stored)
    if "account" in body:
        body["account"]["number"] = crypto.decrypt(body["account"]["number"])
    return convert(body, kind.update_shape)


def _cancel(row: VersionedRow) -> bool:
    versions = kind_of(row).version._default_manager.filter(subject=row)
    planned = versions.filter(status=Version.Status.SCHEDULED)
    return bool(planned.update(status=Version.Status.CANCELLED))


def _plan_note(row: VersionedRow, version: Version) -> Snapshot:
    planned = differences(kind_of(row).snapshot(row), version.content)
    return planned | {"appliedAt": timestamp(version.applied_at)}


def _require_future(applied_at: datetime) -> None:
    if applied_at <= clock.now():
        raise InvalidRequest("예약하지 않았습니다. 적용 시각은 지금보다 뒤여야 합니다.")


def _refuse_unschedulable(partners: list[Partner]) -> None:
    if any(row.is_archived for row in partners):
        raise ArchivedPartnersCannotBeScheduled()
    linked = [row.public_id for row in partners if row.connection_status not in UNLINKED]
    if linked:
        raise ConnectedPartnersCannotBeScheduled(**id_pairs(PARTNER, linked))
    pending = PartnerVersion.objects.filter(
        subject__in=partners, status=Version.Status.SCHEDULED
    ).values_list("subject__public_id", flat=True)
    if pending:
        raise PartnerSchedulesAlreadyExist(**id_pairs(PARTNER, sorted(pending)))
