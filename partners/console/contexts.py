"""What the templates show: versions side by side, a change before it is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.companies.access import rows
from core.companies.models import Permission, Workspace
from core.console.access import ConsoleRequest
from core.words import said
from partners.console.words import label, say
from partners.labels import LABELS, PROPERTY
from partners.models import Contract, PropertyDefinition, Version, VersionedRow
from partners.services.kinds import kind_of
from partners.services.versions import Changes
from partners.snapshots import leaves

SHOWN_VERSIONS = 5
UNSHOWN = frozenset(
    {
        "id",
        "graphqlId",
        "isForTest",
        "isArchived",
        "appliedAt",
        "status",
        "account.status",
        "type.businessStatus",
        "type.memberCompanyConnectionStatus",
        "type.memberCompanyConnectionFailedReason",
    }
)
"""Facts that are no terms: they change without a version."""
CONTRACT = "defaultContractId"


@dataclass(frozen=True)
class VersionHead:
    number: str
    title: str
    applied_at: datetime
    actor_name: str
    is_planned: bool


@dataclass(frozen=True)
class FactCell:
    text: str
    differs: bool


@dataclass(frozen=True)
class FactRow:
    label: str
    cells: list[FactCell]

    @property
    def changed(self) -> bool:
        return any(cell.differs for cell in self.cells)


@dataclass(frozen=True)
class VersionTable:
    """Oldest on the left; a cell differs when it is not what the version before it said."""

    heads: list[VersionHead]
    rows: list[FactRow]
    choices: list[VersionHead]
    """Every version that was in force, newest first, to choose two of."""
    chosen: tuple[str, str]
    hidden_count: int


def version_table(request: ConsoleRequest, row: VersionedRow) -> VersionTable:
    """The newest versions and the plan, or the two that the address names (`left`, `right`)."""
    versions = kind_of(row).version._default_manager.filter(subject=row)
    applied = list(versions.filter(status=Version.Status.APPLIED).order_by("-number"))
    planned = list(versions.filter(status=Version.Status.SCHEDULED))
    left, right = (request.GET.get(side, "") for side in ("left", "right"))
    shown = [*reversed(applied[:SHOWN_VERSIONS]), *planned]
    by_number = {str(version.number): version for version in applied}
    two = [by_number[side] for side in (left, right) if side in by_number]
    if len(two) == 2:
        shown = two
    contents = [dict(leaves(version.content)) for version in shown]
    hidden = UNSHOWN | secret_paths(request)
    paths = [path for path in _ordered(contents) if path not in hidden]
    names = _contract_names(row.workspace, [content.get(CONTRACT) for content in contents])
    return VersionTable(
        heads=[_head(version) for version in shown],
        rows=[FactRow(label(path), _cells(path, contents, names)) for path in paths],
        choices=[_head(version) for version in applied],
        chosen=(str(shown[0].number), str(two[1].number if len(two) == 2 else applied[0].number)),
        hidden_count=len(applied) + len(planned) - len(shown),
    )


def _head(version: Any) -> VersionHead:
    planned = version.status == Version.Status.SCHEDULED
    title = said("예약") if planned else _("버전 %(number)s") % {"number": version.number}
    return VersionHead(str(version.number), title, version.applied_at, version.actor_name, planned)


def _ordered(contents: Sequence[dict[str, Any]]) -> Iterable[str]:
    """Known facts in the order of their words, properties last."""
    present = {path for content in contents for path in content}
    known = [path for path in LABELS if path in present]
    return known + sorted(path for path in present if path.startswith(PROPERTY))


def _cells(
    path: str, contents: Sequence[dict[str, Any]], names: Mapping[str, str]
) -> list[FactCell]:
    values = [content.get(path) for content in contents]
    before = [values[0], *values[:-1]]
    return [
        FactCell(_said(path, value, names), value != old)
        for value, old in zip(values, before, strict=True)
    ]


def _said(path: str, value: Any, names: Mapping[str, str]) -> str:
    return say(path, names.get(value, value) if path == CONTRACT else value)


def _contract_names(workspace: Workspace, ids: Iterable[str | None]) -> dict[str, str]:
    """By id: forms choose contracts by name, so what is read before saving names them too."""
    asked = {public_id for public_id in ids if public_id}
    if not asked:
        return {}
    contracts = rows(Contract, workspace).filter(public_id__in=asked)
    return dict(contracts.values_list("public_id", "name"))


def secret_paths(request: ConsoleRequest) -> frozenset[str]:
    """Snapshot paths of properties this person may not see."""
    if request.member.may(Permission.SECRET_VIEW):
        return frozenset()
    secret = PropertyDefinition.objects.filter(workspace=request.workspace, is_secret=True)
    return frozenset(f"{PROPERTY}{key}.string" for key in secret.values_list("key", flat=True))


@dataclass(frozen=True)
class FactChange:
    path: str
    label: str
    before: str
    after: str


def change_lines(row: VersionedRow, changes: Changes) -> list[FactChange]:
    """A change as people read it before they confirm it."""
    names = _contract_names(row.workspace, changes.get(CONTRACT, ()))
    return [
        FactChange(path, label(path), _said(path, old, names), _said(path, new, names))
        for path, (old, new) in changes.items()
        if path not in UNSHOWN or path == "isArchived"
    ]


def facts(row: VersionedRow) -> list[tuple[str, str]]:
    """The terms of a row as label and words, empty ones left out."""
    found = dict(leaves(kind_of(row).snapshot(row)))
    shown = (path for path in _ordered([found]) if path not in UNSHOWN)
    return [(label(path), say(path, found[path])) for path in shown]
