"""What can be done with bulk payouts, payouts, transfers and accounts, and why not."""

from payouts.console.acts.accounts import ACCOUNT_ACTS
from payouts.console.acts.base import Act, Content, Offer, find_act, offers, perform
from payouts.console.acts.bulks import BULK_ACTS
from payouts.console.acts.payouts import PAYOUT_ACTS
from payouts.console.acts.transfers import TRANSFER_ACTS

__all__ = [
    "ACCOUNT_ACTS",
    "BULK_ACTS",
    "PAYOUT_ACTS",
    "TRANSFER_ACTS",
    "Act",
    "Content",
    "Offer",
    "find_act",
    "offers",
    "perform",
]
