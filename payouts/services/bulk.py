"""Change or cancel a bulk payout before its money moves; retry what did not arrive."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from core.companies.models import Workspace
from core.errors import Conflict, InvalidRequest
from core.events.actors import Actor
from core.events.services import record
from core.events.transitions import transition, transition_all
from payouts.errors import OutcomeStillUnknown, SettlementsReturned
from payouts.models import (
    AccountTransfer,
    AccountTransferStatus,
    BulkPayout,
    BulkPayoutStatus,
    Payout,
    PayoutItem,
    PayoutMethod,
    PayoutStatus,
)
from payouts.queries.content import content_hash
from payouts.queries.problems import setting_of
from payouts.queries.selecting import locked_bulk_payout, locked_bulk_payouts
from payouts.services.attempts import create_attempts
from payouts.services.claims import cancel_and_release, locked_ids, settlement_ids_of
from payouts.services.launching import (
    payouts_in,
    unschedule_bulk_payout,
)
from payouts.services.progress import roll_up
from settlements.models import PartnerSettlement, SettlementStatus
from settlements.services import follow_payout

MEMO_LENGTHS = {"withdrawal_memo": 20, "deposit_memo": 20, "memo": 256}
UNSENT = (
    PayoutStatus.CONFIRMED,
    PayoutStatus.SCHEDULED,
    PayoutStatus.STOPPED,
    PayoutStatus.FAILED,
)


def default_name(day: date) -> str:
    """Korean for everybody: it names documents and jobs too."""
    return f"{day} 지급"


@transaction.atomic
def set_memos(
    *, payouts: QuerySet[Payout], memos: Mapping[str, str], only_empty: bool = False, actor: Actor
) -> int:
    """Write `withdrawal_memo`, `deposit_memo` or `memo` on payouts not yet sent (h.4 memos).

    Returns on how many one was written.
    """
    for name, text in memos.items():
        if name not in MEMO_LENGTHS or len(text) > MEMO_LENGTHS[name]:
            raise InvalidRequest("메모를 바꾸지 않았습니다. 통장 메모는 20자까지입니다.")
    first = payouts.select_related("workspace").first()
    if first is None:
        return 0
    locked_bulk_payouts(payouts)
    ids = locked_ids(payouts, UNSENT)
    written: set[int] = set()
    for name, text in memos.items():
        chosen = Payout.objects.filter(pk__in=ids, **({name: ""} if only_empty else {}))
        written.update(chosen.values_list("pk", flat=True))
        chosen.update(**{name: text})
    _carry_memos_over(ids)
    record(
        "payout.memos_changed",
        workspace=first.workspace,
        object_type="payout",
        object_id=first.public_id if len(ids) == 1 else "",
        actor=actor,
        changes={"count": len(written), **memos},
    )
    return len(written)


def _carry_memos_over(payout_ids: list[int]) -> None:
    """A scheduled transfer was written with the memos of then; the bank shall see those of now."""
    payout = Payout.objects.filter(pk=OuterRef("payout"))
    AccountTransfer.objects.filter(
        payout__in=payout_ids, status=AccountTransferStatus.SCHEDULED
    ).update(
        withdrawal_memo=Subquery(payout.values("withdrawal_memo")),
        deposit_memo=Subquery(payout.values("deposit_memo")),
    )


@transaction.atomic
def set_default_memos(*, bulk_payout: BulkPayout, actor: Actor) -> int:
    """The workspace's default bank memos, where none was written (일괄지급 기본 설정)."""
    setting = setting_of(bulk_payout.workspace)
    memos = {
        "withdrawal_memo": setting.default_withdrawal_memo,
        "deposit_memo": setting.default_deposit_memo,
    }
    return set_memos(
        payouts=payouts_in(bulk_payout, *UNSENT), memos=memos, only_empty=True, actor=actor
    )


@transaction.atomic
def cancel_bulk_payout(*, bulk_payout: BulkPayout, actor: Actor, reason: str = "") -> None:
    """Undo a bulk payout nothing was sent of (contract.md h.4 cancel).

    While selecting, settlements stay 지급 예정; generated payouts are cancelled and their
    settlements become 지급 취소. A scheduled one is unscheduled first.
    """
    bulk_payout = locked_bulk_payout(bulk_payout)
    if bulk_payout.scheduled_at is not None:
        unschedule_bulk_payout(bulk_payout=bulk_payout, actor=actor, reason=reason)
    transition(bulk_payout, BulkPayoutStatus.CANCELLED, actor=actor, reason=reason)
    PayoutItem.objects.filter(bulk_payout=bulk_payout, payout=None, released_at=None).delete()
    cancel_and_release(
        workspace=bulk_payout.workspace,
        payouts=payouts_in(bulk_payout, PayoutStatus.CONFIRMED),
        actor=actor,
        object_id=bulk_payout.public_id,
        reason=reason,
    )
    withdraw_open_approval(bulk_payout=bulk_payout, actor=actor, reason="일괄 지급 취소")


