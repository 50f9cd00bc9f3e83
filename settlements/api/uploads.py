"""Our own operations on order files: bring one, see what it holds, register or discard it.

Checking and registering are jobs: ask again until the status has moved.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from core.api.listing import among, counts, present
from core.api.operations import Call, Operation, WireView
from core.api.paging import PageInfo, PageInput, page_of
from core.api.records import GetJobFailuresBody, GetJobFailuresResponse, failures_page
from core.api.wire import Int64, Text, Timestamp, Wire, decode, given
from core.companies.access import find, rows
from core.companies.models import Permission
from core.errors import Conflict, InvalidRequest, NotFound
from settlements.models import OrderUpload, UploadMode
from settlements.services.uploads import discard_upload, receive_upload, register_upload
from settlements.upload.errors import AlreadyCorrected, FileAlreadyUploaded, NotRegisteredYet
from settlements.upload.mapping import ColumnMapping, parse_mapping

own = partial(Operation, own=True)
Status = Literal[
    "MAPPING", "CHECKING", "READY", "REGISTERING", "REGISTERED", "REFUSED", "DISCARDED"
]
Mode = Literal["ALL_OR_NOTHING", "VALID_ROWS_ONLY"]


class OrderUploadNotFound(NotFound):
    type = "ORDER_UPLOAD_NOT_FOUND"
    message = "주문 파일을 찾을 수 없습니다."


class OrderUploadMapping(Wire):
    """How to read one layout: heading → our column, texts every row has, cells that repeat.

    `words`: our column → word of the file → ours; LEAVE_OUT of `type` leaves a row out.
    `refundsBySign`: rows with an amount or quantity below zero are cancels.
    """

    columns: dict[str, str] = {}
    constants: dict[str, str] = {}
    fills_down: list[str] = []
    header_row: int = 0
    words: dict[str, dict[str, str]] = {}
    refunds_by_sign: bool = False
    sheet: str = ""


class OrderUploadLeftOut(Wire):
    """Rows with this word of `type` that the mapping leaves out, and what they add up to in the
    smallest unit of the currency; `unread`: how many have an amount that cannot be read."""

    word: str
    currency: Text
    rows: Int64
    amount: Int64
    unread: Int64


class OrderUploadState(Wire):
    """`problem`: why nothing of the file was registered. Counts are of rows of the file, but for
    those of `leftOut`, which are known once it is checked."""

    id: Text
    status: Status
    status_updated_at: Timestamp
    file_name: Text
    mode: Mode
    job_id: Text | UnsetType = UNSET
    stage: Text | UnsetType = UNSET
    total_count: Int64
    done_count: Int64
    row_count: Int64
    rejected_row_count: Int64
    transfer_count: Int64
    totals: dict[str, int]
    left_out: list[OrderUploadLeftOut]
    problem: Text | UnsetType = UNSET
    created_at: Timestamp
    is_for_test: bool


class OrderUploadResponse(Wire):
    order_upload: OrderUploadState


class OrderUploadFilter(Wire):
    statuses: list[Status] | UnsetType = UNSET


class GetOrderUploadsBody(Wire):
    filter: OrderUploadFilter = msgspec.field(default_factory=OrderUploadFilter)
    page: PageInput | UnsetType = UNSET


class OrderUploadStats(Wire):
    mapping: Int64
    checking: Int64
    ready: Int64
    registering: Int64
    registered: Int64
    refused: Int64
    discarded: Int64


class GetOrderUploadsResponse(Wire):
    items: list[OrderUploadState]
    page: PageInfo
    counts: OrderUploadStats


def upload_to_wire(row: OrderUpload) -> dict[str, Any]:
    job, summary = row.job, row.summary
    return {
        "id": row.public_id,
        "status": row.status,
        "statusUpdatedAt": row.status_updated_at,
        "fileName": row.file_name,
        "mode": row.mode,
        "totalCount": job.total_count if job else 0,
        "doneCount": job.done_count if job else 0,
        "rowCount": row.row_count,
        "rejectedRowCount": row.rejected_row_count,
        "transferCount": row.transfer_count,
        "totals": summary.get("totals", {}),
        "leftOut": summary.get("left_out", []),
        "createdAt": row.created_at,
        "isForTest": row.workspace.is_test,
        **present(
            jobId=job.public_id if job else None,
            stage=job.stage if job else None,
            problem=summary.get("problem") or (job.error if job else None),
        ),
    }


def mapping_of(text: str) -> ColumnMapping:
    """Raises InvalidRequest for words that mean nothing."""
    return parse_mapping(msgspec.structs.asdict(decode(text.encode(), OrderUploadMapping)))


def named(call: Call[Any]) -> OrderUpload:
    return find(OrderUpload, call.workspace, call.ids["id"], OrderUploadNotFound)


def answer(upload: OrderUpload) -> dict[str, Any]:
    fresh = OrderUpload.objects.select_related("job", "workspace").get(pk=upload.pk)
    return {"orderUpload": upload_to_wire(fresh)}


class OrderUploads(WireView):
    tag = "order-uploads"

    @own(
        body=GetOrderUploadsBody,
        returns=GetOrderUploadsResponse,
        scope=Permission.TRANSFER_READ,
        operation_id="getPlatformOrderUploads",
        summary="주문 파일 목록",
    )
    def get(self, call: Call[GetOrderUploadsBody]) -> dict[str, Any]:
        found = rows(OrderUpload, call.workspace)
        shown = among(found, "status", call.body.filter.statuses)
        ordered = shown.select_related("job", "workspace").order_by("-pk")
        items, page = page_of(ordered, given(call.body.page, PageInput()))
        states = list(OrderUpload.TRANSITIONS)
        return {
            "items": [upload_to_wire(row) for row in items],
            "page": page,
            "counts": counts(found, states),
        }

    @own(
        takes_file=True,
        returns=OrderUploadResponse,
        scope=Permission.FILE_UPLOAD,
        errors=[FileAlreadyUploaded, AlreadyCorrected, NotRegisteredYet],
        query={"fileName": str, "mode": Mode, "mapping": str},
        operation_id="createPlatformOrderUpload",
        summary="주문 파일 올려 검사하기",
    )
    def post(self, call: Call[None]) -> dict[str, Any]:
        """`mapping`: a OrderUploadMapping as JSON. All three also as fields of a form."""
        assert call.received is not None
        said = call.received.said
        mode = said.get("mode", UploadMode.VALID_ROWS_ONLY)
        if mode not in UploadMode.values:
            raise InvalidRequest(f"등록하지 않았습니다. mode는 {', '.join(UploadMode.values)}.")
        upload = receive_upload(
            workspace=call.workspace,
            actor=call.actor,
            file=call.received.file,
            mode=mode,
            mapping=mapping_of(said["mapping"]) if "mapping" in said else None,
        )
        return answer(upload)


class SingleUpload(WireView):
    tag = "order-uploads"

    @own(
        returns=OrderUploadState,
        scope=Permission.TRANSFER_READ,
        errors=[OrderUploadNotFound],
        operation_id="getPlatformOrderUpload",
        summary="주문 파일 조회",
    )
    def get(self, call: Call[None]) -> Any:
        return answer(named(call))["orderUpload"]


class RejectedRows(WireView):
    tag = "order-uploads"

    @own(
        body=GetJobFailuresBody,
        returns=GetJobFailuresResponse,
        scope=Permission.TRANSFER_READ,
        errors=[OrderUploadNotFound],
        operation_id="getPlatformOrderUploadRejectedRows",
        summary="주문 파일에서 등록하지 않은 행",
    )
    def get(self, call: Call[GetJobFailuresBody]) -> dict[str, Any]:
        job, page = named(call).job, given(call.body.page, PageInput())
        if job is None:
            return {
                "items": [],
                "page": PageInfo(number=page.number, size=page.size, total_count=0),
            }
        return failures_page(job, page)


class RegisterUpload(WireView):
    tag = "order-uploads"

    @own(
        returns=OrderUploadResponse,
        scope=Permission.TRANSFER_WRITE,
        errors=[OrderUploadNotFound, Conflict],
        operation_id="registerPlatformOrderUpload",
        summary="검사한 주문 파일 등록",
    )
    def post(self, call: Call[None]) -> dict[str, Any]:
        upload = named(call)
        register_upload(upload=upload, actor=call.actor)
        return answer(upload)


class DiscardUpload(WireView):
    tag = "order-uploads"

    @own(
        returns=OrderUploadResponse,
        scope=Permission.TRANSFER_WRITE,
        errors=[OrderUploadNotFound, Conflict],
        operation_id="discardPlatformOrderUpload",
        summary="등록하지 않은 주문 파일 버리기",
    )
    def post(self, call: Call[None]) -> dict[str, Any]:
        upload = named(call)
        discard_upload(upload=upload, actor=call.actor)
        return answer(upload)
