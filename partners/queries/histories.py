"""Which version of a contract or policy holds on a day (contract.md e.2, g)."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Generic, TypeVar

from core import crypto
from core.clock import kst_date
from core.companies.access import rows
from core.companies.models import Workspace
from partners.models import Partner, Version, VersionedRow

AnyVersion = TypeVar("AnyVersion", bound=Version)


@dataclass(frozen=True)
class History(Generic[AnyVersion]):
    """The applied versions of one row, oldest first; never empty."""

    public_id: str
    versions: tuple[AnyVersion, ...]

    @cached_property
    def days(self) -> list[date]:
        return [kst_date(version.applied_at) for version in self.versions]

    def on(self, day: date) -> AnyVersion:
        """The last version applied on or before a Korean day, else the first: a contract made
        today also serves older orders."""
        return self.versions[max(bisect_right(self.days, day) - 1, 0)]


def version_in_force(versions: Iterable[AnyVersion], start_date: date) -> AnyVersion:
    """The version for a settlement start date among all versions of one row (contract.md e.2)."""
    applied = [version for version in versions if version.status == Version.Status.APPLIED]
    ordered = tuple(sorted(applied, key=lambda version: version.number))
    return History("", ordered).on(start_date)


def histories(
    model: type[Any], workspace: Workspace, public_ids: Iterable[str] | None = None
) -> dict[str, History[Any]]:
    """Histories by public id in one query, for the given ids or for the whole workspace."""
    version_model = model._meta.get_field("versions").related_model
    versions = version_model._default_manager.filter(
        workspace=workspace, status=Version.Status.APPLIED
    )
    if public_ids is not None:
        ids = rows(model, workspace).filter(public_id__in=set(public_ids)).values("pk")
        versions = versions.filter(subject__in=ids)
    by_id: dict[str, list[Any]] = defaultdict(list)
    for version in versions.select_related("subject").order_by("number"):
        by_id[version.subject.public_id].append(version)
    return {public_id: History(public_id, tuple(found)) for public_id, found in by_id.items()}


def scheduled_snapshot(row: VersionedRow, *, clear_account: bool = False) -> Any:
    """The entity as its planned change will make it, or None when nothing is planned.

    Plans keep account numbers masked; `clear_account` is for the API, which answers them.
    """
    model: Any = type(row)
    versions = model._meta.get_field("versions").related_model
    planned = versions._default_manager.filter(subject=row, status=Version.Status.SCHEDULED)
    found = planned.first()
    if found is None:
        return None
    if clear_account and isinstance(row, Partner):
        sealed = found.update.get("account", {}).get("number")
        number = crypto.decrypt(sealed) if sealed else row.account_number
        found.content["account"]["number"] = number
    return found.content
