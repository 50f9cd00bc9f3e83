"""How a settlement enters the ledger: one entry per settlement and revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.ledger.services import Draft, Posting
from settlements.accounts import AccountCode as Code


@dataclass(frozen=True)
class SettlementChange:
    """What one revision added to a settlement, in won; cancels hold positive amounts."""

    settlement_id: int
    public_id: str
    revision: int
    type: str
    partner_id: str
    settlement_date: date
    currency: str
    transfer_count: int
    amounts: Mapping[str, int]


def ledger_key(public_id: str, revision: int) -> str:
    return f"settlement:{public_id}:{revision}"


def posting_day(settlement_date: date, today: date) -> date:
    """The settlement date, or today when that month is over: closed books never change."""
    same_month = (settlement_date.year, settlement_date.month) == (today.year, today.month)
    return settlement_date if same_month else today


def settlement_draft(change: SettlementChange, *, today: date) -> Draft:
    return Draft(
        key=ledger_key(change.public_id, change.revision),
        kind="settlement",
        on=posting_day(change.settlement_date, today),
        postings=settlement_postings(change),
    )


def settlement_postings(change: SettlementChange) -> list[Posting]:
    """Order money in; partner, fees, VAT and the discount we bear out (contract.md d.1).

    With the default formulas the sides meet by themselves; what a user's formula adds or
    takes goes to FORMULA_DIFFERENCE.
    """
    amounts = change.amounts
    if change.type == "MANUAL":
        owed = amounts["settlement_amount"]
        return [
            Posting(Code.MANUAL_ADJUSTMENT, owed, currency=change.currency),
            Posting(Code.PARTNER_PAYABLE, -owed, change.partner_id, change.currency),
        ]
    debits = {
        Code.ORDER_CLEARING: amounts["payment_amount"],
        Code.DISCOUNT_EXPENSE: amounts["discount_amount"] - amounts["discount_share_amount"],
        Code.PARTNER_PAYABLE: -amounts["settlement_amount"],
        Code.FEE_REVENUE: -amounts["platform_fee_amount"],
        Code.ADDITIONAL_FEE_REVENUE: -amounts["additional_fee_amount"],
        Code.VAT_ACCRUED: -amounts["platform_fee_vat_amount"]
        - amounts["additional_fee_vat_amount"],
        Code.PAYMENT_VAT_BURDEN: -amounts["payment_vat_burden_amount"],
    }
    debits[Code.FORMULA_DIFFERENCE] = -sum(debits.values())
    sign = -1 if change.type == "ORDER_CANCEL" else 1
    return [
        Posting(code, sign * amount, _subject(code, change), change.currency)
        for code, amount in debits.items()
    ]


def _subject(code: Code, change: SettlementChange) -> str:
    return change.partner_id if code is Code.PARTNER_PAYABLE else ""
