"""`/platform/transfer-summaries` and its sheet."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from msgspec import UnsetType

from core.api.operations import Call, Operation, WireView
from core.api.paging import PageInput, page_of
from core.api.wire import given
from core.companies.models import Permission, Workspace
from core.errors import InvalidRequest
from partners.queries import Properties, hidden_properties
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
        hidden = hidden_properties(call.workspace, call.actor)
        page_rows, page = page_of(
            _found(call.workspace, asked, hidden),
            given(call.body.page, PageInput()),
            total_count=_count(call.workspace, asked, hidden),
        )
        return {
            "transferSummaries": [wire.summary_to_wire(row, hidden) for row in page_rows],
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
        asked, hidden = call.body.filter, hidden_properties(call.workspace, call.actor)
        columns = sheet.columns(call.workspace, call.body.fields, hidden)
        if _count(call.workspace, asked, hidden) > SHEET_ROWS_MAX:
            raise InvalidRequest(
                f"{SHEET_ROWS_MAX:,}행까지 받을 수 있습니다. "
                "조건을 좁히거나 콘솔의 내보내기를 써 주세요."
            )
        found = _found(call.workspace, asked, hidden)
        return sheet.to_csv(found.iterator(chunk_size=2000), columns)


def _finds_nothing(asked: inputs.TransferFilterInput, hidden: Properties) -> bool:
    """Only PortOne-paid orders have a channel, and we take external ones. A property the caller
    may not read must not be guessed by filtering either."""
    match = asked.user_defined_property
    asks_hidden = not isinstance(match, UnsetType) and match.key in hidden.transfer
    return asks_hidden or bool(asked.channel_keys)


def _count(workspace: Workspace, asked: inputs.TransferFilterInput, hidden: Properties) -> int:
    return 0 if _finds_nothing(asked, hidden) else count_matching(workspace, asked.as_filter())


def _found(
    workspace: Workspace, asked: inputs.TransferFilterInput, hidden: Properties
) -> QuerySet[Transfer]:
    found = transfers_matching(workspace, asked.as_filter())
    if _finds_nothing(asked, hidden):
        return found.none()
    return found.select_related("workspace__company", "partner", "contract__workspace")
