"""Acts on a bulk payout, in the order of its life; those beside its way are here."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core import clock
from core.companies.models import Permission
from core.console.access import ConsoleRequest
from core.console.formats import sum_in
from payouts import services
from payouts.console.acts.approving import APPROVING
from payouts.console.acts.base import Act, Content
from payouts.console.acts.scheduling import SCHEDULING
from payouts.console.acts.sending import CANCEL, RETRY, STOP
from payouts.console.acts.shared import (
    PREPARED,
    WRITE,
    Data,
    is_agency,
    payouts_in,
    total_in,
)
from payouts.console.forms import (
    BulkMemoForm,
    InvoiceForm,
    PaidForm,
    ReasonForm,
)
from payouts.console.words import counted, number
from payouts.models import BulkPayout, PayoutStatus
from payouts.queries.problems import setting_of
from payouts.services.bulk import UNSENT
from payouts.services.invoicing import calling_for_invoices, invoice_payouts


def _no_memos(request: ConsoleRequest, bulk_payout: BulkPayout) -> str:
    if total_in(bulk_payout, *UNSENT).count:
        return ""
    return "아직 보내지 않은 지급이 없습니다."


def _memo_content(request: ConsoleRequest, bulk_payout: BulkPayout) -> Content:
    unsent = total_in(bulk_payout, *UNSENT)
    return Content(
        button=_("%(what)s 메모 적기") % {"what": number(unsent.count)},
        facts=[("지급", number(unsent.count))],
        notes=["비운 칸은 바꾸지 않습니다."],
    )


def _memos(request: ConsoleRequest, bulk_payout: BulkPayout, data: Data) -> str:
    memos = {name: data[name] for name in ("withdrawal_memo", "deposit_memo", "memo") if data[name]}
    count = services.set_memos(
        payouts=payouts_in(bulk_payout, *UNSENT),
        memos=memos,
        only_empty=data["only_empty"],
        actor=request.actor,
    )
    return _("%(payouts)s건에 메모를 적었습니다.") % {"payouts": f"{count:,}"}


def _default_content(request: ConsoleRequest, bulk_payout: BulkPayout) -> Content:
    setting = setting_of(bulk_payout.workspace)
    unsent = total_in(bulk_payout, *UNSENT)
    return Content(
        button=_("%(what)s에 기본 메모 채우기") % {"what": number(unsent.count)},
        facts=[
            ("보내는 이 통장 메모", setting.default_withdrawal_memo or _("정하지 않음")),
            ("받는 이 통장 메모", setting.default_deposit_memo or _("정하지 않음")),
        ],
        notes=["비어 있는 메모에만 채웁니다."],
    )


def _defaults(request: ConsoleRequest, bulk_payout: BulkPayout, data: Data) -> str:
    services.set_default_memos(bulk_payout=bulk_payout, actor=request.actor)
    return "비어 있던 통장 메모를 기본값으로 채웠습니다."


def _no_invoices(request: ConsoleRequest, bulk_payout: BulkPayout) -> str:
    live = bulk_payout.payouts.exclude(status=PayoutStatus.CANCELLED)
    if not calling_for_invoices(live).exists():
        return "세금계산서를 쓰는 사업자 파트너의 원화 지급이 없습니다."
    return ""


def _invoice_content(request: ConsoleRequest, bulk_payout: BulkPayout) -> Content:
    setting = setting_of(bulk_payout.workspace)
    kinds = []
    if setting.issues_commission_invoices:
        kinds.append(_("중개수수료 정발행"))
    if setting.requests_supply_invoices:
        kinds.append(_("파트너 공급분 역발행"))
    live = bulk_payout.payouts.exclude(status=PayoutStatus.CANCELLED)
    count = calling_for_invoices(live).count()
    return Content(
        button=_("사업자 지급 %(payouts)s건 세금계산서 만들기") % {"payouts": f"{count:,}"},
        facts=[("문서", ", ".join(kinds) or _("설정에서 켠 문서가 없습니다"))],
        notes=["금액은 지급에 확정된 값입니다. 이미 만든 문서는 다시 만들지 않습니다."],
        initial={"write_date": clock.today()},
    )


def _invoices(request: ConsoleRequest, bulk_payout: BulkPayout, data: Data) -> str:
    live = bulk_payout.payouts.exclude(status=PayoutStatus.CANCELLED)
    bulks = invoice_payouts(
        workspace=request.workspace,
        payouts=live,
        write_date=data["write_date"],
        actor=request.actor,
        name=bulk_payout.name,
    )
    made = sum(bulk.invoices.count() for bulk in bulks)
    return _("세금계산서 %(invoices)s건을 만들어 보내고 있습니다.") % {"invoices": f"{made:,}"}


def _no_result(request: ConsoleRequest, bulk_payout: BulkPayout) -> str:
    if is_agency(bulk_payout):
        return "송금 대행은 은행이 결과를 정합니다."
    if bulk_payout.status != PREPARED:
        return "지급 준비 상태에서만 결과를 기록할 수 있습니다."
    return ""


def _result_content(button: str, note: str) -> Any:
    def content(request: ConsoleRequest, bulk_payout: BulkPayout) -> Content:
        waiting = total_in(bulk_payout, PayoutStatus.CONFIRMED)
        amount, currency = waiting.amount, bulk_payout.currency
        return Content(
            button=_(button) % {"what": counted(waiting.count, amount, currency)},
            facts=[("지급", number(waiting.count)), ("합계", sum_in(amount, currency))],
            notes=[note],
            initial={"paid_on": clock.today()},
        )

    return content


def _paid(request: ConsoleRequest, bulk_payout: BulkPayout, data: Data) -> str:
    count = services.mark_paid(
        payouts=payouts_in(bulk_payout, PayoutStatus.CONFIRMED),
        actor=request.actor,
        paid_on=data["paid_on"],
    )
    return _("%(payouts)s건을 지급 완료로 기록했습니다.") % {"payouts": f"{count:,}"}


def _failed(request: ConsoleRequest, bulk_payout: BulkPayout, data: Data) -> str:
    count = services.mark_failed(
        payouts=payouts_in(bulk_payout, PayoutStatus.CONFIRMED),
        actor=request.actor,
        reason=data["reason"],
    )
    return _("%(payouts)s건을 지급 실패로 기록했습니다.") % {"payouts": f"{count:,}"}


PAID_NOTE = "이 시스템 밖에서 지급한 결과를 적습니다. 되돌릴 수 없습니다."
FAILED_NOTE = "정산 내역은 지급 실패가 되고, 다시 지급할 수 있습니다."

PAID: Act[BulkPayout] = Act(
    "paid",
    "지급 완료 기록",
    WRITE,
    _no_result,
    _result_content("%(what)s 지급 완료 기록", PAID_NOTE),
    _paid,
    PaidForm,
)
FAILED: Act[BulkPayout] = Act(
    "failed",
    "지급 실패 기록",
    WRITE,
    _no_result,
    _result_content("%(what)s 지급 실패 기록", FAILED_NOTE),
    _failed,
    ReasonForm,
    danger=True,
)
INVOICES: Act[BulkPayout] = Act(
    "invoices",
    "세금계산서",
    Permission.INVOICE_WRITE,
    _no_invoices,
    _invoice_content,
    _invoices,
    InvoiceForm,
)
MEMOS: Act[BulkPayout] = Act(
    "memos", "통장 메모", WRITE, _no_memos, _memo_content, _memos, BulkMemoForm
)
DEFAULT_MEMOS: Act[BulkPayout] = Act(
    "default-memos", "기본 메모 채우기", WRITE, _no_memos, _default_content, _defaults
)

BULK_ACTS: list[Act[BulkPayout]] = [
    *APPROVING,
    *SCHEDULING,
    STOP,
    RETRY,
    PAID,
    FAILED,
    INVOICES,
    MEMOS,
    DEFAULT_MEMOS,
    CANCEL,
]
