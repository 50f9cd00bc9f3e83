"""Phase two: call the bank, many at a time, with no transaction open."""

from __future__ import annotations

import logging
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime
from time import monotonic
from types import TracebackType

from core import clock
from core.failpoints import failpoint
from payouts.rails.base import Failed, OutcomeUnknown, Paid, Rail, Rejected, TransferOrder
from payouts.services.execution.recording import Result, Unsettled
from payouts.services.execution.reserving import SEND_WITHIN, Batch

log = logging.getLogger(__name__)

NOT_SENT = Failed("NOT_SENT", "보내지 않음: 보낼 수 있는 시간이 지났습니다")


class Sender:
    """Calls under way. Its threads touch the rail only, never our database."""

    def __init__(self, rail: Rail) -> None:
        self._rail = rail
        self._pool = ThreadPoolExecutor(rail.concurrency, thread_name_prefix="rail")
        self._calls: dict[Future[Paid | Failed | Unsettled], int] = {}

    def __enter__(self) -> Sender:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """What has not started is not sent any more; its silence will be found."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    @property
    def open_count(self) -> int:
        return len(self._calls)

    @property
    def is_hungry(self) -> bool:
        """Threads would soon have nothing to do."""
        return len(self._calls) <= self._rail.concurrency

    def send(self, batch: Batch) -> None:
        for order in batch.orders:
            call = self._pool.submit(_send, self._rail, order.order, batch.reserved_at)
            self._calls[call] = order.transfer_id

    def results(self, *, limit: int, seconds: float) -> list[Result]:
        """Answers that came in: up to `limit` of them, or what there is after some seconds."""
        deadline = monotonic() + seconds
        found: list[Result] = []
        while self._calls and len(found) < limit and (left := deadline - monotonic()) > 0:
            done, _ = wait(self._calls, timeout=left, return_when=FIRST_COMPLETED)
            found += [Result(self._calls.pop(call), call.result()) for call in done]
        return found


def _send(rail: Rail, order: TransferOrder, reserved_at: datetime) -> Paid | Failed | Unsettled:
    """One call. Whatever is not a definite answer is unknown."""
    if clock.now() > reserved_at + SEND_WITHIN:
        return NOT_SENT
    failpoint("send.before_call")
    try:
        accepted = rail.send(order)
    except Rejected as refusal:
        return Failed(refusal.code, refusal.reason)
    except OutcomeUnknown as doubt:
        return Unsettled(str(doubt))
    except Exception as surprise:
        log.exception("rail failed on %s", order.request_key)
        return Unsettled(type(surprise).__name__)
    failpoint("send.after_call")
    if accepted.paid_at is None:
        return Unsettled("은행 처리 중", accepted.reference)
    return Paid(accepted.reference, accepted.paid_at)
