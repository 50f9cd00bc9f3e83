"""Our own operations on single payouts (contract.md h.4)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db.models import QuerySet

from core.api.operations import Call, Operation, WireView
from core.api.records import JobResponse, job_to_wire
from core.api.wire import given
from core.companies.access import find, rows
from core.companies.identifiers import graphql_id
from core.companies.models import Permission, Workspace
from core.errors import Conflict
from core.events.actors import Actor
from payouts import errors, services
from payouts.api.bulk_payouts import memos_of
from payouts.api.shapes import running as shapes
from payouts.api.shapes.payouts import Payout as PayoutShape
from payouts.api.wire import PAYOUT, payouts_to_wire
from payouts.models import Payout
from payouts.services.statements import default_template, start_sending

own = partial(
    Operation, own=True, returns=shapes.PayoutCountResponse, scope=Permission.PAYOUT_WRITE
)
REFUSED = [errors.PayoutsNotFound, Conflict]
WIRE_RELATIONS = ("bulk_payout", "partner__default_contract", "partner__workspace", "statement")


def named_payouts(workspace: Workspace, ids: Sequence[str]) -> QuerySet[Payout]:
    """Payouts by public id, all or none. Raises PayoutsNotFound naming the missing ones."""
    found = rows(Payout, workspace).filter(public_id__in=ids)
    missing = sorted(set(ids) - set(found.values_list("public_id", flat=True)))
    if missing:
        raise errors.PayoutsNotFound(
            ids=missing, graphqlIds=[graphql_id(PAYOUT, each) for each in missing]
        )
    return found


def payout_to_wire(payout: Payout, actor: Actor) -> dict[str, Any]:
    row = Payout.objects.select_related(*WIRE_RELATIONS).get(pk=payout.pk)
    return payouts_to_wire(payout.workspace, [row], actor)[0]


class SinglePayout(WireView):
    tag = "payouts"

    @own(
        returns=PayoutShape,
        scope=Permission.PAYOUT_READ,
        errors=[errors.PayoutNotFound],
        operation_id="getPlatformPayout",
        summary="지급 내역 조회",
    )
    def get(self, call: Call[None]) -> dict[str, Any]:
        return payout_to_wire(self._named(call), call.actor)

    @own(
        body=shapes.UpdatePayoutBody,
        returns=shapes.PayoutResponse,
        errors=[errors.PayoutNotFound, Conflict],
        operation_id="updatePlatformPayout",
        summary="지급 메모 변경",
    )
    def patch(self, call: Call[shapes.UpdatePayoutBody]) -> dict[str, Any]:
        payout = self._named(call)
        only = rows(Payout, call.workspace).filter(pk=payout.pk)
        memos = memos_of(call.body)
        if memos and not services.set_memos(payouts=only, memos=memos, actor=call.actor):
            raise Conflict("메모를 바꾸지 않았습니다. 이미 보냈거나 보내는 중인 지급입니다.")
        return {"payout": payout_to_wire(payout, call.actor)}

    @staticmethod
    def _named(call: Call[Any]) -> Payout:
        return find(Payout, call.workspace, call.ids["id"], errors.PayoutNotFound)


class RetryPayouts(WireView):
    """Sending again is letting money go again: refused where an OTP must be given."""

    tag = "payouts"

    @own(
        body=shapes.PayoutIdsBody,
        scope=Permission.PAYOUT_APPROVE,
        errors=[*REFUSED, errors.OutcomeStillUnknown, errors.SettlementsReturned],
        operation_id="retryPlatformPayouts",
        summary="이체 재시도",
    )
    def post(self, call: Call[shapes.PayoutIdsBody]) -> dict[str, Any]:
        payouts = named_payouts(call.workspace, call.body.payout_ids)
        return {"payoutCount": services.retry_payouts(payouts=payouts, actor=call.actor)}


class CancelPayouts(WireView):
    tag = "payouts"

    @own(
        body=shapes.CancelPayoutsBody,
        errors=REFUSED,
        operation_id="cancelPlatformPayouts",
        summary="지급 취소",
    )
    def post(self, call: Call[shapes.CancelPayoutsBody]) -> dict[str, Any]:
        count = services.cancel_payouts(
            workspace=call.workspace,
            payouts=named_payouts(call.workspace, call.body.payout_ids),
            actor=call.actor,
            reason=call.body.reason,
        )
        return {"payoutCount": count}


class SendStatements(WireView):
    """Runs as a job; who is not paid or already waits to be sent is left alone."""

    tag = "payouts"

    @own(
        body=shapes.SendStatementsBody,
        returns=JobResponse,
        errors=REFUSED,
        operation_id="sendPlatformPayoutSettlementStatements",
        summary="정산내역서 보내기",
    )
    def post(self, call: Call[shapes.SendStatementsBody]) -> dict[str, Any]:
        job = start_sending(
            workspace=call.workspace,
            payouts=named_payouts(call.workspace, call.body.payout_ids),
            actor=call.actor,
            template=default_template(call.workspace),
            subject=call.body.subject,
        )
        return {"job": job_to_wire(job)}


class MarkPaid(WireView):
    tag = "payouts"

    @own(
        body=shapes.MarkPaidBody,
        errors=REFUSED,
        operation_id="markPlatformPayoutsPaid",
        summary="직접 지급 완료 표시",
    )
    def post(self, call: Call[shapes.MarkPaidBody]) -> dict[str, Any]:
        payouts = named_payouts(call.workspace, call.body.payout_ids)
        day = given(call.body.paid_on, None)
        count = services.mark_paid(payouts=payouts, actor=call.actor, paid_on=day)
        return {"payoutCount": count}


class MarkFailed(WireView):
    tag = "payouts"

    @own(
        body=shapes.MarkFailedBody,
        errors=REFUSED,
        operation_id="markPlatformPayoutsFailed",
        summary="직접 지급 실패 표시",
    )
    def post(self, call: Call[shapes.MarkFailedBody]) -> dict[str, Any]:
        payouts = named_payouts(call.workspace, call.body.payout_ids)
        count = services.mark_failed(payouts=payouts, actor=call.actor, reason=call.body.reason)
        return {"payoutCount": count}
