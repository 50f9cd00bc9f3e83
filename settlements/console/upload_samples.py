"""The example file and the table of columns beside the drop zone."""

from __future__ import annotations

from typing import Any

from core.companies.access import rows
from core.companies.models import Workspace
from core.console.grid import Text
from core.words import said
from partners.models import Partner
from settlements.upload.columns import COLUMNS as ORDER_COLUMNS

SAMPLE_NAME = "주문_예시"
SHOWN = (
    "type", "payment_id", "partner_id", "transfer_id", "order_name", "product_id", "product_name",
    "unit_price", "quantity", "order_amount", "discount_policy_id", "discount_amount", "paid_at",
    "payment_method", "cancellation_id", "cancelled_at", "settlement_date", "settlement_amount",
    "memo",
)  # fmt: skip

ROWS: list[dict[str, str]] = [
    {
        "type": "주문", "payment_id": "pay-1001", "partner_id": "shop-001",
        "order_name": "사과 외 1건",
        "product_id": "apple", "product_name": "사과 5kg", "unit_price": "32000", "quantity": "1",
        "paid_at": "2026-10-05 13:20:00", "payment_method": "카드",
    },
    {
        "type": "주문", "payment_id": "pay-1001", "partner_id": "shop-001", "product_id": "pear",
        "product_name": "배 3kg", "unit_price": "28000", "quantity": "2",
    },
    {
        "type": "주문", "payment_id": "pay-1002", "partner_id": "shop-002",
        "order_name": "도자기 수업", "order_amount": "55000", "paid_at": "2026-10-06",
        "payment_method": "계좌이체",
    },
    {
        "type": "주문취소", "payment_id": "pay-1001", "partner_id": "shop-001",
        "product_id": "pear", "quantity": "1", "cancellation_id": "cancel-1",
        "cancelled_at": "2026-10-07 09:00:00",
    },
    {
        "type": "수기", "partner_id": "shop-001", "transfer_id": "adjust-2026-10-001",
        "settlement_date": "2026-10-31", "settlement_amount": "-5000", "memo": "배송비 정정",
    },
]  # fmt: skip


def sample_rows(workspace: Workspace) -> list[dict[str, str]]:
    """The rows with the company's own first partners, so that the example can be tried."""
    partners = rows(Partner, workspace).filter(is_archived=False).order_by("pk")
    own = list(partners.values_list("public_id", flat=True)[:2])
    named = dict(zip(("shop-001", "shop-002"), own, strict=False))
    return [row | {"partner_id": named.get(row["partner_id"], row["partner_id"])} for row in ROWS]


def _column(key: str) -> Text:
    def read(row: Any) -> str:
        return str(row.get(key, ""))

    return Text(key, ORDER_COLUMNS[key].heading, value=read)


COLUMNS = [_column(key) for key in SHOWN]

MUST, MAY = "필수", "선택"

FORMAT: list[tuple[str, str, str]] = [
    ("구분", MAY, "주문(비우면 주문) · 주문취소 · 수기"),
    ("결제 ID, 파트너 ID", MUST, "수기는 파트너 ID만"),
    ("주문 금액", "둘 중 하나", "상품이 없는 주문의 금액. 취소 행에서 비우면 전부 취소"),
    (
        "상품 ID, 단가, 수량",
        "둘 중 하나",
        "상품마다 한 행. 같은 결제·파트너면 한 정산건이 돼요",
    ),
    ("결제 일시, 결제 수단", MAY, "2026-10-05 13:20 · 2026.10.05 · 엑셀 날짜 모두 읽어요"),
    ("통화", MAY, "비우면 원. USD, EUR처럼 통화 코드"),
    ("할인 분담 정책 ID, 할인 금액", MAY, "두 번째 할인부터는 「할인 금액 2」처럼"),
    ("추가 수수료 정책 ID", MAY, "여럿이면 ; 로 나눠요"),
    ("취소 ID, 취소 일시", "취소 행 필수", "취소 ID가 같으면 두 번 취소하지 않아요"),
    ("정산일, 정산 금액", "수기 행 필수", "돌려받을 금액은 −를 붙여요"),
    ("정산건 ID", MAY, "적어 두면 같은 정산건을 두 번 등록하지 않아요. 수기에는 꼭 권해요"),
    ("메모, 속성:키, 파라미터:키", MAY, "사용자 정의 속성과 정산 파라미터"),
]
"""Heading, whether it is needed, how it is read."""


def columns_told() -> list[tuple[str, str, str]]:
    """`FORMAT` in the language of whoever looks. Its headings are read in either."""
    return [(said(heading), said(need, "need"), said(how)) for heading, need, how in FORMAT]
