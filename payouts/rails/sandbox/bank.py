"""The sandbox bank: accounts, transfers and deposits in a journal of its own.

The journal is the judge of every crash test: what it says was paid was paid, once per key.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Lock

from core import clock
from core.sandbox import Book, Journal, Record
from payouts.rails.base import (
    Accepted,
    BankDeposit,
    Failed,
    NeverSeen,
    Outcome,
    OutcomeUnknown,
    Paid,
    Pending,
    Rejected,
    TransferOrder,
)
from payouts.rails.sandbox.behaviour import (
    REJECTIONS,
    Behaviour,
    Fault,
    drawn_fault,
    magic_fault,
    rejection_code,
)

PAID, REJECTED, PENDING, IN_FLIGHT = "PAID", "REJECTED", "PENDING", "IN_FLIGHT"
INSUFFICIENT = ("001", "출금 계좌 잔액 부족")
WRITERS = Lock()
"""Threads of one process queue here; waiting inside SQLite is twice as slow."""
UNANSWERED = {Fault.TIMEOUT_PAID, Fault.TIMEOUT_UNPAID, Fault.ERROR_PAID, Fault.LATE_ARRIVAL}


class SandboxBank:
    """A rail (payouts.rails.base) and, beyond it, what only a bank can do: open and credit."""

    never_seen_after = timedelta(minutes=30)
    concurrency = 32

    def __init__(self, journal: Journal) -> None:
        self.journal = journal

    # -- the rail --------------------------------------------------------------------------

    def is_open(self, moment: datetime) -> bool:
        """A sandbox never sleeps."""
        return True

    def send(self, order: TransferOrder) -> Accepted:
        """Decide and remember in one durable step, then answer, or not."""
        with self._write() as book:
            behaviour = _behaviour(book)
            now = _now(behaviour)
            fault = _fault(book, behaviour, order)
            known = book.get("transfer", order.request_key)
            if known is None:
                record = _take(book, order, fault, now, behaviour)
            else:
                book.put("duplicate", f"{order.request_key}:{time.time_ns()}", "REFUSED", {})
        time.sleep(behaviour.latency_ms / 1000)
        if known is not None:
            raise OutcomeUnknown("409 이미 받은 거래 키입니다")
        return _answer(record, fault)

    def inquire(self, request_key: str) -> Outcome:
        with self.journal.read() as book:
            behaviour = _behaviour(book)
            record = book.get("transfer", request_key)
        time.sleep(behaviour.latency_ms / 1000)
        if record is None:
            return NeverSeen()
        if _is_due(record, _now(behaviour)):
            with self._write() as book:
                record = _conclude(book, request_key)
        return _outcome(record)

    def balance(self, account_number: str) -> int:
        self.conclude_due()
        with self.journal.read() as book:
            record = book.get("account", account_number)
        return int(record.body["balance"]) if record else 0

    def deposits(self, account_number: str, after: str) -> Sequence[BankDeposit]:
        with self.journal.read() as book:
            last = book.get("deposit", after)
            found = book.records("deposit", account_number, after=last.sequence if last else 0)
            return [_deposit(record) for record in found]

    @contextmanager
    def _write(self) -> Iterator[Book]:
        with WRITERS, self.journal.write() as book:
            yield book

    # -- what only a bank can do -----------------------------------------------------------

    def deposit(self, account_number: str, amount: int, depositor: str, memo: str = "") -> str:
        """Money arrives; returns its reference. Opens the account when it is new."""
        with self._write() as book:
            reference = f"SD{book.next_number('deposit'):012d}"
            body = {"amount": amount, "depositor": depositor, "memo": memo}
            at = _now(_behaviour(book)).isoformat()
            book.put("deposit", reference, account_number, body | {"traded_at": at})
            _move(book, account_number, amount)
        return reference

    def behave(self, behaviour: Behaviour) -> None:
        """Replace the bank's settings, for every process."""
        with self._write() as book:
            body = behaviour.as_body()
            if not book.put("setting", "behaviour", "", body):
                book.update("setting", "behaviour", "", body)

    def behaviour(self) -> Behaviour:
        with self.journal.read() as book:
            return _behaviour(book)

    def conclude_due(self) -> int:
        """Finish every late transfer whose time has come. Returns how many."""
        with self._write() as book:
            now = _now(_behaviour(book))
            late = [*book.records("transfer", PENDING), *book.records("transfer", IN_FLIGHT)]
            due = [record.key for record in late if _is_due(record, now)]
            for key in due:
                _conclude(book, key)
        return len(due)

    def transfers(self, state: str | None = None) -> list[Record]:
        """What the bank remembers of us, oldest first: the judge's evidence."""
        with self.journal.read() as book:
            return list(book.records("transfer", state))

    def refused_duplicates(self) -> list[str]:
        """Keys that were sent more than once."""
        with self.journal.read() as book:
            return [record.key.rpartition(":")[0] for record in book.records("duplicate")]


