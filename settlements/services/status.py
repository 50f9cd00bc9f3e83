"""Hold, exclude, restore and delete settlements; follow what payouts do with them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from core.companies.models import Workspace
from core.errors import InvalidRequest, LostRace
from core.events.actors import Actor
from core.events.transitions import transition_all, transition_each
from settlements.models import (
    FOLLOWING_STATUS,
    PartnerSettlement,
    SettlementStatus,
    Transfer,
)


def hold_settlements(
    *, workspace: Workspace, settlements: QuerySet[PartnerSettlement], actor: Actor, reason: str
) -> int:
    """지급 보류: keep these settlements out of payouts until restored. All or none.

    Raises IllegalTransition (contract.md c.6).
    """
    return _move(workspace, settlements, SettlementStatus.PAYOUT_WITHHELD, actor, _required(reason))


def exclude_settlements(
    *, workspace: Workspace, settlements: QuerySet[PartnerSettlement], actor: Actor, reason: str
) -> int:
    """지급 제외: these settlements are not to be paid through us. All or none.

    Raises IllegalTransition (contract.md c.6).
    """
    return _move(workspace, settlements, SettlementStatus.PAYOUT_EXCLUDED, actor, _required(reason))


def restore_settlements(
    *,
    workspace: Workspace,
    settlements: QuerySet[PartnerSettlement],
    actor: Actor,
    reason: str = "",
) -> int:
    """지급 예정: make held, excluded, failed or cancelled settlements payable again. All or none.

    Raises IllegalTransition (contract.md c.6).
    """
    return _move(workspace, settlements, SettlementStatus.PAYOUT_PREPARED, actor, reason)


def _required(reason: str) -> str:
    if not reason.strip():
        raise InvalidRequest("바뀐 것은 없습니다. 사유를 적어 주세요.")
    return reason.strip()


def _move(
    workspace: Workspace,
    settlements: QuerySet[PartnerSettlement],
    to: SettlementStatus,
    actor: Actor,
    reason: str,
) -> int:
    reason = reason.strip()
    memo = {"memo": reason} if reason else {}  # no reason: what was noted stays
    return transition_each(settlements, to, workspace=workspace, actor=actor, reason=reason, **memo)


@transaction.atomic
def follow_payout(
    *,
    workspace: Workspace,
    settlement_ids: Sequence[int],
    to: SettlementStatus,
    actor: Actor,
    object_id: str = "",
    reason: str = "",
) -> None:
    """Take settlements (primary keys) and their transfers where their payout went. All or none.

    `object_id` names the payout or bulk payout on the events. Raises LostRace when one of the
    settlements is no longer in a state that leads to `to`.
    """
    move = partial(
        transition_all, workspace=workspace, actor=actor, reason=reason, object_id=object_id
    )
    settlements = PartnerSettlement.objects.filter(pk__in=settlement_ids)
    _hold_by_id(settlements)
    if move(settlements, to) != len(set(settlement_ids)):
        raise LostRace()
    following = FOLLOWING_STATUS[to]
    transfers = Transfer.objects.filter(partner_settlement__in=settlement_ids)
    move(transfers.exclude(status=following), following)


def _hold_by_id(settlements: QuerySet[PartnerSettlement]) -> None:
    """In the order of `transition_each`: one statement moves them in whatever order it reads."""
    list(settlements.select_for_update().order_by("pk").values_list("pk"))
