"""Money out: funding accounts, bulk payouts, payouts, transfers at the bank, statements."""

from payouts.models.approval import Approval
from payouts.models.bank import AccountTransfer, AccountTransferStatus, FundingAccount
from payouts.models.bulk import BulkPayout, BulkPayoutStatus, PayoutMethod
from payouts.models.payout import Payout, PayoutItem, PayoutStatus
from payouts.models.statement import (
    Statement,
    StatementDocument,
    StatementTemplate,
    StatementTemplateVersion,
)

__all__ = [
    "AccountTransfer",
    "AccountTransferStatus",
    "Approval",
    "BulkPayout",
    "BulkPayoutStatus",
    "FundingAccount",
    "Payout",
    "PayoutItem",
    "PayoutMethod",
    "PayoutStatus",
    "Statement",
    "StatementDocument",
    "StatementTemplate",
    "StatementTemplateVersion",
]
