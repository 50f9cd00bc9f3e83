"""`/platform/partner-settlements`: the list and its deletion."""

from __future__ import annotations

from typing import Any

from core.api.operations import Call, Operation, WireView
from core.api.paging import PageInput, page_of
from core.api.wire import given
from core.companies.models import Permission
from settlements import errors
from settlements.api import inputs, wire
from settlements.api.shapes import settlements as shapes
from settlements.queries.partner_settlements import (
    count_by_status,
    find_settlements,
    settlements_matching,
)
from settlements.services.deleting import delete_settlements


class PartnerSettlements(WireView):
    @Operation(
        body=inputs.GetSettlementsBody,
        returns=shapes.GetPartnerSettlementsResponse,
        scope=Permission.SETTLEMENT_READ,
        operation_id="getPlatformPartnerSettlements",
        summary="정산 내역 목록 조회",
    )
    def get(self, call: Call[inputs.GetSettlementsBody]) -> dict[str, Any]:
        wanted = call.body.filter.as_filter()
        found = settlements_matching(call.workspace, wanted).select_related(
            "partner__default_contract", "partner__workspace", "contract__workspace", "workspace"
        )
        page_rows, page = page_of(found, given(call.body.page, PageInput()))
        counted = count_by_status(call.workspace, wanted)
        return {
            "items": wire.settlements_to_wire(call.workspace, page_rows, call.actor),
            "page": page,
            "counts": {name: counted[state] for state, name in wire.COUNT_NAMES.items()},
        }


class DeletePartnerSettlements(WireView):
    @Operation(
        body=inputs.DeleteSettlementsBody,
        returns=shapes.DeletePartnerSettlementsResponse,
        scope=Permission.SETTLEMENT_WRITE,
        errors=[
            errors.NonDeletablePartnerSettlements,
            errors.ReferencedCancelOrderTransfersExist,
            errors.PartnerSettlementsNotFound,
        ],
        operation_id="deletePlatformPartnerSettlements",
        summary="정산 내역 삭제",
        unstable=True,
    )
    def post(self, call: Call[inputs.DeleteSettlementsBody]) -> None:
        delete_settlements(
            workspace=call.workspace,
            settlements=find_settlements(call.workspace, call.body.partner_settlement_ids),
            actor=call.actor,
        )
