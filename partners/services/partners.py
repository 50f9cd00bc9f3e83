"""Register, change, approve, archive and link partners (contract.md c.1)."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from core.companies.models import Workspace
from core.errors import IllegalTransition, LostRace
from core.events.actors import Actor
from core.events.transitions import transition
from core.words import said
from partners import inputs
from partners.errors import ArchivedPartner, PartnerPendingNtsOperation
from partners.models import ConnectionStatus, Partner, PartnerStatus
from partners.services.kinds import PARTNER
from partners.services.policies import set_archived
from partners.services.proofs import claim_proofs
from partners.services.references import References
from partners.services.schedules import apply_due_of
from partners.services.versions import change, insert, locked, new_row, note

PENDING_LINKS = frozenset({ConnectionStatus.CONNECT_PENDING, ConnectionStatus.DISCONNECT_PENDING})

ArchiveGuard = Callable[[Partner], None]
ARCHIVE_GUARDS: list[ArchiveGuard] = []
"""Apps to the right add what forbids archiving a partner; a guard raises to refuse."""


@transaction.atomic
def create_partner(
    *, workspace: Workspace, actor: Actor, body: inputs.CreatePartner, approved: bool = True
) -> Partner:
    """Register a partner. Holder and business status are looked up after the commit.

    `approved=False` leaves it waiting for approval, unpayable.
    """
    claim_proofs(workspace, body)
    row: Partner = new_row(PARTNER, workspace, body, References(workspace))
    row.status = PartnerStatus.APPROVED if approved else PartnerStatus.PENDING
    insert(row, actor=actor)
    return row


@transaction.atomic
def update_partner(*, partner: Partner, update: inputs.UpdatePartner, actor: Actor) -> Partner:
    """Change a partner from now on: absent fields stay, contact merges, the account is replaced
    as a whole and looked up again (contract.md c.1)."""
    row = locked(partner)
    if row.is_archived:
        raise ArchivedPartner()
    row = apply_due_of(row)
    claim_proofs(row.workspace, update)
    change(row, update, actor=actor)
    return row


@transaction.atomic
def archive_partner(*, partner: Partner, actor: Actor) -> Partner:
    """Put a partner away (보관); money already owed stays owed."""
    row = locked(partner)
    if row.connection_status in PENDING_LINKS:
        raise PartnerPendingNtsOperation()
    for guard in () if row.is_archived else ARCHIVE_GUARDS:
        guard(row)
    return set_archived(row, True, actor=actor)


@transaction.atomic
def recover_partner(*, partner: Partner, actor: Actor) -> Partner:
    row = locked(partner)
    if row.connection_status in PENDING_LINKS:
        raise PartnerPendingNtsOperation()
    return set_archived(row, False, actor=actor)


def approve_partner(*, partner: Partner, actor: Actor) -> None:
    """Let a waiting partner be paid."""
    transition(partner, PartnerStatus.APPROVED, actor=actor)


def reject_partner(*, partner: Partner, actor: Actor, reason: str) -> None:
    transition(partner, PartnerStatus.REJECTED, actor=actor, reason=reason)


@transaction.atomic
def set_connection_status(
    *, partner: Partner, to: ConnectionStatus, actor: Actor, reason: str = ""
) -> None:
    """Move the link to the tax office (국세청 연동); `reason` is kept when it failed.

    Raises IllegalTransition for a move outside contract.md c.1, LostRace when another was first.
    """
    came_from = partner.connection_status
    if to not in Partner.CONNECTION_MOVES[came_from]:
        faces = Partner.CONNECTION_FACES
        raise IllegalTransition(
            _("국세청 연동 상태를 %(before)s에서 %(after)s(으)로 바꿀 수 없습니다.")
            % {"before": said(faces[came_from].label), "after": said(faces[to].label)}
        )
    kept = reason[:300] if to == ConnectionStatus.CONNECT_FAILED else ""
    moved = Partner.objects.filter(pk=partner.pk, connection_status=came_from).update(
        connection_status=to, connection_failed_reason=kept
    )
    if moved != 1:
        raise LostRace()
    partner.connection_status, partner.connection_failed_reason = to, kept
    note(
        partner,
        f"connection_{to.lower()}",
        actor=actor,
        changes={"connection_status": [came_from, to]},
        reason=reason,
    )
