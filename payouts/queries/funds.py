"""How much money is where (contract.md h.5)."""

from __future__ import annotations

from core.ledger.queries import balance
from payouts.models import FundingAccount
from settlements.accounts import AccountCode


def available_balance(account: FundingAccount) -> int:
    """Won on the account that no open transfer has reserved, by our books."""
    workspace, subject = account.workspace, account.public_id
    on_account = balance(workspace, AccountCode.FUNDING, subject)
    return on_account + balance(workspace, AccountCode.IN_TRANSIT, subject)
