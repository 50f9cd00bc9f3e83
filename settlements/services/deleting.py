"""Delete what was registered wrongly, as long as no payout has it; the ledger keeps both sides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Max, Min, QuerySet

from core import clock
from core.companies.identifiers import graphql_id
from core.companies.models import Workspace
from core.events.actors import Actor
from core.events.services import record, record_each
from core.ledger.services import post_many, reverse_many
from settlements.errors import (
    CancelOrderTransfersExists,
    NonDeletablePartnerSettlements,
    ReferencedCancelOrderTransfersExist,
    TransferNonDeletableStatus,
    TransferNotFound,
)
from settlements.models import (
    AMOUNT_COLUMNS,
    PartnerSettlement,
    SettlementStatus,
    Transfer,
    TransferStatus,
)
from settlements.queries import SETTLEMENT_NODE
from settlements.services.postings import SettlementChange, ledger_key, settlement_draft

DELETABLE_SETTLEMENTS = frozenset(
    {
        SettlementStatus.PAYOUT_PREPARED,
        SettlementStatus.PAYOUT_WITHHELD,
        SettlementStatus.PAYOUT_EXCLUDED,
        SettlementStatus.CANCELLED,
    }
)
DELETABLE_TRANSFERS = frozenset(
    {TransferStatus.SCHEDULED, TransferStatus.IN_PROCESS, TransferStatus.SETTLED}
)
HOLD_ORDERS = """
    SELECT count(*) FROM (
        SELECT FROM settlements_transfer
        WHERE partner_settlement_id = ANY(%s) AND type = 'ORDER'
        ORDER BY id FOR UPDATE
    ) held
"""


@transaction.atomic
def delete_settlements(
    *,
    workspace: Workspace,
    settlements: QuerySet[PartnerSettlement],
    actor: Actor,
    reason: str = "",
) -> int:
    """Delete settlements with their transfers, all or none (contract.md c.6). Returns how many.

    Raises NonDeletablePartnerSettlements, ReferencedCancelOrderTransfersExist.
    """
    chosen = list(
        settlements.filter(workspace=workspace)
        .select_related("partner")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    _refuse([each for each in chosen if each.status not in DELETABLE_SETTLEMENTS])
    _hold_orders([each.pk for each in chosen])
    _refuse_referenced(chosen)
    record_each(
        "partnersettlement.deleted",
        workspace=workspace,
        object_type="partnersettlement",
        changes={each.public_id: _last_facts(each) for each in chosen},
        actor=actor,
        reason=reason,
    )
    keys = [ledger_key(each.public_id, n) for each in chosen for n in range(1, each.revision + 1)]
    reverse_many(workspace=workspace, keys=keys, on=clock.today())
    try:
        with transaction.atomic():
            _delete_rows([each.pk for each in chosen])
    except IntegrityError as error:  # a payout still holds one of them
        raise _non_deletable(chosen) from error
    return len(chosen)


def _refuse(settlements: Sequence[PartnerSettlement]) -> None:
    if settlements:
        raise _non_deletable(settlements)


def _non_deletable(settlements: Sequence[PartnerSettlement]) -> NonDeletablePartnerSettlements:
    ids = [settlement.public_id for settlement in settlements]
    return NonDeletablePartnerSettlements(
        ids=ids, graphqlIds=[graphql_id(SETTLEMENT_NODE, public_id) for public_id in ids]
    )


def _hold_orders(settlement_ids: list[int]) -> None:
    """Nobody cancels of them from here on; whoever was about to is seen below."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD_ORDERS, [settlement_ids])


def _refuse_referenced(settlements: Sequence[PartnerSettlement]) -> None:
    """An order may only go together with the cancels that point to it."""
    cancels = Transfer.objects.filter(order_transfer__partner_settlement__in=settlements)
    ids = (
        cancels.exclude(partner_settlement__in=settlements)
        .values_list("order_transfer__partner_settlement__public_id", flat=True)
        .distinct()
        .order_by("order_transfer__partner_settlement__public_id")
    )
    if ids:
        raise ReferencedCancelOrderTransfersExist(ids=list(ids))


