"""Many partners in few statements; all of them or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core import clock
from core.api.wire import given
from core.companies.access import rows
from core.companies.identifiers import new_id
from core.companies.models import Workspace
from core.errors import InvalidRequest
from core.events.actors import Actor
from core.events.services import record, record_each
from core.words import said
from partners import inputs
from partners.errors import (
    AccountVerificationAlreadyUsed,
    AccountVerificationFailed,
    AccountVerificationNotFound,
    CompanyVerificationAlreadyUsed,
    PartnerIdsAlreadyExist,
    PartnerIdsDuplicated,
)
from partners.models import Partner, PartnerVersion
from partners.services.kinds import PARTNER as KIND
from partners.services.proofs import claim_proofs
from partners.services.references import References
from partners.services.versions import (
    Changes,
    account_changes,
    new_row,
    ring_checks,
    version_of,
)
from partners.snapshots import PARTNER, id_pairs

BATCH_SIZE = 1000
CHANGEABLE = [
    column.name
    for column in Partner._meta.concrete_fields
    if column.name not in {"id", "workspace", "public_id", "created_at", "status_updated_at"}
]
UNDOCUMENTED = (
    AccountVerificationAlreadyUsed,
    AccountVerificationFailed,
    AccountVerificationNotFound,
    CompanyVerificationAlreadyUsed,
)
"""The batch operation does not declare these (contract.md b)."""


@transaction.atomic
def create_partners(
    *, workspace: Workspace, actor: Actor, bodies: Sequence[inputs.CreatePartner]
) -> list[Partner]:
    """Register partners in request order, or refuse naming every id at fault (contract.md c.1)."""
    ids = [given(body.id, new_id(KIND.id_prefix)) for body in bodies]
    _refuse_ids_in_use(workspace, ids)
    contract_ids = {body.default_contract_id for body in bodies}
    references = References(workspace, contract_ids)
    references.require_contracts(contract_ids)
    partners = [
        _new_partner(workspace, body, public_id, references)
        for body, public_id in zip(bodies, ids, strict=True)
    ]
    insert_partners(workspace=workspace, actor=actor, partners=partners)
    return partners


def insert_partners(*, workspace: Workspace, actor: Actor, partners: list[Partner]) -> None:
    """Save new rows with their first versions and one event for all. Raises PartnerIdsAlreadyExist
    for ids that somebody else took meanwhile."""
    if not partners:
        return
    try:
        with transaction.atomic():
            Partner.objects.bulk_create(partners, batch_size=BATCH_SIZE)
    except IntegrityError:
        _refuse_ids_in_use(workspace, [row.public_id for row in partners])
        raise
    versions = [version_of(row, number=1, actor=actor) for row in partners]
    PartnerVersion.objects.bulk_create(versions, batch_size=BATCH_SIZE)
    record(
        "partner.bulk_created",
        workspace=workspace,
        object_type="partner",
        object_id="",
        actor=actor,
        changes={"count": len(partners), "ids": [row.public_id for row in partners]},
    )
    ring_checks(next((row for row in partners if row.checks_due_at), partners[0]))


def update_partners(
    *, workspace: Workspace, actor: Actor, changed: list[tuple[Partner, Changes]]
) -> None:
    """Save rows that were locked and changed in memory: a version each, one event for all."""
    if not changed:
        return
    partners, now = [row for row, _ in changed], clock.now()
    for row in partners:
        row.applied_at = row.updated_at = now
    # bulk_update says a CASE for each row and column: four fifths of the time of a whole import
    Partner.objects.bulk_create(
        partners,
        batch_size=BATCH_SIZE,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=CHANGEABLE,
    )
    versions = PartnerVersion.objects.filter(subject__in=partners).values_list("subject")
    last: dict[int, int] = dict(versions.annotate(last=Max("number")))
    PartnerVersion.objects.bulk_create(
        (version_of(row, number=last[row.pk] + 1, actor=actor) for row in partners),
        batch_size=BATCH_SIZE,
    )
    _note_account_changes(workspace, actor, changed)
    record(
        "partner.bulk_updated",
        workspace=workspace,
        object_type="partner",
        object_id="",
        actor=actor,
        changes={"count": len(partners), "ids": [row.public_id for row in partners]},
    )
    ring_checks(next((row for row in partners if row.checks_due_at), partners[0]))


def _note_account_changes(
    workspace: Workspace, actor: Actor, changed: list[tuple[Partner, Changes]]
) -> None:
    """An event each, in two statements: a file may move a thousand accounts."""
    accounts = {row.public_id: account_changes(changes) for row, changes in changed}
    record_each(
        "partner.account_changed",
        workspace=workspace,
        object_type="partner",
        changes={public_id: facts for public_id, facts in accounts.items() if facts is not None},
        actor=actor,
    )


def _new_partner(
    workspace: Workspace, body: inputs.CreatePartner, public_id: str, references: References
) -> Partner:
    try:
        claim_proofs(workspace, body)
        row: Partner = new_row(KIND, workspace, body, references)
    except UNDOCUMENTED as error:
        message = _("등록하지 않았습니다. %(id)s: %(reason)s")
        refusal = message % {"id": public_id, "reason": said(error.message)}
        raise InvalidRequest(refusal) from error
    row.public_id = public_id
    return row


def _refuse_ids_in_use(workspace: Workspace, ids: list[str]) -> None:
    repeated = [public_id for public_id, count in Counter(ids).items() if count > 1]
    if repeated:
        raise PartnerIdsDuplicated(**id_pairs(PARTNER, repeated))
    taken = rows(Partner, workspace).filter(public_id__in=ids).values_list("public_id", flat=True)
    if taken:
        raise PartnerIdsAlreadyExist(**id_pairs(PARTNER, sorted(taken)))