@transaction.atomic
def cancel_payouts(
    *, workspace: Workspace, payouts: QuerySet[Payout], actor: Actor, reason: str = ""
) -> int:
    """지급 취소 of 확정, 중단, 실패 payouts; their settlements become 지급 취소 and free.

    Raises Conflict when one of them cannot be cancelled; then none is.
    """
    bulk_payouts = locked_bulk_payouts(payouts)
    wanted = payouts.count()
    moved = cancel_and_release(
        workspace=workspace, payouts=payouts, actor=actor, object_id="", reason=reason
    )
    if moved != wanted:
        raise Conflict("취소하지 않았습니다. 이미 보냈거나 보내는 중인 지급이 있습니다.")
    for bulk_payout in bulk_payouts:
        _content_changed(bulk_payout, actor)
        roll_up(bulk_payout=bulk_payout, actor=actor)
    return moved


def _content_changed(bulk_payout: BulkPayout, actor: Actor) -> None:
    """A changed bulk payout needs another approval; an empty one is over."""
    if bulk_payout.status != BulkPayoutStatus.PREPARED:
        return
    withdraw_open_approval(bulk_payout=bulk_payout, actor=actor, reason="지급 내용이 바뀜")
    if not bulk_payout.payouts.exclude(status=PayoutStatus.CANCELLED).exists():
        transition(bulk_payout, BulkPayoutStatus.CANCELLED, actor=actor)
    else:
        bulk_payout.totals_hash = content_hash(bulk_payout)
        bulk_payout.save(update_fields=["totals_hash", "updated_at"])


def withdraw_open_approval(*, bulk_payout: BulkPayout, actor: Actor, reason: str) -> None:
    for approval in bulk_payout.approvals.filter(status="REQUESTED").select_related("workspace"):
        transition(approval, "WITHDRAWN", actor=actor, reason=reason)


@transaction.atomic
def requeue_payouts(*, payouts: QuerySet[Payout], actor: Actor) -> int:
    """이체 재시도 of 실패 and 중단 payouts: each gets a new attempt with a new key. All or none.

    approvals.retry_payouts asks for the OTP first. Raises OutcomeStillUnknown while the bank's
    answer about one of them is missing, SettlementsReturned when its settlements are to be paid
    anew elsewhere.
    """
    bulk_payouts = locked_bulk_payouts(payouts)
    wanted = payouts.count()
    ids = locked_ids(payouts, (PayoutStatus.FAILED, PayoutStatus.STOPPED))
    if len(ids) != wanted:
        _refuse_retry(payouts)
    for bulk_payout in bulk_payouts:
        some = Payout.objects.filter(pk__in=ids, bulk_payout=bulk_payout)
        if chosen := list(some.values_list("pk", flat=True)):
            _retry(bulk_payout, chosen, actor)
    return len(ids)


def _refuse_retry(payouts: QuerySet[Payout]) -> None:
    if payouts.filter(attempts__status=AccountTransferStatus.UNKNOWN).exists():
        raise OutcomeStillUnknown()
    raise Conflict("다시 이체하지 않았습니다. 실패하거나 중단된 지급만 재시도할 수 있습니다.")


def _retry(bulk_payout: BulkPayout, payout_ids: list[int], actor: Actor) -> None:
    if bulk_payout.method != PayoutMethod.AGENCY or bulk_payout.funding_account is None:
        raise Conflict("다시 이체하지 않았습니다. 직접 지급한 내역입니다.")
    if not bulk_payout.funding_account.is_active:
        raise Conflict(
            "다시 이체하지 않았습니다. 사용을 중지한 지급 계좌입니다. "
            "계좌를 다시 사용하거나 새 일괄 지급으로 지급해 주세요."
        )
    chosen = Payout.objects.filter(pk__in=payout_ids)
    settlement_ids = settlement_ids_of(chosen)
    returned = PartnerSettlement.objects.filter(pk__in=settlement_ids).exclude(
        status__in=(SettlementStatus.PAYOUT_FAILED, SettlementStatus.CONFIRMED)
    )
    if returned.exists():
        raise SettlementsReturned()
    transition_all(
        chosen,
        PayoutStatus.PREPARED,
        workspace=bulk_payout.workspace,
        actor=actor,
        object_id=bulk_payout.public_id,
        fail_reason="",
    )
    create_attempts(payout_ids, bulk_payout.funding_account)
    follow_payout(
        workspace=bulk_payout.workspace,
        settlement_ids=settlement_ids,
        to=SettlementStatus.IN_PAYOUT,
        actor=actor,
        object_id=bulk_payout.public_id,
    )
    BulkPayout.objects.filter(pk=bulk_payout.pk).update(stop_requested_at=None)
    _run_again(bulk_payout, actor)


def _run_again(bulk_payout: BulkPayout, actor: Actor) -> None:
    if bulk_payout.status != BulkPayoutStatus.ONGOING:
        transition(bulk_payout, BulkPayoutStatus.ONGOING, actor=actor)
