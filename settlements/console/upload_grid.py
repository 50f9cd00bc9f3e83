"""The list of order files (주문 업로드)."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import Q, QuerySet

from core.companies.access import rows
from core.console.grid import Badge, Choice, Code, DateTime, Grid, Money, Number, Text
from core.console.grid.parts import Tab
from settlements.models import OrderUpload
from settlements.queries.uploads import OPEN_REJECTIONS

STATUS_TABS = [
    Tab(status, face.label, Q(status=status), face.tone)
    for status, face in OrderUpload.FACES.items()
]


class UploadGrid(Grid[OrderUpload]):
    model = OrderUpload
    title = "주문 업로드"
    columns = [
        Text("file_name", "파일"),
        Badge("status", "상태"),
        Number("row_count", "행", unit="행"),
        Number("rejected_row_count", "반려", unit="행"),
        Number("transfer_count", "정산건", unit="건"),
        Money("settlement_amount", "정산 금액", minus="차감", help="취소를 뺀 원화 합계"),
        Choice("mode", "등록 방식"),
        Text("received_by", "올린 사람"),
        DateTime("created_at", "올린 일시"),
        DateTime("status_updated_at", "상태 변경 일시", shown=False),
        Code("public_id", "업로드 아이디", shown=False),
    ]
    tabs: ClassVar[list[Tab]] = [
        Tab("REJECTIONS", "고칠 반려 행", OPEN_REJECTIONS, "wrong"),
        *STATUS_TABS,
    ]
    periods = {"created_at": "올린 일시"}
    search = ["file_name", "received_by", "public_id"]
    search_hint = "파일 이름, 올린 사람, 아이디"
    detail = "settlements:upload"
    template = "settlements/console/uploads.html"
    empty = "아직 올린 주문 파일이 없습니다."
    empty_help = "주문 파일을 올리면 먼저 검사하고, 확인한 뒤에만 정산건으로 등록해요."

    def queryset(self) -> QuerySet[OrderUpload]:
        return rows(OrderUpload, self.request.workspace).defer("summary", "preview")
