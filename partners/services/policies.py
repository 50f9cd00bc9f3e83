"""Create, change, archive and recover contracts, discount-share and additional-fee policies."""

from __future__ import annotations

from typing import TypeVar

from django.db import transaction

from core.companies.models import Workspace
from core.events.actors import Actor
from partners import inputs
from partners.models import (
    AdditionalFeePolicy,
    Contract,
    DiscountSharePolicy,
    VersionedRow,
)
from partners.services import kinds
from partners.services.references import References
from partners.services.schedules import apply_due_of
from partners.services.versions import (
    change,
    insert,
    locked,
    new_row,
    note,
    scheduled_version,
)

Policy = TypeVar("Policy", Contract, DiscountSharePolicy, AdditionalFeePolicy)
PolicyUpdate = (
    inputs.UpdateContract | inputs.UpdateDiscountSharePolicy | inputs.UpdateAdditionalFeePolicy
)


@transaction.atomic
def create_contract(*, workspace: Workspace, actor: Actor, body: inputs.CreateContract) -> Contract:
    """A contract in force from now, and for everything older (contract.md c.2)."""
    row: Contract = new_row(kinds.CONTRACT, workspace, body, References(workspace))
    insert(row, actor=actor)
    return row


@transaction.atomic
def create_discount_share_policy(
    *, workspace: Workspace, actor: Actor, body: inputs.CreateDiscountSharePolicy
) -> DiscountSharePolicy:
    """Which part of a discount the partner bears, in 10⁻⁵ (contract.md c.3)."""
    row: DiscountSharePolicy = new_row(kinds.DISCOUNT_SHARE, workspace, body, References(workspace))
    insert(row, actor=actor)
    return row


@transaction.atomic
def create_additional_fee_policy(
    *, workspace: Workspace, actor: Actor, body: inputs.CreateAdditionalFeePolicy
) -> AdditionalFeePolicy:
    """A fee on top of the contract's, rate in 10⁻⁵ or won (contract.md c.3)."""
    row: AdditionalFeePolicy = new_row(kinds.ADDITIONAL_FEE, workspace, body, References(workspace))
    insert(row, actor=actor)
    return row


@transaction.atomic
def update_policy(*, policy: Policy, update: PolicyUpdate, actor: Actor) -> Policy:
    """Change a policy from now on (contract.md c.2): absent fields stay as they are."""
    row = locked(policy)
    if row.is_archived:
        raise kinds.kind_of(row).archived()
    row = apply_due_of(row)
    change(row, update, actor=actor)
    return row


@transaction.atomic
def archive_policy(*, policy: Policy, actor: Actor) -> Policy:
    """Put a policy away (보관): not while a change is planned; what uses it keeps its terms."""
    return set_archived(policy, True, actor=actor)


@transaction.atomic
def recover_policy(*, policy: Policy, actor: Actor) -> Policy:
    return set_archived(policy, False, actor=actor)


Row = TypeVar("Row", bound=VersionedRow)


def set_archived(row: Row, archived: bool, *, actor: Actor) -> Row:
    """Archiving changes no terms, so it leaves an event and no version."""
    row = apply_due_of(locked(row))
    if row.is_archived == archived:
        return row
    if archived and scheduled_version(row) is not None:
        raise kinds.kind_of(row).cannot_archive_scheduled()
    row.is_archived = archived
    row.save(update_fields=["is_archived", "updated_at"])
    note(row, "archived" if archived else "recovered", actor=actor)
    return row
