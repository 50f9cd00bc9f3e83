"""Our own operations on partner settlements: hold, exclude, restore (contract.md h.3)."""

from __future__ import annotations

from functools import partial
from typing import Any

from core.api.operations import Call, Operation, WireView
from core.companies.models import Permission
from core.errors import IllegalTransition
from settlements import errors
from settlements.api.inputs import (
    MovedSettlementsResponse,
    MoveSettlementsBody,
    RestoreSettlementsBody,
)
from settlements.queries import find_settlements
from settlements.services import exclude_settlements, hold_settlements, restore_settlements

own = partial(
    Operation,
    own=True,
    returns=MovedSettlementsResponse,
    scope=Permission.SETTLEMENT_WRITE,
    errors=[errors.PartnerSettlementsNotFound, IllegalTransition],
)


def _moved(move: Any, call: Call[Any]) -> dict[str, int]:
    count = move(
        workspace=call.workspace,
        settlements=find_settlements(call.workspace, call.body.partner_settlement_ids),
        actor=call.actor,
        reason=call.body.reason,
    )
    return {"partnerSettlementCount": count}


class HoldSettlements(WireView):
    tag = "partner-settlements"

    @own(
        body=MoveSettlementsBody,
        operation_id="holdPlatformPartnerSettlements",
        summary="정산 내역 지급 보류",
    )
    def post(self, call: Call[MoveSettlementsBody]) -> dict[str, int]:
        return _moved(hold_settlements, call)


class ExcludeSettlements(WireView):
    tag = "partner-settlements"

    @own(
        body=MoveSettlementsBody,
        operation_id="excludePlatformPartnerSettlements",
        summary="정산 내역 지급 제외",
    )
    def post(self, call: Call[MoveSettlementsBody]) -> dict[str, int]:
        return _moved(exclude_settlements, call)


class RestoreSettlements(WireView):
    tag = "partner-settlements"

    @own(
        body=RestoreSettlementsBody,
        operation_id="restorePlatformPartnerSettlements",
        summary="정산 내역 지급 예정으로 되돌리기",
    )
    def post(self, call: Call[RestoreSettlementsBody]) -> dict[str, int]:
        return _moved(restore_settlements, call)
