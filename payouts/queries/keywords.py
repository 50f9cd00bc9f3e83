"""Payouts as words that find settlements and their transfers (contract.md c.11)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from payouts.models import PayoutItem
from settlements.queries import SETTLEMENT_KEYWORDS, TRANSFER_KEYWORDS


def register() -> None:
    TRANSFER_KEYWORDS["payoutId"] = lambda text: Q(
        partner_settlement__in=_held(payout__public_id=text)
    )
    SETTLEMENT_KEYWORDS["payoutId"] = lambda text: Q(pk__in=_held(payout__public_id=text))
    SETTLEMENT_KEYWORDS["bulkPayoutId"] = lambda text: Q(pk__in=_held(bulk_payout__public_id=text))


def _held(**named: str) -> QuerySet[PayoutItem, Any]:
    """Settlements a payout pays, paid or failed to pay, and those a bulk payout has chosen.
    Released ones (cancelled, carried, skipped) are no longer its: another may hold them by now.

    Public ids are unique per workspace only, but an item lies in the workspace of its settlement,
    and the list around this asks for settlements of its own.
    """
    items = PayoutItem.objects.filter(**named, released_at=None)
    return items.values("partner_settlement")
