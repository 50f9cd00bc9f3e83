"""What the other side is shown: the whole document and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core import clock
from core.companies.access import calendar_of
from core.money import apply_rate
from invoices.models import ISSUED_STATES, PENDING, TaxInvoice
from invoices.paper import Copy, paper_content
from invoices.rules import PENALTY_RATES, Lateness, lateness


@dataclass(frozen=True)
class Standing:
    """One sentence about a document, for someone who only sees this page."""

    title: str
    text: str = ""
    tone: str = "neutral"


STANDINGS: dict[str, Standing] = {
    "REQUEST_REFUSED": Standing(
        "거부한 세금계산서예요", "다시 진행하려면 보낸 곳에 새로 요청해 달라고 해 주세요.", "wrong"
    ),
    "REQUEST_CANCELLED": Standing(
        "보낸 곳에서 요청을 거두었어요", "처리할 일은 없어요. 새 요청이 오면 메일로 알려 드려요."
    ),
    "ISSUANCE_CANCELLED": Standing(
        "발행이 취소된 세금계산서예요", "법적으로 없는 문서가 되었어요."
    ),
    "SENDING_FAILED": Standing(
        "국세청 전송에 실패했어요", "보낸 곳에서 확인하고 있어요. 지금 할 일은 없어요.", "wrong"
    ),
    "SENDING_COMPLETED": Standing("발행이 끝났어요", "국세청 전송까지 끝났어요.", "arrived"),
}
WORKING = Standing(
    "처리하고 있어요", "보통 몇 초면 끝나요. 잠시 뒤 이 화면을 새로 고쳐 주세요.", "waiting"
)
SIGNED = Standing("발행을 마쳤어요", "다음 영업일 오후 3시에 국세청으로 전송돼요.", "arrived")


def standing_of(invoice: TaxInvoice) -> Standing | None:
    """None while the document waits for this person."""
    if invoice.status == "REQUESTED":
        return None
    if invoice.status in PENDING:
        return WORKING
    if invoice.status in STANDINGS:
        return STANDINGS[invoice.status]
    return SIGNED if invoice.status in ISSUED_STATES else Standing("아직 준비 중인 문서예요")


def page_context(invoice: TaxInvoice, copy: Copy) -> dict[str, Any]:
    is_waiting = invoice.status == "REQUESTED"
    return {
        "invoice": invoice,
        "company": invoice.workspace.company,
        "is_test": invoice.workspace.is_test,
        "paper": paper_content(invoice, copy),
        "standing": standing_of(invoice),
        "is_issued": invoice.status in ISSUED_STATES,
        "may_cancel": invoice.status == "ISSUED" and invoice.is_reverse,
        "penalty": _penalty(invoice) if is_waiting and not invoice.is_amendment else 0,
        "days_left": (invoice.issuance_due_date - clock.today()).days if is_waiting else None,
    }


def _penalty(invoice: TaxInvoice) -> int:
    """What approving today would cost the supplier, in won; 0 when in time."""
    calendar = calendar_of(invoice.workspace.company)
    late = lateness(invoice.write_date, clock.today(), calendar)
    if late is Lateness.ON_TIME:
        return 0
    return apply_rate(abs(invoice.total_supply_amount), PENALTY_RATES[late][0])
