"""Amounts by hand: corrections, bonuses, anything no order explains (contract.md c.5, c.11)."""

from __future__ import annotations

from django.db import transaction

from core import clock
from core.api.wire import given
from core.companies.access import find
from core.companies.models import Workspace
from core.events.actors import Actor
from partners.errors import CurrencyNotSupported, PartnerNotFound
from partners.models import Partner, PlatformSetting
from partners.services.facts import CURRENCIES
from settlements.errors import NegativeAmountNotAllowed
from settlements.inputs import ManualInput
from settlements.models import Transfer, TransferStatus, TransferType
from settlements.services.settling import settle_now
from settlements.services.transfers.rows import defined_keys, known_properties, store, transfer_id


@transaction.atomic
def register_manual(*, workspace: Workspace, actor: Actor, manual: ManualInput) -> Transfer:
    """Register an amount for a partner; one whose day has come is settled at once.

    Raises PartnerNotFound, CurrencyNotSupported, UserDefinedPropertyNotFound,
    TransferIdAlreadyUsed, NegativeAmountNotAllowed (contract.md b).
    """
    partner = find(Partner, workspace, manual.partner_id, PartnerNotFound)
    currency = given(manual.settlement_currency, partner.currency)
    if currency not in CURRENCIES:
        raise CurrencyNotSupported()
    _refuse_negative(workspace, manual.settlement_amount)
    transfer = store(
        Transfer(
            workspace=workspace,
            public_id=transfer_id(manual.id),
            type=TransferType.MANUAL,
            status=TransferStatus.IN_PROCESS,
            status_updated_at=clock.now(),
            partner=partner,
            settlement_currency=currency,
            settlement_date=manual.settlement_date,
            settlement_amount=manual.settlement_amount,
            settlement_tax_free_amount=manual.settlement_tax_free_amount,
            memo=manual.memo,
            properties=known_properties(manual.user_defined_properties, defined_keys(workspace)),
        ),
        actor,
    )
    if transfer.settlement_date <= clock.today():
        settle_now(transfer, actor=actor)
    return transfer


def _refuse_negative(workspace: Workspace, amount: int) -> None:
    """Paid one by one, a negative amount could never be paid (contract.md c.4)."""
    alone = PlatformSetting.objects.filter(workspace=workspace, settles_manual_per_transfer=True)
    if amount < 0 and alone.exists():
        raise NegativeAmountNotAllowed()
