"""Amounts by hand: corrections, bonuses, anything no order explains (contract.md c.5, c.11)."""

from __future__ import annotations

from django.db import transaction

from core import clock
from core.companies.access import find
from core.companies.models import Workspace
from core.events.actors import Actor
from partners.errors import PartnerNotFound
from partners.models import Partner, PlatformSetting
from settlements.drafts import manual_columns
from settlements.inputs import ManualInput
from settlements.models import Transfer
from settlements.services.settling import settle_now
from settlements.services.transfers.rows import defined_keys, known_properties, store, transfer_id


@transaction.atomic
def register_manual(*, workspace: Workspace, actor: Actor, manual: ManualInput) -> Transfer:
    """Register an amount for a partner; one whose day has come is settled at once.

    Raises what `register_unsettled` does.
    """
    transfer = register_unsettled(workspace=workspace, actor=actor, manual=manual)
    if transfer.settlement_date <= clock.today():
        settle_now(workspace=workspace, transfer_ids=[transfer.pk], actor=actor)
        transfer.refresh_from_db(fields=["status", "status_updated_at", "partner_settlement"])
    return transfer


def register_unsettled(*, workspace: Workspace, actor: Actor, manual: ManualInput) -> Transfer:
    """Register an amount and leave its settling to the caller, or to the next run.

    Raises PartnerNotFound, CurrencyNotSupported, UserDefinedPropertyNotFound,
    TransferIdAlreadyUsed, NegativeAmountNotAllowed (contract.md b).
    """
    partner = find(Partner, workspace, manual.partner_id, PartnerNotFound)
    alone = PlatformSetting.objects.filter(workspace=workspace, settles_manual_per_transfer=True)
    columns = manual_columns(manual, partner.currency, settles_alone=alone.exists())
    return store(
        Transfer(
            workspace=workspace,
            public_id=transfer_id(manual.id),
            status_updated_at=clock.now(),
            partner=partner,
            properties=known_properties(manual.user_defined_properties, defined_keys(workspace)),
            **columns,
        ),
        actor,
    )
