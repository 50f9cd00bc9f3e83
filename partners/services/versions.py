"""Write versioned rows: the row is today's state; each change leaves a version and an event."""

from __future__ import annotations

import copy
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core import clock
from core.api.wire import given
from core.bell import ring
from core.companies.access import rows
from core.companies.identifiers import new_id
from core.companies.models import Workspace
from core.errors import InvalidRequest
from core.events.actors import Actor
from core.events.services import record
from partners.models import Partner, PropertyDefinition, Version, VersionedRow
from partners.services.kinds import Kind, kind_of
from partners.services.references import References
from partners.snapshots import Snapshot, differences

Row = TypeVar("Row", bound=VersionedRow)
Changes = dict[str, list[Any]]

RESERVED_IDS = frozenset(
    {
        "batch",
        "schedule",
        "counterparty-connect",
        "counterparty-disconnect",
        "member-company-connect",
        "member-company-disconnect",
    }
)
"""Words of the API's own paths (contract.md b)."""

PROPERTIES = "userDefinedProperties."
HIDDEN = ["****", "****"]

ACCOUNT_FACTS = frozenset({"account.bank", "account.number", "account.holder", "account.currency"})


def new_row(kind: Kind, workspace: Workspace, body: Any, references: References) -> Any:
    """An unsaved row as the input describes it."""
    public_id = given(body.id, new_id(kind.id_prefix))
    if public_id in RESERVED_IDS:
        message = _("등록하지 않았습니다. %(id)s는 아이디로 쓸 수 없습니다.") % {"id": public_id}
        raise InvalidRequest(message)
    row = kind.model(workspace=workspace, public_id=public_id, applied_at=clock.now())
    kind.change(row, body, references)
    return row


def insert(row: VersionedRow, *, actor: Actor) -> None:
    """Save a new row with its first version, or say that its id is taken."""
    kind = kind_of(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if rows(kind.model, row.workspace).filter(public_id=row.public_id).exists():
            raise kind.already_exists() from None
        raise
    version_of(row, number=1, actor=actor).save()
    note(row, "created", actor=actor, changes={"version": 1})
    ring_checks(row)


def version_of(row: VersionedRow, *, number: int, actor: Actor) -> Any:
    """An unsaved applied version: the row as it is."""
    kind = kind_of(row)
    return kind.version(
        workspace=row.workspace,
        subject=row,
        number=number,
        applied_at=row.applied_at,
        content=kind.snapshot(row),
        actor_name=actor.name,
    )


def locked(row: Row) -> Row:
    """The row as it is now, ours until the transaction ends."""
    related = ["workspace__company"]
    if isinstance(row, Partner):
        related.append("default_contract")
    fresh = type(row)._default_manager.select_related(*related).select_for_update(of=("self",))
    return fresh.get(pk=row.pk)


def put(row: VersionedRow, update: Any, references: References) -> Changes:
    """Put an update onto the row in memory; returns what changed."""
    kind = kind_of(row)
    before, account = kind.snapshot(row), _account(row)
    kind.change(row, update, references)
    changes = differences(before, kind.snapshot(row))
    if _account(row) != account:
        changes.setdefault("account.number", HIDDEN)
    return changes


def preview(row: VersionedRow, update: Any) -> Changes:
    """What an update would change; nothing is written."""
    return put(copy.copy(row), update, References(row.workspace))


def drafted(row: VersionedRow, update: Any) -> Snapshot:
    """The row's snapshot as an update would make it; nothing is written."""
    kind, future = kind_of(row), copy.copy(row)
    kind.change(future, update, References(row.workspace))
    return kind.snapshot(future)


def change(row: VersionedRow, update: Any, *, actor: Actor) -> Changes:
    """Update a locked row now. Nothing different leaves no trace."""
    changes = put(row, update, References(row.workspace))
    if changes:
        row.applied_at = clock.now()
        row.save()
        number = next_number(row)
        version_of(row, number=number, actor=actor).save()
        note_change(row, "updated", actor=actor, changes=changes, number=number)
    return changes


def next_number(row: VersionedRow) -> int:
    versions = kind_of(row).version._default_manager.filter(subject=row)
    last: int | None = versions.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def scheduled_version(row: VersionedRow) -> Version | None:
    versions = kind_of(row).version._default_manager.filter(subject=row)
    scheduled: Version | None = versions.filter(status=Version.Status.SCHEDULED).first()
    return scheduled


def note_change(
    row: VersionedRow, verb: str, *, actor: Actor, changes: Changes, number: int
) -> None:
    note(row, verb, actor=actor, changes={**changes, "version": number})
    note_account_change(row, changes, actor=actor)
    ring_checks(row)


def note_account_change(row: VersionedRow, changes: Changes, *, actor: Actor) -> None:
    """Another account is where frauds begin: an event of its own to listen to."""
    account = account_changes(changes)
    if account is not None:
        note(row, "account_changed", actor=actor, changes=account)


def account_changes(changes: Changes) -> Snapshot | None:
    """What of it is about the account; None when that is still the same one."""
    if not changes.keys() & ACCOUNT_FACTS:
        return None
    return {name: value for name, value in changes.items() if name.startswith("account.")}


def note(
    row: VersionedRow, verb: str, *, actor: Actor, changes: Snapshot | None = None, reason: str = ""
) -> None:
    """An event about a row: partner.created, contract.scheduled …"""
    kind = kind_of(row)
    record(
        f"{kind.name}.{verb}",
        workspace=row.workspace,
        object_type=kind.name,
        object_id=row.public_id,
        actor=actor,
        changes=_without_secrets(row, changes or {}),
        reason=reason,
    )


def _without_secrets(row: VersionedRow, changes: Snapshot) -> Snapshot:
    """Values of secret properties stay out of the trail, which more people read."""
    touched = [path for path in changes if path.startswith(PROPERTIES)]
    if not touched:
        return changes
    secret = PropertyDefinition.objects.filter(workspace=row.workspace, is_secret=True)
    paths = {f"{PROPERTIES}{key}.string" for key in secret.values_list("key", flat=True)}
    return {path: HIDDEN if path in paths else value for path, value in changes.items()}


def ring_checks(row: VersionedRow) -> None:
    """Have holder and business status looked up soon; the due row itself is the work."""
    if isinstance(row, Partner) and row.checks_due_at is not None:
        ring("partners.run_due_checks")


def _account(row: VersionedRow) -> str:
    """What the masked number in a snapshot cannot tell apart."""
    return row.account_number_hash if isinstance(row, Partner) else ""
