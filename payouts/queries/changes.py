"""What changed since an approval was asked for: said before anyone approves old numbers."""

from __future__ import annotations

from dataclasses import dataclass

from payouts.models import Approval
from payouts.queries.explaining import bulk_parts
from payouts.queries.funds import available_balance
from payouts.queries.preflight import live_payouts


@dataclass(frozen=True)
class Change:
    """A number as it was asked with, and as it is."""

    label: str
    then: int
    now: int
    unit: str = "원"


def changes_since(approval: Approval) -> list[Change]:
    """Count, sum and balance that are not those of the request any more."""
    bulk_payout, summary = approval.bulk_payout, approval.summary
    account = bulk_payout.funding_account
    amount = bulk_parts(bulk_payout).amount
    balance = available_balance(account) if account else 0
    found = [
        Change("지급 건수", summary["paid"]["count"], live_payouts(bulk_payout).count(), "건"),
        Change("지급 합계", summary["paid"]["amount"], amount),
        Change("출금 계좌 잔액", summary["balance"], balance),
        Change("출금 후 잔액", summary["balance_after"], balance - amount),
    ]
    return [change for change in found if change.then != change.now]
