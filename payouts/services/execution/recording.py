"""Phase three: write down what the bank said, and let payouts and settlements follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import OuterRef, Subquery

from core import clock
from core.events.actors import Actor
from core.events.transitions import transition, transition_all
from core.failpoints import failpoint
from core.ledger.services import post_many, reverse_many
from payouts.models import (
    AccountTransfer,
    AccountTransferStatus,
    BulkPayout,
    PayoutStatus,
)
from payouts.queries.selecting import locked_bulk_payout
from payouts.rails.base import Failed, Paid
from payouts.services.attempts import payouts_of
from payouts.services.books import paid_draft, reserve_key
from payouts.services.claims import named, settlement_ids_of
from payouts.services.progress import roll_up
from settlements.models import SettlementStatus
from settlements.services import follow_payout

FIRST_INQUIRY_AFTER = timedelta(seconds=30)
UNRESOLVED = (AccountTransferStatus.PROCESSING, AccountTransferStatus.UNKNOWN)


@dataclass(frozen=True)
class Unsettled:
    """No definite answer. `reference` when the bank at least gave a number."""

    reason: str
    reference: str = ""


Answer = Paid | Failed | Unsettled
Kind = TypeVar("Kind", Paid, Failed, Unsettled)


@dataclass(frozen=True)
class Result:
    transfer_id: int
    answer: Answer


def record_results(*, bulk_payout: BulkPayout, results: Sequence[Result], actor: Actor) -> int:
    """Record answers for transfers of one bulk payout; returns how many were news.

    A transfer that already has a definite result keeps it.
    """
    with transaction.atomic(durable=True):
        bulk_payout = locked_bulk_payout(bulk_payout)
        answers = {result.transfer_id: result.answer for result in results}
        transfers = _unresolved(bulk_payout, list(answers))
        book = Recorder(bulk_payout, actor)
        book.paid(_of(Paid, transfers, answers))
        book.failed(_of(Failed, transfers, answers))
        book.unsettled(_of(Unsettled, transfers, answers))
        roll_up(bulk_payout=bulk_payout, actor=actor)
        failpoint("record.before_commit")
    failpoint("record.after_commit")
    return len(transfers)


def _unresolved(bulk_payout: BulkPayout, transfer_ids: list[int]) -> list[AccountTransfer]:
    found = AccountTransfer.objects.filter(
        pk__in=transfer_ids, payout__bulk_payout=bulk_payout, status__in=UNRESOLVED
    )
    held = found.select_for_update(of=("self",)).order_by("pk")
    return list(held.select_related("payout__partner", "funding_account"))


def _of(
    kind: type[Kind], transfers: list[AccountTransfer], answers: Mapping[int, Answer]
) -> list[tuple[AccountTransfer, Kind]]:
    return [(t, a) for t in transfers if isinstance(a := answers[t.pk], kind)]


WRITE_REFERENCES = """
    UPDATE payouts_accounttransfer transfer
    SET bank_reference = answer.reference, traded_at = answer.paid_at
    FROM unnest(%(ids)s::bigint[], %(references)s::text[], %(moments)s::timestamptz[])
        AS answer (id, reference, paid_at)
    WHERE transfer.id = answer.id
"""


def _write_references(found: list[tuple[AccountTransfer, Paid]]) -> None:
    values: dict[str, list[Any]] = {
        "ids": [transfer.pk for transfer, _ in found],
        "references": [answer.reference for _, answer in found],
        "moments": [answer.paid_at for _, answer in found],
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE_REFERENCES, values)


class Recorder:
    """Writes one transaction's worth of answers, a statement per table rather than per row."""

    def __init__(self, bulk_payout: BulkPayout, actor: Actor) -> None:
        self.bulk_payout = bulk_payout
        self.workspace = bulk_payout.workspace
        self.actor = actor

    def paid(self, found: list[tuple[AccountTransfer, Paid]]) -> None:
        if not found:
            return
        transfers = [transfer for transfer, _ in found]
        _write_references(found)
        self._move_transfers(transfers, AccountTransferStatus.SUCCEEDED)
        traded_at = AccountTransfer.objects.filter(
            payout=OuterRef("pk"), status=AccountTransferStatus.SUCCEEDED
        ).values("traded_at")
        self._move_payouts(transfers, PayoutStatus.SUCCEEDED, paid_at=Subquery(traded_at))
        self._follow(transfers, SettlementStatus.PAID_OUT)
        self._post_paid(transfers)

    def _post_paid(self, transfers: list[AccountTransfer]) -> None:
        today = clock.today()
        drafts = [paid_draft(transfer, today) for transfer in transfers]
        post_many(workspace=self.workspace, drafts=drafts)

    def failed(self, found: list[tuple[AccountTransfer, Failed]]) -> None:
        """Each failure with its own reason; the reservations are reversed, nothing recomputed."""
        if not found:
            return
        for transfer, answer in found:
            reason = answer.reason[:300]
            transition(
                transfer,
                AccountTransferStatus.FAILED,
                actor=self.actor,
                reason=reason,
                fail_code=answer.code[:40],
                fail_reason=reason,
                next_inquiry_at=None,
                claim="",
            )
            assert transfer.payout is not None
            transition(
                transfer.payout,
                PayoutStatus.FAILED,
                actor=self.actor,
                reason=reason,
                fail_reason=reason,
            )
        transfers = [transfer for transfer, _ in found]
        self._follow(transfers, SettlementStatus.PAYOUT_FAILED)
        keys = [reserve_key(transfer) for transfer in transfers]
        reverse_many(workspace=self.workspace, keys=keys, on=clock.today())

    def unsettled(self, found: list[tuple[AccountTransfer, Unsettled]]) -> None:
        """미확정: the payout stays 처리 중 and the bank is asked later."""
        for transfer, answer in found:
            if transfer.status != AccountTransferStatus.UNKNOWN:
                transition(
                    transfer,
                    AccountTransferStatus.UNKNOWN,
                    actor=self.actor,
                    reason=answer.reason,
                    fail_reason=answer.reason[:300],
                    bank_reference=answer.reference,
                    next_inquiry_at=clock.now() + FIRST_INQUIRY_AFTER,
                    claim="",
                )

    def _move_transfers(self, transfers: list[AccountTransfer], to: AccountTransferStatus) -> None:
        transition_all(
            AccountTransfer.objects.filter(pk__in=[transfer.pk for transfer in transfers]),
            to,
            workspace=self.workspace,
            actor=self.actor,
            object_id=self.bulk_payout.public_id,
            next_inquiry_at=None,
            claim="",
            fail_reason="",
        )

    def _move_payouts(
        self, transfers: list[AccountTransfer], to: PayoutStatus, **fields: Any
    ) -> None:
        transition_all(
            payouts_of(transfers),
            to,
            workspace=self.workspace,
            actor=self.actor,
            object_id=self.bulk_payout.public_id,
            details=named(payouts_of(transfers)),
            **fields,
        )

    def _follow(self, transfers: list[AccountTransfer], to: SettlementStatus) -> None:
        follow_payout(
            workspace=self.workspace,
            settlement_ids=settlement_ids_of(payouts_of(transfers)),
            to=to,
            actor=self.actor,
            object_id=self.bulk_payout.public_id,
        )
