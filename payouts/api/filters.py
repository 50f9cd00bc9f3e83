"""List filters of contract.md c.11 as queries."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from msgspec import UnsetType

from core.api.listing import among, matching, within
from invoices.models import TaxInvoice
from payouts.api.shapes.bank import AccountTransferFilter, BulkAccountTransferFilterInput
from payouts.api.shapes.payouts import BulkPayoutFilterInput, PayoutFilterInput
from payouts.api.wire import bulk_payout_ids
from payouts.models import AccountTransfer, BulkPayout, Payout
from payouts.queries.invoices import invoice_status

CRITERIA = {
    "timestamp_range": "created_at",
    "status_updated_timestamp_range": "status_updated_at",
    "scheduled_timestamp_range": "scheduled_at",
    "settlement_statement_issued_timestamp_range": "statement__issued_at",
    "payout_id": "public_id",
    "bulk_payout_id": "bulk_payout__public_id",
    "settlement_statement_id": "statement__public_id",
}


def payouts_matching(payouts: QuerySet[Payout], asked: PayoutFilterInput) -> QuerySet[Payout]:
    """Everything but `statuses`, which the counts beside the list ignore (a.7)."""
    payouts = _by_criteria(payouts, asked.criteria.choice)
    payouts = among(payouts, "partner__public_id", asked.partner_ids)
    payouts = among(payouts, "bank", asked.payout_account_banks)
    payouts = among(payouts, "currency", asked.payout_currencies)
    payouts = among(payouts, "public_id", asked.payout_ids)
    payouts = among(payouts, "partner_type", asked.partner_types)
    payouts = among(payouts, "taxation_type", asked.partner_taxation_types)
    if asked.partner_tags:
        payouts = payouts.filter(partner__tags__overlap=asked.partner_tags)
    payouts = _by_statement(payouts, asked)
    return _by_invoice(payouts, asked)


def _by_criteria(payouts: QuerySet[Payout], choice: tuple[str, Any] | None) -> QuerySet[Payout]:
    if choice is None:
        return payouts
    name, value = choice
    if name == "tax_invoice_id":
        invoices = TaxInvoice.objects.filter(public_id=value).values("source_id")
        return payouts.filter(public_id__in=invoices)
    if name.endswith("range"):
        return within(payouts, CRITERIA[name], value)
    return payouts.filter(**{CRITERIA[name]: value})


def _by_statement(payouts: QuerySet[Payout], asked: PayoutFilterInput) -> QuerySet[Payout]:
    statuses = asked.settlement_statement_statuses
    if isinstance(statuses, UnsetType) or not statuses:
        return payouts
    unsent = Q(statement=None) if "UNSENT" in statuses else Q(pk=None)
    return payouts.filter(unsent | Q(statement__status__in=statuses))


def _by_invoice(payouts: QuerySet[Payout], asked: PayoutFilterInput) -> QuerySet[Payout]:
    """By the status that the list tells of each."""
    statuses = asked.tax_invoice_statuses
    if isinstance(statuses, UnsetType) or not statuses:
        return payouts
    return payouts.alias(invoice_status=invoice_status()).filter(invoice_status__in=statuses)


def bulk_payouts_matching(
    bulks: QuerySet[BulkPayout], asked: BulkPayoutFilterInput
) -> QuerySet[BulkPayout]:
    bulks = among(bulks, "method", asked.methods)
    return _by_bulk_criteria(bulks, asked.criteria)


def bulk_transfers_matching(
    bulks: QuerySet[BulkPayout], asked: BulkAccountTransferFilterInput
) -> QuerySet[BulkPayout]:
    return _by_bulk_criteria(bulks, asked.criteria)


def _by_bulk_criteria(bulks: QuerySet[BulkPayout], criteria: Any) -> QuerySet[BulkPayout]:
    choice = None if isinstance(criteria, UnsetType) else criteria.choice
    if choice is None:
        return bulks
    name, value = choice
    if name == "bulk_account_transfer_id":
        return bulks.filter(public_id__in=bulk_payout_ids(value))
    if name == "bulk_payout_id":
        return bulks.filter(public_id=value)
    return within(bulks, CRITERIA[name], value)


RANGES = {
    "trade_timestamp_range": "traded_at",
    "created_timestamp_range": "created_at",
    "status_updated_timestamp_range": "status_updated_at",
    "scheduled_timestamp_range": "scheduled_at",
}
MATCHES = {
    "account_transfer_id": "public_id",
    "bank_account_id": "funding_account__public_id",
    "payout_id": "payout__public_id",
    "deposit_memo": "deposit_memo__contains",
    "withdrawal_memo": "withdrawal_memo__contains",
}


def account_transfers_matching(
    transfers: QuerySet[AccountTransfer], asked: AccountTransferFilter
) -> QuerySet[AccountTransfer]:
    for name, column in RANGES.items():
        span = getattr(asked, name)
        if not isinstance(span, UnsetType):
            transfers = within(transfers, column, span)
    for name, lookup in MATCHES.items():
        transfers = matching(transfers, lookup, getattr(asked, name))
    if not isinstance(asked.bulk_account_transfer_id, UnsetType):
        ids = bulk_payout_ids(asked.bulk_account_transfer_id)
        transfers = transfers.filter(payout__bulk_payout__public_id__in=ids)
    if not isinstance(asked.depositor_name, UnsetType):
        transfers = transfers.filter(type="DEPOSIT", holder__contains=asked.depositor_name)
    if not isinstance(asked.deposit_account_holder, UnsetType):
        transfers = transfers.filter(
            type="WITHDRAWAL", holder__contains=asked.deposit_account_holder
        )
    transfers = among(transfers, "public_id", asked.account_transfer_ids)
    return among(transfers, "type", asked.types)
