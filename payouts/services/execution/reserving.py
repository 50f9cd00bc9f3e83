"""Phase one: take transfers, commit their keys and their place in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from core import clock
from core.events.actors import Actor
from core.events.transitions import transition_all
from core.failpoints import failpoint
from core.ledger.services import post_many
from payouts.models import (
    AccountTransfer,
    AccountTransferStatus,
    BulkPayout,
    BulkPayoutStatus,
    FundingAccount,
    PayoutStatus,
)
from payouts.queries.funds import available_balance
from payouts.queries.selecting import locked_bulk_payout
from payouts.rails.base import TransferOrder
from payouts.services.attempts import payouts_of
from payouts.services.books import reserve_draft
from payouts.services.launching import stop_unsent
from payouts.services.progress import roll_up

BATCH = 100
ENGINE = Actor.system("지급")

SEND_WITHIN = timedelta(minutes=3)
"""A reserved transfer not handed to the bank by then is not sent any more."""

SILENT_AFTER = timedelta(minutes=6)
"""A worker silent for this long is dead: well after SEND_WITHIN and a rail's timeout."""


@dataclass(frozen=True)
class Order:
    transfer_id: int
    order: TransferOrder


@dataclass(frozen=True)
class Batch:
    """Transfers of one bulk payout that only this worker may send."""

    bulk_payout: BulkPayout
    rail: str
    orders: Sequence[Order]
    reserved_at: datetime


def reserve(*, claim: str, bulk_payout: BulkPayout, limit: int = BATCH) -> Batch | None:
    """Claim unsent transfers and commit; None when there is nothing (left) to send.

    What the funding account does not cover is stopped, never half sent.
    """
    with transaction.atomic(durable=True):
        bulk_payout = locked_bulk_payout(bulk_payout)
        transfers = _claimable(bulk_payout, limit)
        if not transfers:
            return None
        account = _held_account(transfers[0].funding_account_id)
        covered = _covered(transfers, available_balance(account))
        if len(covered) < len(transfers):
            _stop_the_rest(bulk_payout, covered)
        now = clock.now()
        if covered:
            _mark_processing(bulk_payout, covered, claim, now)
            _post(bulk_payout, covered, now)
        roll_up(bulk_payout=bulk_payout, actor=ENGINE)
        orders = [Order(transfer.pk, _order(transfer, account)) for transfer in covered]
        failpoint("reserve.before_commit")
    failpoint("reserve.after_commit")
    return Batch(bulk_payout, account.rail, orders, now)


def _claimable(bulk_payout: BulkPayout, limit: int) -> list[AccountTransfer]:
    """The bulk payout is held, so two workers never take the same one."""
    if bulk_payout.status != BulkPayoutStatus.ONGOING:
        return []
    waiting = AccountTransfer.objects.filter(
        payout__bulk_payout=bulk_payout,
        payout__status=PayoutStatus.PREPARED,
        status=AccountTransferStatus.PREPARED,
    ).order_by("pk")
    return list(waiting.select_related("payout__partner", "funding_account")[:limit])


def _held_account(account_id: int) -> FundingAccount:
    """One reservation at a time per account, so two cannot spend the same won.

    `no_key`: rows that point to the account, results and deposits, do not wait for it.
    """
    return (
        FundingAccount.objects.select_for_update(of=("self",), no_key=True)
        .select_related("workspace")
        .get(pk=account_id)
    )


def _covered(transfers: list[AccountTransfer], available: int) -> list[AccountTransfer]:
    covered = []
    for transfer in transfers:
        available -= transfer.amount
        if available < 0:
            break
        covered.append(transfer)
    return covered


def _stop_the_rest(bulk_payout: BulkPayout, covered: list[AccountTransfer]) -> None:
    stop_unsent(
        bulk_payout=bulk_payout,
        actor=ENGINE,
        reason="이체하지 않음: 지급 계좌 잔액 부족",
        except_for=[transfer.pk for transfer in covered],
    )


def _mark_processing(
    bulk_payout: BulkPayout, transfers: list[AccountTransfer], claim: str, now: datetime
) -> None:
    workspace, object_id = bulk_payout.workspace, bulk_payout.public_id
    transition_all(
        AccountTransfer.objects.filter(pk__in=[transfer.pk for transfer in transfers]),
        AccountTransferStatus.PROCESSING,
        workspace=workspace,
        actor=ENGINE,
        object_id=object_id,
        claim=claim,
        sent_at=now,
        next_inquiry_at=now + SILENT_AFTER,
    )
    transition_all(
        payouts_of(transfers),
        PayoutStatus.PROCESSING,
        workspace=workspace,
        actor=ENGINE,
        object_id=object_id,
    )


def _post(
    bulk_payout: BulkPayout,
    transfers: list[AccountTransfer],
    now: datetime,
) -> None:
    day = clock.kst_date(now)
    drafts = [reserve_draft(transfer, day) for transfer in transfers]
    post_many(workspace=bulk_payout.workspace, drafts=drafts)


def _order(transfer: AccountTransfer, account: FundingAccount) -> TransferOrder:
    assert transfer.request_key is not None
    return TransferOrder(
        request_key=transfer.request_key,
        source_account=account.account_number,
        bank=transfer.bank,
        account_number=transfer.account_number,
        holder=transfer.holder,
        amount=transfer.amount,
        withdrawal_memo=transfer.withdrawal_memo,
        deposit_memo=transfer.deposit_memo,
    )