def _behaviour(book: Book) -> Behaviour:
    record = book.get("setting", "behaviour")
    return Behaviour.of(record.body if record else None)


def _now(behaviour: Behaviour) -> datetime:
    return clock.now() + timedelta(seconds=behaviour.clock_offset_seconds)


def _fault(book: Book, behaviour: Behaviour, order: TransferOrder) -> Fault | None:
    magic = magic_fault(order.account_number)
    if magic or not behaviour.rates:
        return magic
    visit = book.next_number(f"to:{order.account_number}")
    return drawn_fault(behaviour, order.account_number, visit)


def _take(
    book: Book, order: TransferOrder, fault: Fault | None, now: datetime, behaviour: Behaviour
) -> Record | None:
    """What the bank does with an order it has not seen; None when it never arrives."""
    body = {
        "source": order.source_account,
        "bank": order.bank,
        "account_number": order.account_number,
        "holder": order.holder,
        "amount": order.amount,
        "fault": fault or "",
        "due_at": (now + timedelta(seconds=behaviour.late_seconds)).isoformat(),
    }
    if fault is Fault.TIMEOUT_UNPAID:
        return None
    if fault in (Fault.LATE_PAID, Fault.LATE_REJECT):
        return _put(book, order, PENDING, body)
    if fault is Fault.LATE_ARRIVAL:
        return _put(book, order, IN_FLIGHT, body)
    if fault is Fault.REJECT:
        code = rejection_code(order.account_number)
        return _put(book, order, REJECTED, body | {"code": code, "reason": REJECTIONS[code]})
    state, facts = _pay(book, order.source_account, order.amount, now)
    return _put(book, order, state, body | facts)


def _put(book: Book, order: TransferOrder, state: str, body: dict[str, object]) -> Record:
    body["reference"] = f"SB{book.next_number('reference'):012d}"
    book.put("transfer", order.request_key, state, body)
    record = book.get("transfer", order.request_key)
    assert record is not None
    return record


def _pay(book: Book, source: str, amount: int, now: datetime) -> tuple[str, dict[str, str]]:
    """Take the money from the account, or say it is not there."""
    account = book.get("account", source)
    if account is None or account.body["balance"] < amount:
        code, reason = INSUFFICIENT
        return REJECTED, {"code": code, "reason": reason}
    _move(book, source, -amount)
    return PAID, {"paid_at": now.isoformat()}


def _move(book: Book, account_number: str, amount: int) -> None:
    account = book.get("account", account_number)
    if account is None:
        book.put("account", account_number, "OPEN", {"balance": amount})
    else:
        balance = account.body["balance"] + amount
        book.update("account", account_number, "OPEN", {"balance": balance})


def _is_due(record: Record, now: datetime) -> bool:
    late = record.state in (PENDING, IN_FLIGHT)
    return late and datetime.fromisoformat(record.body["due_at"]) <= now


def _conclude(book: Book, request_key: str) -> Record:
    """The late end of a transfer: paid, or refused after all. Once."""
    record = book.get("transfer", request_key)
    assert record is not None
    if record.state not in (PENDING, IN_FLIGHT):
        return record
    due_at = datetime.fromisoformat(record.body["due_at"])
    if record.body["fault"] == Fault.LATE_REJECT:
        state, facts = REJECTED, {"code": "415", "reason": REJECTIONS["415"]}
    else:
        state, facts = _pay(book, record.body["source"], record.body["amount"], due_at)
    body = record.body | facts
    book.update("transfer", request_key, state, body)
    return Record("transfer", request_key, state, body, record.sequence)


def _answer(record: Record | None, fault: Fault | None) -> Accepted:
    """What the caller hears of what was done."""
    if record is None or fault in UNANSWERED:
        raise OutcomeUnknown("응답 없음" if fault is not Fault.ERROR_PAID else "HTTP 502")
    match _outcome(record):
        case Paid(reference, paid_at):
            return Accepted(reference, paid_at)
        case Failed(code, reason):
            raise Rejected(code, reason)
        case _:
            return Accepted(record.body["reference"], None)


def _outcome(record: Record) -> Outcome:
    body = record.body
    if record.state == PAID:
        return Paid(body["reference"], datetime.fromisoformat(body["paid_at"]))
    if record.state == REJECTED:
        return Failed(body["code"], body["reason"])
    return Pending() if record.state == PENDING else NeverSeen()


def _deposit(record: Record) -> BankDeposit:
    body = record.body
    return BankDeposit(
        record.key,
        body["amount"],
        body["depositor"],
        body["memo"],
        datetime.fromisoformat(body["traded_at"]),
    )
