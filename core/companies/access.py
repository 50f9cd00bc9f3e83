"""The only gateway from a caller to rows: a workspace first, then rows of that workspace."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet

from core.clock import Calendar
from core.companies.models import Company, HolidayOverride, Member, User, Workspace
from core.errors import NotFound

Row = TypeVar("Row", bound=Model)


def rows(model: type[Row], workspace: Workspace) -> QuerySet[Row]:
    """Every read of business rows starts here."""
    return model._default_manager.filter(workspace=workspace)


def find(
    model: type[Row], workspace: Workspace, public_id: str, error: type[NotFound] = NotFound
) -> Row:
    """One row by its public id; a foreign id is as absent as a missing one."""
    row = rows(model, workspace).filter(public_id=public_id).first()
    if row is None:
        raise error()
    return row


def workspace_of(company: Company, *, test: bool) -> Workspace:
    environment = Workspace.Environment.TEST if test else Workspace.Environment.LIVE
    return company.workspaces.get(environment=environment)


def membership(user: User, slug: str) -> Member | None:
    return (
        Member.objects.select_related("company", "user")
        .filter(user=user, company__slug=slug, is_active=True)
        .first()
    )


def calendar_of(company: Company) -> Calendar:
    """Business days as this company knows them."""
    overrides = list(HolidayOverride.objects.filter(company=company))
    return Calendar.with_overrides(
        added=(row.day for row in overrides if row.is_holiday),
        removed=(row.day for row in overrides if not row.is_holiday),
    )
