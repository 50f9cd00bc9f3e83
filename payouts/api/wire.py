"""Payouts, bulk payouts and account transfers as the contract shows them (c.7, c.8)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import Any

from core.api.listing import counts, present, sums
from core.companies.models import Workspace
from core.events.actors import Actor
from invoices.models import TaxInvoice
from partners.queries import hidden_properties
from partners.snapshots import graphql_id, shown_partner
from payouts.models import (
    AccountTransfer,
    AccountTransferStatus,
    BulkPayout,
    FundingAccount,
    Payout,
    PayoutStatus,
)
from payouts.queries.invoices import speaking_first
from payouts.queries.running import live_total

PAYOUT, BULK_PAYOUT, ACCOUNT_TRANSFER, BANK_ACCOUNT = 7, 8, 9, 10
"""Kinds in a graphqlId beyond those the contract lists; opaque to callers."""


def payouts_to_wire(
    workspace: Workspace, payouts: Sequence[Payout], actor: Actor
) -> list[dict[str, Any]]:
    hidden = hidden_properties(workspace, actor).partner
    made = TaxInvoice.objects.filter(
        workspace=workspace, source_id__in=[payout.public_id for payout in payouts]
    )
    invoices = {row.source_id: row for row in reversed(list(speaking_first(made)))}
    return [_payout(payout, invoices.get(payout.public_id), hidden) for payout in payouts]


def _payout(row: Payout, invoice: TaxInvoice | None, hidden: Container[str]) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "graphqlId": graphql_id(PAYOUT, row.public_id),
        "bulkPayoutId": row.bulk_payout.public_id,
        "bulkPayoutGraphqlId": graphql_id(BULK_PAYOUT, row.bulk_payout.public_id),
        "method": row.method,
        "status": row.status,
        "statusUpdatedAt": row.status_updated_at,
        "partner": shown_partner(row.partner, hidden),
        "account": {"bank": row.bank, "number": row.account_number, "holder": row.account_holder},
        "taxInvoiceStatus": invoice.status if invoice else "NONE",
        "currency": row.currency,
        "amount": row.amount,
        "supplyAmount": row.supply_amount,
        "taxFreeAmount": row.tax_free_amount,
        "vatAmount": row.vat_amount,
        "settlementAmount": row.settlement_amount,
        "settlementTaxFreeAmount": row.settlement_tax_free_amount,
        "incomeTaxAmount": row.income_tax_amount,
        "localIncomeTaxAmount": row.local_income_tax_amount,
        "createdAt": row.created_at,
        "deductWht": row.deducts_withholding,
        "settlementAmountType": row.settlement_amount_type,
        "settlementStatement": _statement(row),
        **present(
            memo=row.memo,
            taxInvoiceId=invoice.public_id if invoice else None,
            withdrawalMemo=row.withdrawal_memo,
            depositMemo=row.deposit_memo,
            scheduledAt=row.scheduled_at,
            failReason=row.fail_reason,
        ),
    }


def _statement(row: Payout) -> dict[str, Any]:
    statement = getattr(row, "statement", None)
    if statement is None:
        return {"status": "UNSENT"}
    return {
        "status": statement.status,
        **present(id=statement.public_id, issuedAt=statement.issued_at),
    }


def bulk_payout_to_wire(row: BulkPayout) -> dict[str, Any]:
    """Totals leave cancelled payouts out; amounts of several currencies have no sum and are 0."""
    payouts = row.payouts.all()
    of_one_currency = payouts if row.currency else payouts.none()
    amounts = sums(of_one_currency, PayoutStatus.values, "amount")
    settled = sums(of_one_currency, PayoutStatus.values, "settlement_amount")
    return {
        "id": row.public_id,
        "graphqlId": graphql_id(BULK_PAYOUT, row.public_id),
        "name": row.name,
        "creatorId": row.creator_id,
        "method": row.method,
        "totalPayoutAmount": sum(amounts.values()) - amounts["cancelled"],
        "totalSettlementAmount": sum(settled.values()) - settled["cancelled"],
        "status": row.status,
        "payoutStats": {"amount": amounts, "count": counts(payouts, PayoutStatus.values)},
        "statusUpdatedAt": row.status_updated_at,
        "createdAt": row.created_at,
        "updatedAt": row.updated_at,
    }


def bulk_transfer_id(bulk_payout_id: str) -> str:
    """Generated ids get the contract's prefix; one that a person chose names both."""
    if bulk_payout_id.startswith("bp-"):
        return bulk_payout_id.replace("bp-", "bat-", 1)
    return bulk_payout_id