def _last_facts(settlement: PartnerSettlement) -> dict[str, Any]:
    """What the trail keeps of a settlement that is no more."""
    return {
        "partner": settlement.partner.public_id,
        "type": settlement.type,
        "settlement_date": settlement.settlement_date.isoformat(),
        "settlement_currency": settlement.settlement_currency,
        "settlement_amount": settlement.settlement_amount,
        "transfer_count": settlement.transfer_count,
        "status": settlement.status,
    }


def _delete_rows(settlement_ids: list[int]) -> None:
    """Plain statements: the collector of `delete()` would load every transfer."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM settlements_transfer WHERE partner_settlement_id = ANY(%s)",
            [settlement_ids],
        )
        cursor.execute(
            "DELETE FROM settlements_partnersettlement WHERE id = ANY(%s)", [settlement_ids]
        )


@transaction.atomic
def delete_transfer(
    *, workspace: Workspace, transfer_id: str, actor: Actor, reason: str = ""
) -> None:
    """Delete one transfer; a settled one leaves its settlement smaller (contract.md c.5).

    Raises TransferNotFound, TransferNonDeletableStatus, CancelOrderTransfersExists.
    """
    transfer = _held(Transfer.objects.filter(workspace=workspace, public_id=transfer_id))
    if transfer is None:
        raise TransferNotFound()
    if transfer.status not in DELETABLE_TRANSFERS:
        raise TransferNonDeletableStatus()
    if transfer.cancels.exists():
        raise CancelOrderTransfersExists()
    record(
        "transfer.deleted",
        workspace=workspace,
        object_type="transfer",
        object_id=transfer.public_id,
        actor=actor,
        changes={
            "type": transfer.type,
            "partner": transfer.partner.public_id,
            "payment_id": transfer.payment_id,
            "settlement_currency": transfer.settlement_currency,
            "settlement_amount": transfer.settlement_amount,
            "status": transfer.status,
        },
        reason=reason,
    )
    settlement_id = transfer.partner_settlement_id
    Transfer.objects.filter(pk=transfer.pk)._raw_delete("default")
    if settlement_id is not None:
        _shrink(settlement_id, transfer)


def _held(transfers: QuerySet[Transfer]) -> Transfer | None:
    """The one transfer, after its settlement: a payout takes them along in this order."""
    of_transfer = PartnerSettlement.objects.filter(pk__in=transfers.values("partner_settlement"))
    of_transfer.select_for_update().first()
    return transfers.select_for_update(of=("self",)).select_related("partner").first()


def _shrink(settlement_id: int, transfer: Transfer) -> None:
    """Take a deleted transfer out of its settlement, in the row and in the ledger."""
    settlement = PartnerSettlement.objects.select_for_update().get(pk=settlement_id)
    if settlement.status not in DELETABLE_SETTLEMENTS:
        raise TransferNonDeletableStatus()
    for column in AMOUNT_COLUMNS:
        setattr(settlement, column, getattr(settlement, column) - getattr(transfer, column))
    settlement.transfer_count -= 1
    settlement.revision += 1
    starts = settlement.transfers.aggregate(
        first=Min("settlement_start_date"), last=Max("settlement_start_date")
    )
    _post_removal(settlement, transfer)
    if settlement.transfer_count == 0:
        _delete_empty(settlement)
    else:
        settlement.start_date_from, settlement.start_date_until = starts["first"], starts["last"]
        settlement.save()


def _post_removal(settlement: PartnerSettlement, transfer: Transfer) -> None:
    change = SettlementChange(
        settlement_id=settlement.pk,
        public_id=settlement.public_id,
        revision=settlement.revision,
        type=settlement.type,
        partner_id=transfer.partner.public_id,
        settlement_date=settlement.settlement_date,
        currency=settlement.settlement_currency,
        transfer_count=-1,
        amounts={column: -getattr(transfer, column) for column in AMOUNT_COLUMNS},
    )
    draft = settlement_draft(change, today=clock.today())
    post_many(workspace=settlement.workspace, drafts=[draft])


def _delete_empty(settlement: PartnerSettlement) -> None:
    try:
        with transaction.atomic():
            PartnerSettlement.objects.filter(pk=settlement.pk)._raw_delete("default")
    except IntegrityError as error:  # a payout still holds it
        raise TransferNonDeletableStatus() from error
