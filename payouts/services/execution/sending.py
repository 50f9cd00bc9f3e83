"""Phase two: call the bank, many at a time, with no transaction open."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime

from core import clock
from core.failpoints import failpoint
from payouts.rails import get_rail
from payouts.rails.base import Failed, OutcomeUnknown, Paid, Rail, Rejected, TransferOrder
from payouts.services.execution.recording import Result, Unsettled
from payouts.services.execution.reserving import SEND_WITHIN, Batch

log = logging.getLogger(__name__)

NOT_SENT = Failed("NOT_SENT", "보내지 않음: 보낼 수 있는 시간이 지났습니다")


def send(batch: Batch) -> Iterator[Result]:
    """Results as they come in. Threads touch the rail only, never our database."""
    rail = get_rail(batch.rail)
    with ThreadPoolExecutor(rail.concurrency, thread_name_prefix="rail") as pool:
        calls = {
            pool.submit(_send, rail, order.order, batch.reserved_at): order.transfer_id
            for order in batch.orders
        }
        for call in as_completed(calls):
            yield Result(calls[call], call.result())


def _send(rail: Rail, order: TransferOrder, reserved_at: datetime) -> Paid | Failed | Unsettled:
    """One call. Whatever is not a definite answer is unknown (peers of a lost response)."""
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
