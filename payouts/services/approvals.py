"""Two people and an OTP stand between a generated bulk payout and the bank (h.4, h.6)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import clock
from core.companies import otp
from core.companies.identifiers import new_id
from core.companies.models import Permission, User
from core.errors import Conflict, Forbidden
from core.events.actors import Actor
from core.events.services import record
from core.events.transitions import transition
from payouts.errors import (
    ApprovalAlreadyRequested,
    BankMaintenanceTime,
    ContentChanged,
    NotEnoughAccountBalance,
    SecondPersonRequired,
)
from payouts.models import (
    Approval,
    BulkPayout,
    BulkPayoutStatus,
    FundingAccount,
    Payout,
    PayoutMethod,
)
from payouts.queries.content import content_hash
from payouts.queries.preflight import preflight
from payouts.queries.problems import setting_of
from payouts.queries.selecting import locked_bulk_payout
from payouts.rails import get_rail
from payouts.services.bulk import requeue_payouts
from payouts.services.launching import (
    missing_balance,
    schedule_bulk_payout,
    start_bulk_payout,
    unschedule_bulk_payout,
)
from payouts.services.schedule import check_schedule


@transaction.atomic
def request_approval(
    *,
    bulk_payout: BulkPayout,
    actor: Actor,
    funding_account: FundingAccount | None = None,
    scheduled_at: datetime | None = None,
) -> Approval:
    """Ask for a generated bulk payout to be paid, now or at a slot (contract.md h.4 execute).

    The approval keeps the fingerprint of the content and the numbers shown. Raises
    ApprovalAlreadyRequested, Conflict, and what check_schedule raises.
    """
    actor.require(Permission.PAYOUT_WRITE)
    bulk_payout = locked_bulk_payout(bulk_payout)
    _must_be_ready(bulk_payout)
    if scheduled_at is not None:
        check_schedule(bulk_payout.workspace, scheduled_at)
    account = _chosen_account(bulk_payout, funding_account)
    approval = Approval.objects.create(
        workspace=bulk_payout.workspace,
        public_id=new_id("apv"),
        bulk_payout=bulk_payout,
        totals_hash=bulk_payout.totals_hash,
        summary=preflight(bulk_payout).as_summary(account),
        scheduled_at=scheduled_at,
        requester_user_id=actor.user_id,
        requester_name=actor.name,
        needs_second_person=setting_of(bulk_payout.workspace).requires_second_person,
    )
    _note_request(approval, actor)
    return approval


def _must_be_ready(bulk_payout: BulkPayout) -> None:
    if bulk_payout.method != PayoutMethod.AGENCY:
        raise Conflict("승인을 요청하지 않았습니다. 직접 지급은 결과만 적으면 됩니다.")
    if bulk_payout.status != BulkPayoutStatus.PREPARED or bulk_payout.scheduled_at is not None:
        raise Conflict("승인을 요청하지 않았습니다. 지급 준비 상태에서만 요청할 수 있습니다.")
    if open_approval(bulk_payout):
        raise ApprovalAlreadyRequested()


def _chosen_account(bulk_payout: BulkPayout, account: FundingAccount | None) -> FundingAccount:
    chosen = account or bulk_payout.funding_account
    if chosen is None or not chosen.is_active or chosen.workspace_id != bulk_payout.workspace_id:
        raise Conflict("승인을 요청하지 않았습니다. 사용할 수 있는 지급 계좌를 골라 주세요.")
    bulk_payout.funding_account = chosen
    bulk_payout.totals_hash = content_hash(bulk_payout)
    bulk_payout.save(update_fields=["funding_account", "totals_hash", "updated_at"])
    return chosen


def _note_request(approval: Approval, actor: Actor) -> None:
    record(
        "approval.requested",
        workspace=approval.workspace,
        object_type="approval",
        object_id=approval.public_id,
        actor=actor,
        changes={
            "bulk_payout": approval.bulk_payout.public_id,
            "count": approval.summary["paid"]["count"],
            "amount": approval.summary["paid"]["amount"],
            "totals_hash": approval.totals_hash,
        },
    )


def open_approval(bulk_payout: BulkPayout) -> Approval | None:
    """The request that waits for a decision."""
    waiting = bulk_payout.approvals.filter(status="REQUESTED")
    return waiting.select_related("workspace__company", "bulk_payout__workspace").first()


def approve(*, approval: Approval, actor: Actor, code: str = "") -> BulkPayout:
    """Let the money go: at once (with a recall of some seconds) or at the requested slot.

    Another person than the requester, with a fresh OTP, where the workspace demands them
    (PlatformSetting). Raises SecondPersonRequired, OtpWrong …, ContentChanged,
    NotEnoughAccountBalance, BankMaintenanceTime.
    """
    actor.require(Permission.PAYOUT_APPROVE)
    _must_be_second_person(approval, actor)
    require_otp(approval.bulk_payout, actor, code)
    with transaction.atomic():
        bulk_payout = locked_bulk_payout(approval.bulk_payout)
        _must_be_unchanged(approval, bulk_payout)
        _must_be_covered(bulk_payout)
        transition(
            approval,
            "APPROVED",
            actor=actor,
            decider_user_id=actor.user_id,
            decider_name=actor.name,
            decided_at=clock.now(),
        )
        _launch(bulk_payout, approval.scheduled_at, actor)
    bulk_payout.refresh_from_db()
    return bulk_payout


def _must_be_second_person(approval: Approval, actor: Actor) -> None:
    same = actor.user_id is None or actor.user_id == approval.requester_user_id
    if approval.needs_second_person and same:
        raise SecondPersonRequired()


def require_otp(bulk_payout: BulkPayout, actor: Actor, code: str) -> None:
    """A fresh code for every execution, outside any transaction (contract.md h.6)."""
    if not setting_of(bulk_payout.workspace).requires_otp:
        return
    if actor.user_id is None:
        raise Forbidden("이체되지 않았습니다. OTP를 입력할 수 있는 사람이 실행해야 합니다.")
    otp.require_code(user=User.objects.get(pk=actor.user_id), code=code)


def _must_be_unchanged(approval: Approval, bulk_payout: BulkPayout) -> None:
    if bulk_payout.status != BulkPayoutStatus.PREPARED or bulk_payout.scheduled_at is not None:
        raise Conflict("이체되지 않았습니다. 이미 처리된 일괄 지급입니다.")
    if content_hash(bulk_payout) != approval.totals_hash:
        raise ContentChanged()


def _must_be_covered(bulk_payout: BulkPayout) -> None:
    missing = missing_balance(bulk_payout)
    if missing:
        raise NotEnoughAccountBalance(
            _("이체되지 않았습니다. 지급 계좌 잔액이 %(missing)s원 부족합니다.")
            % {"missing": f"{missing:,}"},
            missingAmount=missing,
        )


def _launch(bulk_payout: BulkPayout, scheduled_at: datetime | None, actor: Actor) -> None:
    if scheduled_at is not None:
        if scheduled_at <= clock.now():
            raise Conflict("이체되지 않았습니다. 예약한 시각이 지났습니다. 다시 요청해 주세요.")
        schedule_bulk_payout(bulk_payout=bulk_payout, moment=scheduled_at, actor=actor)
        return
    assert bulk_payout.funding_account is not None
    if not get_rail(bulk_payout.funding_account.rail).is_open(clock.now()):
        raise BankMaintenanceTime()
    recall = timedelta(seconds=settings.PAYOUT_RECALL_SECONDS)
    if recall:
        moment = clock.now() + recall
        schedule_bulk_payout(bulk_payout=bulk_payout, moment=moment, actor=actor)
    else:
        start_bulk_payout(bulk_payout=bulk_payout, actor=actor)


@transaction.atomic
def refuse(*, approval: Approval, actor: Actor, reason: str) -> None:
    """반려: nothing is paid; the bulk payout can be changed and requested again."""
    actor.require(Permission.PAYOUT_APPROVE)
    if not reason.strip():
        raise Conflict("반려하지 않았습니다. 이유를 적어 주세요.")
    transition(
        approval,
        "REFUSED",
        actor=actor,
        reason=reason.strip(),
        decider_user_id=actor.user_id,
        decider_name=actor.name,
        decided_at=clock.now(),
    )


@transaction.atomic
def withdraw_request(*, approval: Approval, actor: Actor, reason: str = "") -> None:
    """The requester takes the request back."""
    actor.require(Permission.PAYOUT_WRITE)
    transition(approval, "WITHDRAWN", actor=actor, reason=reason)


def retry_payouts(*, payouts: QuerySet[Payout], actor: Actor, code: str = "") -> int:
    """이체 재시도 of 실패 and 중단 payouts, to the same frozen accounts. All or none.

    Their bulk payouts were approved by two people; sending again asks for an OTP anew. Raises
    what requeue_payouts raises.
    """
    actor.require(Permission.PAYOUT_APPROVE)
    first = payouts.select_related("bulk_payout__workspace").first()
    if first is None:
        return 0
    require_otp(first.bulk_payout, actor, code)
    return requeue_payouts(payouts=payouts, actor=actor)


def recall(*, bulk_payout: BulkPayout, actor: Actor) -> None:
    """되돌리기 of an approved bulk payout that has not started. Raises Conflict when it has."""
    actor.require(Permission.PAYOUT_WRITE)
    unschedule_bulk_payout(bulk_payout=bulk_payout, actor=actor, reason="되돌림")
