"""What we ask of an electronic tax-invoice provider, in our words (korea-rules 7).

A document is known to the provider under the keys we gave it, so an answer we lost can be
asked for again. A refusal is certain; silence is not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from invoices.documents import Content, Party

KEY_IN_USE = "KEY_IN_USE"
"""A rejection that means: I have this document already. Ask for it instead of failing."""


class Rejected(Exception):
    """The provider surely did not do it. `code` is stable, the text is for people."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


class OutcomeUnknown(Exception):
    """No answer, or not one we can read: it may or may not have happened."""


@dataclass(frozen=True)
class Ref:
    """One document at the provider: each side knows it under its own key."""

    supplier_brn: str
    supplier_key: str
    recipient_brn: str
    recipient_key: str


@dataclass(frozen=True)
class Amendment:
    reason: str
    original_approval_number: str


@dataclass(frozen=True)
class Document:
    ref: Ref
    content: Content
    amendment: Amendment | None = None
    memo: str = ""


@dataclass(frozen=True)
class State:
    """What the provider says a document is; `status` in our words (contract.md c.10).

    Whatever was issued once has its number and moment, also when it was cancelled since.
    `total_amount` where the provider tells it: a document that arrived late may say another.
    """

    status: str
    approval_number: str = ""
    issued_at: datetime | None = None
    sent_at: datetime | None = None
    result_at: datetime | None = None
    result_code: str = ""
    reason: str = ""
    total_amount: int | None = None


@dataclass(frozen=True)
class MemberFacts:
    """A business as it joins the provider."""

    party: Party
    contact_name: str = ""
    contact_email: str = ""


@dataclass(frozen=True)
class Certificate:
    registered_at: datetime
    expired_at: datetime
    issuer_name: str
    subject_name: str
    oid: str
    certificate_type: str = "E_TAX"
    contact_name: str = ""
    contact_id: str = ""

    def is_valid(self, now: datetime) -> bool:
        return now < self.expired_at


Answer = State | Rejected | OutcomeUnknown
"""One document's part of a call for many."""


@dataclass(frozen=True)
class Limits:
    documents_per_call: int = 100
    inquiries_per_call: int = 1000


class ETaxProvider(Protocol):
    """Calls for one document raise Rejected or OutcomeUnknown; calls for many answer per document.

    Asking twice under one key does nothing the second time.
    """

    limits: Limits

    def register(self, member: MemberFacts) -> None:
        """Let a business take part; registering a member again is not an error."""
        ...

    def certificate(self, brn: str) -> Certificate | None: ...

    def certificate_url(self, brn: str) -> str:
        """Where the business registers its certificate; short-lived."""
        ...

    def request(self, documents: Sequence[Document]) -> list[Answer]:
        """Ask the suppliers to issue (역발행 요청)."""
        ...

    def issue(self, documents: Sequence[Document]) -> list[Answer]:
        """Issue in the supplier's name (정발행)."""
        ...

    def approve(self, document: Document) -> State:
        """The supplier signs what was requested."""
        ...

    def refuse(self, ref: Ref, reason: str) -> State: ...

    def cancel_request(self, ref: Ref, reason: str) -> State: ...

    def cancel_issuance(self, ref: Ref, reason: str) -> State:
        """Only before transmission; afterwards an amendment is the only way."""
        ...

    def send_to_nts(self, ref: Ref) -> State: ...

    def delete(self, ref: Ref) -> None:
        """Forget an ended document and free its keys; an unknown one is gone already."""
        ...

    def inquire(self, refs: Sequence[Ref]) -> list[State | None]:
        """What became of each; None for one the provider has never seen."""
        ...


def attempt(call: Callable[[], State]) -> Answer:
    """Run one call; whatever is not a clear answer counts as unknown."""
    try:
        return call()
    except Rejected as rejection:
        return rejection
    except OutcomeUnknown as unknown:
        return unknown
    except Exception as error:
        return OutcomeUnknown(f"{type(error).__name__}: {error}")


def attempt_many(call: Callable[[], list[Answer]], count: int) -> list[Answer]:
    try:
        answers = call()
    except Rejected as rejection:
        return [rejection] * count
    except Exception as error:
        return [OutcomeUnknown(f"{type(error).__name__}: {error}")] * count
    return answers
