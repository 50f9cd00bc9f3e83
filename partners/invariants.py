"""What must be true of partners and policies; each query returns the rows that break it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from core import clock
from core.companies.access import rows
from core.companies.models import Workspace
from core.invariants import OFFENDERS, Offender, invariant, offenders
from partners.models import AdditionalFeePolicy, Contract, DiscountSharePolicy, Partner, Version
from partners.snapshots import (
    Snapshot,
    additional_fee_snapshot,
    contract_snapshot,
    differences,
    discount_share_snapshot,
    partner_snapshot,
)

SNAPSHOTS: dict[Any, Callable[[Any], Snapshot]] = {
    Contract: contract_snapshot,
    DiscountSharePolicy: discount_share_snapshot,
    AdditionalFeePolicy: additional_fee_snapshot,
    Partner: partner_snapshot,
}
VERSION_TABLES = {
    model._meta.model_name: model._meta.get_field("versions").related_model._meta.db_table
    for model in SNAPSHOTS
}

OVERDUE_AFTER = timedelta(hours=1)
"""Plans are applied by the minute, look-ups too: an hour is a sweeper that died."""

WITHOUT_VERSION = frozenset(
    {
        "isArchived",
        "status",
        "account.status",
        "type.businessStatus",
        "type.memberCompanyConnectionStatus",
        "type.memberCompanyConnectionFailedReason",
    }
)
"""Facts of a snapshot that change without a version."""


@invariant("every contract, policy and partner stands as its last version says")
def row_is_its_last_version(workspace: Workspace) -> list[Offender]:
    found = (row for model in SNAPSHOTS for row in _strays(model, workspace))
    return list(islice(found, OFFENDERS))


def _strays(model: Any, workspace: Workspace) -> Iterator[Offender]:
    """A row without a version has nothing an order could be calculated with."""
    related = ["workspace", "default_contract"] if model is Partner else ["workspace"]
    versions = model._meta.get_field("versions").related_model._default_manager
    applied = versions.filter(workspace=workspace, status=Version.Status.APPLIED)
    newest = applied.order_by("subject_id", "-number").distinct("subject_id")
    contents: dict[int, Snapshot] = dict(newest.values_list("subject_id", "content"))
    for row in rows(model, workspace).select_related(*related).order_by("pk").iterator():
        content = contents.get(row.pk)
        changes = differences(content or {}, SNAPSHOTS[model](row)).keys() - WITHOUT_VERSION
        if content is None or changes:
            name = model._meta.model_name
            yield {"kind": name, "public_id": row.public_id, "differs": sorted(changes)}


@invariant("versions count from one without gaps, each applied after the one before")
def versions_are_in_order(workspace: Workspace) -> list[Offender]:
    tables = " UNION ALL ".join(
        f"""
        SELECT '{name}' AS kind, subject_id, number, applied_at,
               row_number() OVER history AS place, lag(applied_at) OVER history AS before
        FROM {table}
        WHERE workspace_id = %(workspace)s AND status = 'APPLIED'
        WINDOW history AS (PARTITION BY subject_id ORDER BY number)
        """
        for name, table in VERSION_TABLES.items()
    )
    return offenders(
        f"""
        SELECT kind, subject_id, number FROM ({tables}) versions
        WHERE number <> place OR applied_at < before
        """,
        workspace,
    )


@invariant("no planned change is overdue")
def plans_are_applied(workspace: Workspace) -> list[Offender]:
    tables = " UNION ALL ".join(
        f"""
        SELECT '{name}' AS kind, subject_id, applied_at::text
        FROM {table}
        WHERE workspace_id = %(workspace)s AND status = 'SCHEDULED' AND applied_at < %(due)s
        """
        for name, table in VERSION_TABLES.items()
    )
    return offenders(tables, workspace, due=clock.now() - OVERDUE_AFTER)


@invariant("no look-up of a holder or business is overdue")
def checks_are_run(workspace: Workspace) -> list[Offender]:
    return offenders(
        """
        SELECT public_id, checks_due_at::text FROM partners_partner
        WHERE workspace_id = %(workspace)s AND checks_due_at < %(due)s
        """,
        workspace,
        due=clock.now() - OVERDUE_AFTER,
    )


@invariant("a linked partner is a business with a registration number")
def links_are_of_businesses(workspace: Workspace) -> list[Offender]:
    return offenders(
        """
        SELECT public_id, type, connection_status FROM partners_partner
        WHERE workspace_id = %(workspace)s
          AND connection_status <> 'NOT_CONNECTED'
          AND (type <> 'BUSINESS' OR business_registration_number = '')
        """,
        workspace,
    )
