"""What an approver signs."""

from __future__ import annotations

import hashlib

from core import crypto
from payouts.models import BulkPayout, PayoutStatus

BATCH = 1000
FACTS = (
    "public_id",
    "partner__public_id",
    "amount",
    "currency",
    "bank",
    "account_number_encrypted",
    "account_holder",
)


def content_hash(bulk_payout: BulkPayout) -> str:
    """Fingerprint of who is paid what to which account, and from where."""
    digest = hashlib.sha256(f"{bulk_payout.public_id}:{bulk_payout.funding_account_id}".encode())
    live = bulk_payout.payouts.exclude(status=PayoutStatus.CANCELLED).order_by("pk")
    for *who, encrypted, holder in live.values_list(*FACTS).iterator(BATCH):
        facts = (*who, crypto.decrypt(encrypted), holder)
        digest.update("\x1f".join(map(str, facts)).encode() + b"\x1e")
    return digest.hexdigest()