def bulk_payout_ids(bulk_transfer_id: str) -> list[str]:
    """Bulk payouts that a bulk account transfer of this id may belong to."""
    if bulk_transfer_id.startswith("bat-"):
        return [bulk_transfer_id, bulk_transfer_id.replace("bat-", "bp-", 1)]
    return [bulk_transfer_id]


def bulk_transfer_to_wire(row: BulkPayout) -> dict[str, Any]:
    """A bulk account transfer is the bank's side of an executed bulk payout.

    Its total is what is to arrive; the stats count every attempt, cancelled and failed ones too.
    """
    attempts = AccountTransfer.objects.filter(payout__bulk_payout=row)
    amounts = merged(sums(attempts, AccountTransferStatus.values, "amount"))
    account = row.funding_account
    account_id = account.public_id if account else ""
    return {
        "id": bulk_transfer_id(row.public_id),
        "graphqlId": graphql_id(ACCOUNT_TRANSFER, row.public_id),
        "creatorId": row.creator_id,
        "bankAccountId": account_id,
        "bankAccountGraphqlId": graphql_id(BANK_ACCOUNT, account_id),
        "totalAmount": live_total(row).amount,
        "status": bulk_transfer_status(row),
        "stats": {
            "amount": amounts,
            "count": merged(counts(attempts, AccountTransferStatus.values)),
        },
        "statusUpdatedAt": row.status_updated_at,
        "createdAt": row.created_at,
        "updatedAt": row.updated_at,
        **present(scheduledAt=row.scheduled_at),
    }


def bulk_transfer_status(row: BulkPayout) -> str:
    if row.status == "PREPARED":
        return "SCHEDULED" if row.scheduled_at else "PREPARED"
    return "COMPLETED" if row.status == "COMPLETED" else "ONGOING"


def merged(by_state: dict[str, int]) -> dict[str, int]:
    """Our UNKNOWN is the contract's ASYNC_PROCESSING."""
    unknown = by_state.pop("unknown")
    return by_state | {"asyncProcessing": unknown}


def account_transfers_to_wire(transfers: Iterable[AccountTransfer]) -> list[dict[str, Any]]:
    return [_deposit(row) if row.type == "DEPOSIT" else _withdrawal(row) for row in transfers]


def _movement(row: AccountTransfer) -> dict[str, Any]:
    account = row.funding_account
    return {
        "type": row.type,
        "id": row.public_id,
        "bankAccountId": account.public_id,
        "bankAccountGraphqlId": graphql_id(BANK_ACCOUNT, account.public_id),
        "bankAccount": _bank_account(account),
        "currency": row.currency,
        "amount": row.amount,
        "createdAt": row.created_at,
        "updatedAt": row.updated_at,
        "isForTest": row.workspace.is_test,
        "statusUpdatedAt": row.status_updated_at,
        "status": "ASYNC_PROCESSING" if row.status == "UNKNOWN" else row.status,
        **present(depositMemo=row.deposit_memo, tradedAt=row.traded_at),
    }


def _bank_account(account: FundingAccount) -> dict[str, Any]:
    provider = "MOCK" if account.rail == "sandbox" else "DOZN"
    return {
        "accountNumber": account.account_number,
        "bank": account.bank,
        "provider": provider,
        "holder": account.holder,
    }


def _deposit(row: AccountTransfer) -> dict[str, Any]:
    return _movement(row) | {"depositorName": row.holder}


def _withdrawal(row: AccountTransfer) -> dict[str, Any]:
    payout = row.payout
    return _movement(row) | {
        "sequenceNumber": row.attempt_number,
        "depositBank": row.bank,
        "depositAccountNumber": row.account_number,
        "depositAccountHolder": row.holder,
        "withdrawalType": row.purpose or "PARTNER_PAYOUT",
        **present(
            withdrawalMemo=row.withdrawal_memo,
            failReason=row.fail_reason,
            scheduledAt=row.scheduled_at,
        ),
        **(_payout_ids(payout) if payout else {}),
    }


def _payout_ids(payout: Payout) -> dict[str, str]:
    bulk_id = payout.bulk_payout.public_id
    return {
        "partnerId": payout.partner.public_id,
        "partnerGraphqlId": graphql_id(4, payout.partner.public_id),
        "payoutId": payout.public_id,
        "payoutGraphqlId": graphql_id(PAYOUT, payout.public_id),
        "bulkPayoutId": bulk_id,
        "bulkPayoutGraphqlId": graphql_id(BULK_PAYOUT, bulk_id),
        "bulkAccountTransferId": bulk_transfer_id(bulk_id),
        "bulkAccountTransferGraphqlId": graphql_id(ACCOUNT_TRANSFER, bulk_id),
    }
