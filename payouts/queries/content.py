"""What an approver signs."""

from __future__ import annotations

import hashlib

from payouts.models import BulkPayout, Payout, PayoutStatus

BATCH = 1000


def content_hash(bulk_payout: BulkPayout) -> str:
    """Fingerprint of who is paid what to which account, and from where."""
    digest = hashlib.sha256(f"{bulk_payout.public_id}:{bulk_payout.funding_account_id}".encode())
    live = bulk_payout.payouts.exclude(status=PayoutStatus.CANCELLED).order_by("pk")
    for payout in live.select_related("partner").iterator(BATCH):
        digest.update("\x1f".join(map(str, _facts(payout))).encode() + b"\x1e")
    return digest.hexdigest()


def _facts(payout: Payout) -> tuple[str | int, ...]:
    return (
        payout.public_id,
        payout.partner.public_id,
        payout.amount,
        payout.currency,
        payout.bank,
        payout.account_number,
        payout.account_holder,
    )
