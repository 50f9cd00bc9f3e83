"""What a rail (a way to move money) must offer, and the only answers it may give.

A rail is called with no transaction open. `send` either knows (Accepted, Rejected) or says it
does not (OutcomeUnknown): a timeout, a reset connection, a 5xx and "this key is known" are all
unknown, never a rejection.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True)
class TransferOrder:
    """One transfer, in won. `request_key` is ours, and the bank's memory of it too."""

    request_key: str
    source_account: str
    bank: str
    account_number: str
    holder: str
    amount: int
    withdrawal_memo: str = ""
    deposit_memo: str = ""


@dataclass(frozen=True)
class Accepted:
    """The bank took the order. `paid_at` is empty when it will only say later."""

    reference: str
    paid_at: datetime | None


class Rejected(Exception):
    """Definite: no money moved and none will under this key."""

    def __init__(self, code: str, reason: str) -> None:
        self.code = code
        self.reason = reason
        super().__init__(f"{code} {reason}")


class OutcomeUnknown(Exception):
    """We asked and do not know what the bank did."""


@dataclass(frozen=True)
class Paid:
    reference: str
    paid_at: datetime


@dataclass(frozen=True)
class Failed:
    code: str
    reason: str


@dataclass(frozen=True)
class Pending:
    """The bank knows the key and has not finished, or could not be asked."""


@dataclass(frozen=True)
class NeverSeen:
    """The bank does not know the key (yet)."""


Outcome = Paid | Failed | Pending | NeverSeen


@dataclass(frozen=True)
class BankDeposit:
    """Money that arrived on our account, in won."""

    reference: str
    amount: int
    depositor: str
    memo: str
    traded_at: datetime


class Rail(Protocol):
    never_seen_after: timedelta
    """How long after sending NeverSeen becomes a fact instead of a request still on its way."""
    concurrency: int

    def is_open(self, moment: datetime) -> bool:
        """False during the bank's maintenance: nothing is sent then."""
        ...

    def send(self, order: TransferOrder) -> Accepted:
        """Raises Rejected or OutcomeUnknown; anything else it raises is taken as unknown."""
        ...

    def inquire(self, request_key: str) -> Outcome: ...

    def balance(self, account_number: str) -> int:
        """Won on the account, as the bank says."""
        ...

    def deposits(self, account_number: str, after: str) -> Sequence[BankDeposit]:
        """Deposits younger than the one with reference `after`, oldest first."""
        ...
