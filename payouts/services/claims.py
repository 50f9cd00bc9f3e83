"""Give settlements back: a cancelled payout frees what it had claimed."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from core import clock
from core.companies.models import Workspace
from core.events.actors import Actor
from core.events.transitions import transition_all
from payouts.models import Payout, PayoutItem, PayoutStatus
from settlements.models import PartnerSettlement, SettlementStatus
from settlements.services import follow_payout

CANCELLABLE = (PayoutStatus.CONFIRMED, PayoutStatus.STOPPED, PayoutStatus.FAILED)


def locked_ids(payouts: QuerySet[Payout], statuses: Sequence[str]) -> list[int]:
    """Those among them in one of these states, held until the transaction ends."""
    chosen = Payout.objects.filter(pk__in=payouts.order_by().values("pk"), status__in=statuses)
    held = chosen.select_for_update(of=("self",)).order_by("pk")
    return list(held.values_list("pk", flat=True))


def settlement_ids_of(payouts: QuerySet[Payout]) -> list[int]:
    """Settlements these payouts hold, in the order locks are taken."""
    held = PayoutItem.objects.filter(payout__in=payouts.order_by(), released_at=None)
    return sorted(held.values_list("partner_settlement_id", flat=True))


def named(payouts: QuerySet[Payout]) -> dict[str, list[str]]:
    """Their public ids for the event of a move: who listens wants to know which."""
    return {"ids": list(payouts.order_by("pk").values_list("public_id", flat=True))}


def release(items: QuerySet[PayoutItem], reason: PayoutItem.Release) -> int:
    return items.filter(released_at=None).update(released_at=clock.now(), release_reason=reason)


def cancel_and_release(
    *, workspace: Workspace, payouts: QuerySet[Payout], actor: Actor, object_id: str, reason: str
) -> int:
    """Cancel payouts that never paid; their settlements become 지급 취소. Returns how many.

    Settlements somebody already returned to 지급 예정 stay there.
    """
    ids = locked_ids(payouts, CANCELLABLE)
    chosen = Payout.objects.filter(pk__in=ids)
    settlement_ids = settlement_ids_of(chosen)
    moved = transition_all(
        chosen,
        PayoutStatus.CANCELLED,
        workspace=workspace,
        actor=actor,
        object_id=object_id,
        reason=reason,
        details=named(chosen),
    )
    release(PayoutItem.objects.filter(payout__in=ids), PayoutItem.Release.CANCELLED)
    _cancel_settlements(workspace, settlement_ids, actor, object_id)
    return moved


def _cancel_settlements(
    workspace: Workspace, settlement_ids: Sequence[int], actor: Actor, object_id: str
) -> None:
    cancellable = (SettlementStatus.CONFIRMED, SettlementStatus.PAYOUT_FAILED)
    ids = list(
        PartnerSettlement.objects.filter(pk__in=settlement_ids, status__in=cancellable).values_list(
            "pk", flat=True
        )
    )
    if ids:
        follow_payout(
            workspace=workspace,
            settlement_ids=ids,
            to=SettlementStatus.CANCELLED,
            actor=actor,
            object_id=object_id,
        )


def failed_claims(settlements: QuerySet[PartnerSettlement]) -> QuerySet[Payout]:
    """Failed payouts that still hold these settlements."""
    held = PayoutItem.objects.filter(
        partner_settlement__in=settlements.order_by(), released_at=None
    )
    return Payout.objects.filter(status=PayoutStatus.FAILED, pk__in=held.values("payout"))


def release_failed_claims(
    *, workspace: Workspace, settlement_ids: Sequence[int], actor: Actor
) -> int:
    """Cancel failed payouts that still hold these settlements: they are paid anew instead.

    A settlement returned to 지급 예정 after a failure is otherwise held by the failed payout.
    """
    failed = failed_claims(PartnerSettlement.objects.filter(pk__in=settlement_ids))
    if not failed.exists():
        return 0
    return cancel_and_release(
        workspace=workspace,
        payouts=failed,
        actor=actor,
        object_id="",
        reason="새 일괄 지급으로 다시 지급",
    )
