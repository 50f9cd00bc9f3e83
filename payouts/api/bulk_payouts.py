"""Our own operations on bulk payouts: what PortOne keeps in its console (contract.md h.4).

Asking for money to go needs PAYOUT_WRITE, letting it go PAYOUT_APPROVE. Where a workspace demands
a second person or an OTP, no secret can let it go: the services say so, as they do to people.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet

from core.api.operations import Call, Operation, WireView
from core.api.paging import PageInfo, PageInput
from core.api.wire import Empty, given
from core.companies.access import find
from core.companies.models import Permission
from core.errors import Conflict
from payouts import errors, services
from payouts.api.running_wire import bulk_payout_detail, preflight_to_wire, selection_to_wire
from payouts.api.shapes import running as shapes
from payouts.models import Approval, BulkPayout, FundingAccount
from payouts.queries.preflight import preflight
from payouts.queries.selecting import partner_sums, selectable_settlements
from settlements.errors import PartnerSettlementsNotFound
from settlements.models import PartnerSettlement
from settlements.queries import SettlementFilter, find_settlements, settlements_matching

own = partial(Operation, own=True, returns=shapes.BulkPayoutResponse, scope=Permission.PAYOUT_WRITE)
FOUND = [errors.BulkPayoutNotFound]
RUNNING = [errors.BulkPayoutNotFound, Conflict]
SLOTS = [errors.NonSchedulableTime, errors.BankMaintenanceTime]


def named(call: Call[Any]) -> BulkPayout:
    """The bulk payout of the path."""
    return find(BulkPayout, call.workspace, call.ids["id"], errors.BulkPayoutNotFound)


def answer(bulk_payout: BulkPayout) -> dict[str, Any]:
    return {"bulkPayout": bulk_payout_detail(bulk_payout)}


class SingleBulkPayout(WireView):
    tag = "bulk-payouts"

    @own(
        returns=shapes.BulkPayoutDetail,
        scope=Permission.PAYOUT_READ,
        errors=FOUND,
        operation_id="getPlatformBulkPayout",
        summary="일괄 지급 조회",
    )
    def get(self, call: Call[None]) -> dict[str, Any]:
        return bulk_payout_detail(named(call))


class Select(WireView):
    tag = "bulk-payouts"

    @staticmethod
    def chosen(bulk_payout: BulkPayout, body: shapes.SelectBody) -> QuerySet[PartnerSettlement]:
        kind, value = body.choice
        if kind == "partner_settlement_ids":
            return find_settlements(bulk_payout.workspace, value)
        wanted = SettlementFilter() if kind == "all" else value.as_filter()
        return selectable_settlements(bulk_payout, wanted)

    @own(
        body=shapes.SelectBody,
        returns=shapes.SelectResponse,
        errors=[*RUNNING, PartnerSettlementsNotFound],
        operation_id="selectPlatformBulkPayoutPartnerSettlements",
        summary="일괄 지급에 정산 내역 넣기",
    )
    def post(self, call: Call[shapes.SelectBody]) -> dict[str, Any]:
        bulk_payout = named(call)
        count = services.select_settlements(
            bulk_payout=bulk_payout,
            settlements=self.chosen(bulk_payout, call.body),
            actor=call.actor,
        )
        return {"count": count, **answer(bulk_payout)}


class Unselect(WireView):
    tag = "bulk-payouts"

    @staticmethod
    def dropped(
        bulk_payout: BulkPayout, body: shapes.SelectBody
    ) -> QuerySet[PartnerSettlement] | None:
        """None is all. A filter takes out what it finds in any state, for any may be selected."""
        kind, value = body.choice
        if kind == "all":
            return None
        if kind == "filter":
            return settlements_matching(bulk_payout.workspace, value.as_filter())
        return find_settlements(bulk_payout.workspace, value)

    @own(
        body=shapes.SelectBody,
        returns=shapes.SelectResponse,
        errors=[*RUNNING, PartnerSettlementsNotFound],
        operation_id="unselectPlatformBulkPayoutPartnerSettlements",
        summary="일괄 지급에서 정산 내역 빼기",
    )
    def post(self, call: Call[shapes.SelectBody]) -> dict[str, Any]:
        bulk_payout = named(call)
        settlements = self.dropped(bulk_payout, call.body)
        count = services.unselect_settlements(
            bulk_payout=bulk_payout, settlements=settlements, actor=call.actor
        )
        return {"count": count, **answer(bulk_payout)}


class Selection(WireView):
    tag = "bulk-payouts"

    @own(
        body=shapes.GetSelectionBody,
        returns=shapes.GetSelectionResponse,
        scope=Permission.PAYOUT_READ,
        errors=FOUND,
        operation_id="getPlatformBulkPayoutSelection",
        summary="일괄 지급의 파트너별 선택 금액",
    )
    def get(self, call: Call[shapes.GetSelectionBody]) -> dict[str, Any]:
        sums, page = partner_sums(named(call)), given(call.body.page, PageInput())
        start = page.number * page.size
        return {
            "items": selection_to_wire(sums[start : start + page.size]),
            "page": PageInfo(number=page.number, size=page.size, total_count=len(sums)),
        }


class Generate(WireView):
    tag = "bulk-payouts"

    @own(
        body=Empty,
        errors=[*RUNNING, errors.NoSelectedPartnerSettlements],
        operation_id="generatePlatformPayouts",
        summary="파트너별 지급 내역 만들기",
    )
    def post(self, call: Call[Empty]) -> dict[str, Any]:
        bulk_payout = named(call)
        services.generate_payouts(bulk_payout=bulk_payout, actor=call.actor)
        return answer(bulk_payout)


class Preflight(WireView):
    tag = "bulk-payouts"

    @own(
        returns=shapes.PreflightResponse,
        scope=Permission.PAYOUT_READ,
        errors=FOUND,
        operation_id="getPlatformBulkPayoutPreflight",
        summary="지급 사전점검",
    )
    def get(self, call: Call[None]) -> dict[str, Any]:
        return preflight_to_wire(preflight(named(call)))


class RequestApproval(WireView):
    tag = "bulk-payouts"

    @own(
        body=shapes.RequestApprovalBody,
        errors=[*RUNNING, errors.FundingAccountNotFound, errors.ApprovalAlreadyRequested],
        operation_id="requestPlatformBulkPayoutApproval",
        summary="지급 승인 요청",
    )
    def post(self, call: Call[shapes.RequestApprovalBody]) -> dict[str, Any]:
        return _requested(call, given(call.body.funding_account_id, ""), None)


def _requested(call: Call[Any], account_id: str, moment: datetime | None) -> dict[str, Any]:
    bulk_payout = named(call)
    account = None
    if account_id:
        account = find(FundingAccount, call.workspace, account_id, errors.FundingAccountNotFound)
    services.request_approval(
        bulk_payout=bulk_payout, actor=call.actor, funding_account=account, scheduled_at=moment
    )
    return answer(bulk_payout)


def waiting(bulk_payout: BulkPayout) -> Approval:
    approval = services.open_approval(bulk_payout)
    if approval is None:
        raise errors.ApprovalNotFound()
    return approval


class WithdrawApproval(WireView):
    tag = "bulk-payouts"

    @own(
        body=shapes.ReasonBody,
        errors=[*RUNNING, errors.ApprovalNotFound],
        operation_id="withdrawPlatformBulkPayoutApproval",
        summary="지급 승인 요청 거두기",
    )
    def post(self, call: Call[shapes.ReasonBody]) -> dict[str, Any]:
        bulk_payout = named(call)
        services.withdraw_request(
            approval=waiting(bulk_payout), actor=call.actor, reason=call.body.reason
        )
        return answer(bulk_payout)


class RefuseApproval(WireView):
    tag = "bulk-payouts"

    @own(
        body=shapes.RequiredReasonBody,
        scope=Permission.PAYOUT_APPROVE,
        errors=[*RUNNING, errors.ApprovalNotFound],
        operation_id="refusePlatformBulkPayoutApproval",
        summary="지급 반려",
    )
    def post(self, call: Call[shapes.RequiredReasonBody]) -> dict[str, Any]:
        bulk_payout = named(call)
        services.refuse(approval=waiting(bulk_payout), actor=call.actor, reason=call.body.reason)
        return answer(bulk_payout)


class Execute(WireView):
    """Approves the waiting request; refused where people must (a second one, an OTP)."""

    tag = "bulk-payouts"

    @own(
        body=Empty,
        scope=Permission.PAYOUT_APPROVE,
        errors=[
            *RUNNING,
            errors.ApprovalNotFound,
            errors.SecondPersonRequired,
            errors.ContentChanged,
            errors.NotEnoughAccountBalance,
            errors.BankMaintenanceTime,
        ],
        operation_id="executePlatformBulkPayout",
        summary="요청된 지급을 승인해 실행",
    )
    def post(self, call: Call[Empty]) -> dict[str, Any]:
        bulk_payout = named(call)
        services.approve(approval=waiting(bulk_payout), actor=call.actor)
        return answer(bulk_payout)


class Schedule(WireView):
    """POST asks for a slot (an approval lets it), PUT moves it, DELETE takes it back."""

    tag = "bulk-payouts"

    @own(
        body=shapes.ScheduleBody,
        errors=[
            *RUNNING,
            *SLOTS,
            errors.ScheduleLimitExceeded,
            errors.FundingAccountNotFound,
            errors.ApprovalAlreadyRequested,
        ],
        operation_id="schedulePlatformBulkPayout",
        summary="지급 예약 승인 요청",
    )
    def post(self, call: Call[shapes.ScheduleBody]) -> dict[str, Any]:
        return _requested(call, given(call.body.funding_account_id, ""), call.body.scheduled_at)

    @own(
        body=shapes.RescheduleBody,
        scope=Permission.PAYOUT_APPROVE,
        errors=[*RUNNING, *SLOTS],
        operation_id="reschedulePlatformBulkPayout",
        summary="지급 예약 시각 변경",
    )
    def put(self, call: Call[shapes.RescheduleBody]) -> dict[str, Any]:
        bulk_payout = named(call)
        services.reschedule_bulk_payout(
            bulk_payout=bulk_payout, moment=call.body.scheduled_at, actor=call.actor
        )
        return answer(bulk_payout)

    @own(errors=RUNNING, operation_id="unschedulePlatformBulkPayout", summary="지급 예약 취소")
    def delete(self, call: Call[None]) -> dict[str, Any]:
        bulk_payout = named(call)
        services.recall(bulk_payout=bulk_payout, actor=call.actor)
        return answer(bulk_payout)


class Stop(WireView):
    tag = "bulk-payouts"

    @own(
        body=shapes.ReasonBody,
        returns=shapes.StopResponse,
        errors=RUNNING,
        operation_id="stopPlatformBulkPayout",
        summary="지급 중단",
    )
    def post(self, call: Call[shapes.ReasonBody]) -> dict[str, Any]:
        bulk_payout = named(call)
        stopped = services.stop_bulk_payout(
            bulk_payout=bulk_payout, actor=call.actor, reason=call.body.reason
        )
        return {"stoppedPayoutCount": stopped, **answer(bulk_payout)}


class Cancel(WireView):
    tag = "bulk-payouts"

    @own(
        body=shapes.ReasonBody,
        errors=RUNNING,
        operation_id="cancelPlatformBulkPayout",
        summary="일괄 지급 취소",
    )
    def post(self, call: Call[shapes.ReasonBody]) -> dict[str, Any]:
        bulk_payout = named(call)
        services.cancel_bulk_payout(
            bulk_payout=bulk_payout, actor=call.actor, reason=call.body.reason
        )
        return answer(bulk_payout)


class Memos(WireView):
    tag = "bulk-payouts"

    @own(
        body=shapes.MemosBody,
        returns=shapes.PayoutCountResponse,
        errors=FOUND,
        operation_id="updatePlatformPayouts",
        summary="일괄 지급의 메모 변경",
    )
    def post(self, call: Call[shapes.MemosBody]) -> dict[str, Any]:
        bulk_payout, body = named(call), call.body
        if body.use_defaults:
            count = services.set_default_memos(bulk_payout=bulk_payout, actor=call.actor)
        else:
            count = services.set_memos(
                payouts=bulk_payout.payouts.all(),
                memos=memos_of(body),
                only_empty=body.only_empty,
                actor=call.actor,
            )
        return {"payoutCount": count}


def memos_of(body: shapes.MemosBody | shapes.UpdatePayoutBody) -> dict[str, str]:
    """The memos that were sent, by our field."""
    sent = {
        "withdrawal_memo": body.withdrawal_memo,
        "deposit_memo": body.deposit_memo,
        "memo": body.memo,
    }
    return {name: text for name, text in sent.items() if isinstance(text, str)}
