"""Attempts to pay: a row, with the key the bank will know, before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Max, QuerySet

from core import clock
from core.companies.identifiers import new_id
from payouts.models import AccountTransfer, AccountTransferStatus, FundingAccount, Payout

BATCH = 1000


def create_attempts(
    payout_ids: Sequence[int],
    account: FundingAccount,
    *,
    status: AccountTransferStatus = AccountTransferStatus.PREPARED,
    scheduled_at: datetime | None = None,
) -> None:
    """The next attempt of each payout that has money to send.

    The database allows one open attempt per payout, so of two racing callers one fails.
    """
    payouts = (
        Payout.objects.filter(pk__in=payout_ids, amount__gt=0)
        .order_by("pk")
        .annotate(last_attempt=Max("attempts__attempt_number"))
    )
    drafts = _drafts(payouts.iterator(BATCH), account, status, scheduled_at)
    AccountTransfer.objects.bulk_create(drafts, batch_size=BATCH)


def _drafts(
    payouts: Iterator[Payout],
    account: FundingAccount,
    status: AccountTransferStatus,
    scheduled_at: datetime | None,
) -> Iterator[AccountTransfer]:
    now = clock.now()
    for payout in payouts:
        key = new_id("at")
        yield AccountTransfer(
            workspace_id=payout.workspace_id,
            public_id=key,
            request_key=key,
            type=AccountTransfer.Type.WITHDRAWAL,
            purpose=AccountTransfer.Purpose.PARTNER_PAYOUT,
            status=status,
            status_updated_at=now,
            funding_account=account,
            payout=payout,
            attempt_number=(payout.last_attempt or 0) + 1,  # type: ignore[attr-defined]
            amount=payout.amount,
            currency=payout.currency,
            bank=payout.bank,
            account_number_encrypted=payout.account_number_encrypted,
            account_number_last4=payout.account_number_last4,
            holder=payout.account_holder,
            withdrawal_memo=payout.withdrawal_memo,
            deposit_memo=payout.deposit_memo,
            scheduled_at=scheduled_at,
        )


def payouts_of(transfers: Sequence[AccountTransfer]) -> QuerySet[Payout]:
    return Payout.objects.filter(attempts__in=transfers)
