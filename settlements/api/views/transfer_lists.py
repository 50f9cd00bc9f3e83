"""`/platform/transfer-summaries` and its sheet."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from core.api.operations import Call, Operation, WireView
from core.api.paging import PageInput, page_of
from core.api.wire import given
from core.companies.models import Permission
from core.errors import InvalidRequest
from settlements.api import inputs, sheet, wire
from settlements.api.shapes import transfers as shapes
from settlements.models import Transfer
from settlements.queries.transfers import count_matching, transfers_matching

SHEET_ROWS_MAX = 200_000
"""Above this the console's export job is the way; one response should not hold a worker."""


class TransferSummaries(WireView):
    @Operation(
        body=inputs.GetTransferSummariesBody,
        returns=shapes.GetTransferSummariesResponse,
        scope=Permission.TRANSFER_READ,
        operation_id="getPlatformTransferSummaries",
        summary="정산건 목록 조회",
    )
    def get(self, call: Call[inputs.GetTransferSummariesBody]) -> dict[str, Any]:
        asked = call.body.filter
        page_rows, page = page_of(
            _found(call.workspace, asked),
            given(call.body.page, PageInput()),
            total_count=_count(call.workspace, asked),
        )
        return {
            "transferSummaries": [wire.summary_to_wire(row) for row in page_rows],
            "page": page,
        }


class TransferSheet(WireView):
    @Operation(
        body=inputs.DownloadTransferSheetBody,
        returns=None,
        scope=Permission.TRANSFER_READ,
        media_type="text/csv",
        operation_id="downloadPlatformTransferSheet",
        summary="정산건 시트 내려받기",
    )
    def get(self, call: Call[inputs.DownloadTransferSheetBody]) -> bytes:
        found = _found(call.workspace, call.body.filter)
        if _count(call.workspace, call.body.filter) > SHEET_ROWS_MAX:
            raise InvalidRequest(
                f"{SHEET_ROWS_MAX:,}행까지 받을 수 있습니다. "
                "조건을 좁히거나 콘솔의 내보내기를 써 주세요."
            )
        return sheet.to_csv(found.iterator(chunk_size=2000), call.body.fields)


def _count(workspace: Any, asked: inputs.TransferFilterInput) -> int:
    return 0 if asked.channel_keys else count_matching(workspace, asked.as_filter())


def _found(workspace: Any, asked: inputs.TransferFilterInput) -> QuerySet[Transfer]:
    found = transfers_matching(workspace, asked.as_filter())
    if asked.channel_keys:
        return found.none()  # only PortOne-paid orders have a channel, and we take external ones
    return found.select_related("workspace__company", "partner", "contract__workspace")
