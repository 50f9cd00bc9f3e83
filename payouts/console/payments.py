"""A settlement's payouts, for its own page, which must not know of payouts."""

from __future__ import annotations

from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_url
from payouts.models import BulkPayout, Payout, PayoutItem
from payouts.queries.histories import moves_of
from settlements.console.payments import Payment, Payments
from settlements.models import PartnerSettlement

LEFT = {
    PayoutItem.Release.CARRIED: "다음 지급으로 이월",
    PayoutItem.Release.SKIPPED: "지급에서 제외",
    PayoutItem.Release.CANCELLED: "취소된 지급",
}


def payments_of(request: ConsoleRequest, settlement: PartnerSettlement) -> Payments:
    """Two queries, however many there were."""
    if not request.member.may(Permission.PAYOUT_READ):
        return Payments()
    held = PayoutItem.objects.filter(
        workspace=request.workspace, partner_settlement=settlement
    ).select_related("payout__bulk_payout", "bulk_payout")
    items = list(held.order_by("-pk"))
    payouts = [item.payout for item in items if item.payout]
    return Payments([_payment(request, item) for item in items], moves_of(payouts))


def _payment(request: ConsoleRequest, item: PayoutItem) -> Payment:
    payout = item.payout
    return Payment(
        name=item.bulk_payout.name,
        href=_href(request, item),
        face=Payout.FACES[payout.status] if payout else BulkPayout.FACES[item.bulk_payout.status],
        amount=payout.amount if payout else None,
        currency=payout.currency if payout else "",
        paid_at=payout.paid_at if payout else None,
        left=LEFT[PayoutItem.Release(item.release_reason)] if item.release_reason else "",
    )


def _href(request: ConsoleRequest, item: PayoutItem) -> str:
    """While a bulk payout is still selecting there is no payout yet."""
    if item.payout:
        return console_url(request, "payouts:payout", item.payout.public_id)
    return console_url(request, "payouts:bulk", item.bulk_payout.public_id)
