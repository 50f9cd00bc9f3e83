"""Accounts we pay from, and what arrives on them (contract.md h.5)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from core import clock, crypto
from core.companies.access import rows
from core.companies.identifiers import new_id
from core.companies.models import Workspace
from core.database import wait_for_lock
from core.errors import Conflict
from core.events.actors import Actor
from core.events.models import Event
from core.events.services import record
from core.ledger.services import post_many
from payouts.models import AccountTransfer, AccountTransferStatus, FundingAccount
from payouts.rails import get_rail
from payouts.services.books import deposit_draft


@transaction.atomic
def open_funding_account(
    *,
    workspace: Workspace,
    actor: Actor,
    name: str,
    bank: str,
    account_number: str,
    holder: str,
    rail: str = "sandbox",
    public_id: str = "",
) -> FundingAccount:
    """Register an account at a rail. Its balance starts with the deposits the bank reports.

    Raises Conflict when it is registered: each of two would book the same deposits.
    """
    wait_for_lock(f"funding-account:{workspace.pk}")
    known = rows(FundingAccount, workspace).filter(rail=rail, bank=bank)
    if any(each.account_number == account_number for each in known):
        raise Conflict("계좌를 등록하지 않았습니다. 이미 등록한 계좌입니다.")
    account = FundingAccount.objects.create(
        workspace=workspace,
        public_id=public_id or new_id("va"),
        name=name,
        rail=rail,
        bank=bank,
        account_number_encrypted=crypto.encrypt(account_number),
        account_number_last4=account_number[-4:],
        holder=holder,
    )
    _record("fundingaccount.opened", account, actor, {"name": name, "rail": rail, "bank": bank})
    return account


@transaction.atomic
def set_funding_account_active(*, account: FundingAccount, is_active: bool, actor: Actor) -> None:
    """An inactive account is view-only: nothing is paid from it (contract.md h.5)."""
    account.is_active = is_active
    account.save(update_fields=["is_active", "updated_at"])
    kind = "fundingaccount.activated" if is_active else "fundingaccount.deactivated"
    _record(kind, account, actor, {})


@transaction.atomic
def record_deposit(
    *,
    account: FundingAccount,
    amount: int,
    depositor: str,
    bank_reference: str,
    traded_at: datetime,
    actor: Actor,
    memo: str = "",
) -> AccountTransfer:
    """A deposit the bank reported, in won. The same reference twice is one deposit."""
    deposit, is_new = AccountTransfer.objects.get_or_create(
        funding_account=account,
        type=AccountTransfer.Type.DEPOSIT,
        bank_reference=bank_reference,
        defaults={
            "workspace": account.workspace,
            "public_id": new_id("at"),
            "status": AccountTransferStatus.SUCCEEDED,
            "status_updated_at": clock.now(),
            "amount": amount,
            "holder": depositor,
            "deposit_memo": memo,
            "traded_at": traded_at,
        },
    )
    if is_new:
        draft = deposit_draft(deposit, clock.kst_date(traded_at))
        event = _record("accounttransfer.deposited", deposit, actor, {"amount": amount})
        post_many(workspace=account.workspace, drafts=[draft], event=event)
    return deposit


def import_deposits(*, account: FundingAccount, actor: Actor) -> int:
    """Ask the bank what arrived since the last deposit we know. Returns how many were new."""
    known = account.movements.filter(type=AccountTransfer.Type.DEPOSIT).order_by("pk").last()
    after = known.bank_reference if known else ""
    found = get_rail(account.rail).deposits(account.account_number, after)
    for deposit in found:
        record_deposit(
            account=account,
            amount=deposit.amount,
            depositor=deposit.depositor,
            bank_reference=deposit.reference,
            traded_at=deposit.traded_at,
            memo=deposit.memo[:20],
            actor=actor,
        )
    return len(found)


def _record(
    kind: str, row: FundingAccount | AccountTransfer, actor: Actor, changes: dict[str, object]
) -> Event:
    return record(
        kind,
        workspace=row.workspace,
        object_type=row._meta.model_name or "",
        object_id=row.public_id,
        actor=actor,
        changes=changes,
    )
