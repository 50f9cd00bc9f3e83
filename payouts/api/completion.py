"""Settlements paid by hand, reported at once (contract.md c.6 complete payout)."""

from __future__ import annotations

from typing import Any

from core.api.operations import Call, Operation, WireView
from core.api.wire import given
from core.companies.models import Permission
from partners.snapshots import graphql_id
from payouts import errors, services
from payouts.api.shapes import payouts as shapes
from payouts.api.wire import BULK_PAYOUT
from settlements.errors import PartnerSettlementsNotFound


class CompletePayouts(WireView):
    tag = "partner-settlements"

    @Operation(
        body=shapes.CompletePayoutByPartnerSettlementIdsBody,
        returns=shapes.CompletePayoutByPartnerSettlementIdsResponse,
        scope=Permission.PAYOUT_WRITE,
        errors=[
            errors.NoSelectedPartnerSettlements,
            errors.DuplicatedPartnerSettlementIds,
            PartnerSettlementsNotFound,
            errors.NonPayablePartnerSettlements,
            errors.BulkPayoutIdAlreadyExists,
            errors.NegativePayoutAmountPartners,
        ],
        operation_id="completePlatformPayoutByPartnerSettlementIds",
        summary="정산 내역 지급 완료 처리",
        unstable=True,
    )
    def post(self, call: Call[shapes.CompletePayoutByPartnerSettlementIdsBody]) -> dict[str, Any]:
        done = services.complete_payout(
            workspace=call.workspace,
            settlement_ids=call.body.partner_settlement_ids,
            bulk_payout_id=call.body.bulk_payout_id,
            actor=call.actor,
            name=given(call.body.name, ""),
            completed_on=given(call.body.completed_at, None),
        )
        return {
            "bulkPayoutId": done.bulk_payout.public_id,
            "bulkPayoutGraphqlId": graphql_id(BULK_PAYOUT, done.bulk_payout.public_id),
            "payoutCount": done.payout_count,
            "partnerSettlementCount": done.settlement_count,
        }
