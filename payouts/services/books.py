"""How paying enters the ledger: one entry when a transfer is reserved, one when it is paid.

reserve   PARTNER_PAYABLE → IN_TRANSIT      the amount is spoken for
paid      IN_TRANSIT → FUNDING              it left the account; taxes and VAT are booked
failed    the reservation is reversed by copying it

IN_TRANSIT of a funding account is therefore always the sum of its open transfers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.ledger.services import Draft, Posting
from payouts.models import AccountTransfer, Payout
from settlements.accounts import AccountCode as Code


def reserve_key(transfer: AccountTransfer) -> str:
    return f"reserve:{transfer.request_key}"


def reserve_draft(transfer: AccountTransfer, on: date) -> Draft:
    assert transfer.payout is not None
    account, partner = transfer.funding_account, transfer.payout.partner
    return Draft(
        key=reserve_key(transfer),
        kind="payout.reserve",
        on=on,
        postings=[
            Posting(Code.PARTNER_PAYABLE, transfer.amount, partner.public_id, transfer.currency),
            Posting(Code.IN_TRANSIT, -transfer.amount, account.public_id, transfer.currency),
        ],
    )


def paid_draft(transfer: AccountTransfer, on: date) -> Draft:
    assert transfer.payout is not None
    account = transfer.funding_account
    return Draft(
        key=f"paid:{transfer.request_key}",
        kind="payout.paid",
        on=on,
        postings=[
            Posting(Code.IN_TRANSIT, transfer.amount, account.public_id, transfer.currency),
            Posting(Code.FUNDING, -transfer.amount, account.public_id, transfer.currency),
            *tax_postings(transfer.payout),
        ],
    )


def direct_draft(payout: Payout, on: date) -> Draft:
    """Paid by hand, from an account we do not see."""
    return Draft(
        key=f"direct:{payout.public_id}",
        kind="payout.direct",
        on=on,
        postings=[
            Posting(Code.PARTNER_PAYABLE, payout.amount, payout.partner.public_id, payout.currency),
            Posting(Code.DIRECT_PAYMENT, -payout.amount, currency=payout.currency),
            *tax_postings(payout),
        ],
    )


def tax_postings(payout: Payout) -> Sequence[Posting]:
    """Withheld tax is owed to the tax office instead of the partner; VAT on top is input VAT."""
    withheld = payout.income_tax_amount + payout.local_income_tax_amount
    added_vat = payout.amount + withheld - payout.settlement_amount
    partner_id, currency = payout.partner.public_id, payout.currency
    return [
        Posting(Code.PARTNER_PAYABLE, withheld - added_vat, partner_id, currency),
        Posting(Code.WITHHOLDING_PAYABLE, -withheld, currency=currency),
        Posting(Code.VAT_INPUT, added_vat, currency=currency),
    ]


def deposit_draft(deposit: AccountTransfer, on: date) -> Draft:
    """Money arrived; whose it is, reconciliation says."""
    account = deposit.funding_account
    return Draft(
        key=f"deposit:{deposit.public_id}",
        kind="deposit",
        on=on,
        postings=[
            Posting(Code.FUNDING, deposit.amount, account.public_id, deposit.currency),
            Posting(Code.SUSPENSE, -deposit.amount, currency=deposit.currency),
        ],
    )
