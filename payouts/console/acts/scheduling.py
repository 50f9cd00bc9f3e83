"""Between the approval and the start: 되돌리기, 예약 변경, 예약 취소."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from core import clock
from core.console.access import ConsoleRequest
from payouts import services
from payouts.console.acts.base import Act, Content
from payouts.console.acts.shared import (
    APPROVE,
    PREPARED,
    PREPARING,
    WRITE,
    Data,
    total_in,
)
from payouts.console.forms import (
    OptionalReasonForm,
    RescheduleForm,
)
from payouts.console.words import at, counted, number
from payouts.models import BulkPayout, PayoutStatus


def was_immediate(bulk_payout: BulkPayout) -> bool:
    """Approved to start at once: its slot is only the time to recall it."""
    last = bulk_payout.approvals.filter(status="APPROVED").order_by("-decided_at").first()
    return last is not None and last.scheduled_at is None


def _is_waiting(bulk_payout: BulkPayout) -> bool:
    return bulk_payout.status == PREPARED and bulk_payout.scheduled_at is not None


def _no_recall(request: ConsoleRequest, bulk_payout: BulkPayout) -> str:
    if _is_waiting(bulk_payout):
        return "" if was_immediate(bulk_payout) else "예약한 지급입니다. 예약을 취소해 주세요."
    if bulk_payout.status in (PREPARING, PREPARED):
        return "아직 승인되지 않았습니다."
    return "이체가 시작되어 되돌릴 수 없습니다. 남은 건은 중단할 수 있습니다."


def _no_unschedule(request: ConsoleRequest, bulk_payout: BulkPayout) -> str:
    waits = _is_waiting(bulk_payout) and not was_immediate(bulk_payout)
    return "" if waits else "예약된 지급이 아닙니다."


def _back_content(button: str) -> Any:
    def content(request: ConsoleRequest, bulk_payout: BulkPayout) -> Content:
        waiting = total_in(bulk_payout, PayoutStatus.SCHEDULED)
        assert bulk_payout.scheduled_at is not None
        return Content(
            button=_(button) % {"what": counted(waiting.count, waiting.amount)},
            facts=[
                ("지급", number(waiting.count)),
                ("합계", waiting.amount),
                ("시작 예정", f"{bulk_payout.scheduled_at.astimezone(clock.KST):%m-%d %H:%M:%S}"),
            ],
            notes=["이체되지 않고 지급 확정으로 돌아갑니다. 지급하려면 다시 승인받아야 합니다."],
        )

    return content


def _recall(request: ConsoleRequest, bulk_payout: BulkPayout, data: Data) -> str:
    services.recall(bulk_payout=bulk_payout, actor=request.actor)
    return "지급을 되돌렸습니다. 이체되지 않았습니다."


def _unschedule(request: ConsoleRequest, bulk_payout: BulkPayout, data: Data) -> str:
    services.unschedule_bulk_payout(
        bulk_payout=bulk_payout, actor=request.actor, reason=data["reason"]
    )
    return "예약을 취소했습니다. 이체되지 않았습니다."


def _reschedule_content(request: ConsoleRequest, bulk_payout: BulkPayout) -> Content:
    waiting = total_in(bulk_payout, PayoutStatus.SCHEDULED)
    assert bulk_payout.scheduled_at is not None
    local = bulk_payout.scheduled_at.astimezone(clock.KST)
    return Content(
        button=_("%(what)s 예약 변경") % {"what": counted(waiting.count, waiting.amount)},
        facts=[
            ("지급", number(waiting.count)),
            ("합계", waiting.amount),
            ("지금 예약", at(bulk_payout.scheduled_at)),
        ],
        notes=["승인은 그대로 유효합니다."],
        initial={"day": local.date(), "slot": f"{local:%H:%M}"},
    )


def _reschedule(request: ConsoleRequest, bulk_payout: BulkPayout, data: Data) -> str:
    moment = data["moment"]
    services.reschedule_bulk_payout(bulk_payout=bulk_payout, moment=moment, actor=request.actor)
    return _("예약을 %(at)s로 바꿨습니다.") % {"at": at(moment)}


def recall_left(bulk_payout: BulkPayout) -> timedelta | None:
    """How long an immediate payout can still be recalled."""
    if not _is_waiting(bulk_payout) or not was_immediate(bulk_payout):
        return None
    assert bulk_payout.scheduled_at is not None
    return max(bulk_payout.scheduled_at - clock.now(), timedelta())


SCHEDULING: list[Act[BulkPayout]] = [
    Act("recall", "되돌리기", WRITE, _no_recall, _back_content("%(what)s 되돌리기"), _recall),
    Act(
        "reschedule",
        "예약 변경",
        APPROVE,
        _no_unschedule,
        _reschedule_content,
        _reschedule,
        RescheduleForm,
    ),
    Act(
        "unschedule",
        "예약 취소",
        WRITE,
        _no_unschedule,
        _back_content("%(what)s 예약 취소"),
        _unschedule,
        OptionalReasonForm,
    ),
]
