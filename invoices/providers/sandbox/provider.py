"""A provider that never leaves this machine, with the rules and the moods of a real one.

It keeps its own journal outside our database and forgets nothing when we die.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse

from core.sandbox import Book, Journal, Record
from invoices.providers.base import (
    KEY_IN_USE,
    Answer,
    Certificate,
    Document,
    Limits,
    MemberFacts,
    OutcomeUnknown,
    Ref,
    Rejected,
    State,
)
from invoices.providers.sandbox import office

OPERATOR = "41000001"
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
UNCERTIFIED = "인증서 미등록"
CERTIFIED_FOR = timedelta(days=365)
NOT_A_MEMBER = ("NOT_A_MEMBER", "세금계산서 서비스에 가입하지 않은 공급자입니다.")
NO_CERTIFICATE = ("CERTIFICATE_UNREGISTERED", "공동인증서가 등록되어 있지 않습니다.")
UNKNOWN_DOCUMENT = ("NOT_FOUND", "없는 문서입니다.")
DELETABLE = frozenset(
    {"REQUEST_REFUSED", "REQUEST_CANCELLED", "ISSUANCE_CANCELLED", "SENDING_FAILED"}
)

Body = dict[str, Any]


def sandbox(environment: str) -> SandboxProvider:
    return SandboxProvider(environment)


class SandboxProvider:
    limits = Limits(documents_per_call=500, inquiries_per_call=1000)

    def __init__(self, environment: str) -> None:
        self.environment = environment
        self.journal = Journal(office.journal_path(environment))

    # --- members ---------------------------------------------------------------------------

    def register(self, member: MemberFacts) -> None:
        facts = asdict(member)
        with self.journal.write() as book:
            if not book.put("member", member.party.brn, "MEMBER", facts):
                book.update("member", member.party.brn, "MEMBER", facts)
            if UNCERTIFIED not in member.party.name:
                self._certify(book, member.party.brn)

    def register_certificate(self, brn: str) -> None:
        """What the business would do on the provider's own page."""
        with self.journal.write() as book:
            self._certify(book, brn)

    def certificate(self, brn: str) -> Certificate | None:
        with self.journal.read() as book:
            member, held = book.get("member", brn), book.get("certificate", brn)
        if member is None or held is None:
            return None
        return Certificate(
            registered_at=datetime.fromisoformat(held.body["registered_at"]),
            expired_at=datetime.fromisoformat(held.body["expired_at"]),
            issuer_name="샌드박스 인증기관",
            subject_name=member.body["party"]["name"],
            oid="1.2.410.200004.5.2.1.6.257",
            contact_name=member.body["contact_name"],
            contact_id=brn,
        )

    def certificate_url(self, brn: str) -> str:
        token = office.certificate_token(self.environment, brn)
        return settings.PUBLIC_URL + reverse("sandbox-certificate", args=[token])

    @staticmethod
    def _certify(book: Book, brn: str) -> None:
        today = office.now(book)
        body = {
            "registered_at": today.isoformat(),
            "expired_at": (today + CERTIFIED_FOR).isoformat(),
        }
        if not book.put("certificate", brn, "VALID", body):
            book.update("certificate", brn, "VALID", body)

    # --- documents ---------------------------------------------------------------------------

    def request(self, documents: Sequence[Document]) -> list[Answer]:
        return self._take("request", documents, self._requested)

    def issue(self, documents: Sequence[Document]) -> list[Answer]:
        return self._take("issue", documents, self._issued)

    def approve(self, document: Document) -> State:
        def sign(book: Book, record: Record) -> State:
            _demand(record, "REQUESTED")
            if book.get("certificate", document.ref.supplier_brn) is None:
                raise Rejected(*NO_CERTIFICATE)
            return _put(book, record, "ISSUED", self._signature(book, record.body))

        return self._change("approve", document.ref, sign)

    def refuse(self, ref: Ref, reason: str) -> State:
        def refuse(book: Book, record: Record) -> State:
            _demand(record, "REQUESTED")
            return _put(book, record, "REQUEST_REFUSED", {"reason": reason})

        return self._change("refuse", ref, refuse)

    def cancel_request(self, ref: Ref, reason: str) -> State:
        def withdraw(book: Book, record: Record) -> State:
            _demand(record, "REQUESTED")
            return _put(book, record, "REQUEST_CANCELLED", {"reason": reason})

        return self._change("cancel", ref, withdraw)

    def cancel_issuance(self, ref: Ref, reason: str) -> State:
        def undo(book: Book, record: Record) -> State:
            if _state(book, record).status != "ISSUED":
                raise Rejected("ALREADY_SENT", "국세청 전송이 시작되어 취소할 수 없습니다.")
            return _put(book, record, "ISSUANCE_CANCELLED", {"reason": reason})

        return self._change("cancel", ref, undo)

    def send_to_nts(self, ref: Ref) -> State:
        def send(book: Book, record: Record) -> State:
            if record.state != "ISSUED":
                raise Rejected("NOT_ISSUED", "발행된 문서만 전송할 수 있습니다.")
            asked = {"send_at": office.now(book).isoformat()}
            is_asked = "send_at" in record.body
            return _put(book, record, "ISSUED", {} if is_asked else asked)

        return self._change("send", ref, send)

    def delete(self, ref: Ref) -> None:
        with self.journal.write() as book:
            record = book.get("document", _key(ref))
            if record is None or record.state == "DELETED":
                return
            if _state(book, record).status not in DELETABLE:
                raise Rejected("NOT_DELETABLE", "진행 중인 문서는 삭제할 수 없습니다.")
            book.update("document", record.key, "DELETED", record.body)

    def inquire(self, refs: Sequence[Ref]) -> list[State | None]:
        with self.journal.read() as book:
            now = office.now(book).isoformat()
            known = book.get_many("document", (_key(ref) for ref in refs))
            visible = {
                key: _state(book, record)
                for key, record in known.items()
                if record.state != "DELETED" and record.body.get("visible_from", "") <= now
            }
        return [visible.get(_key(ref)) for ref in refs]

    # --- inside ------------------------------------------------------------------------------

    def _take(
        self,
        verb: str,
        documents: Sequence[Document],
        accept: Callable[[Book, Document], tuple[str, Body]],
    ) -> list[Answer]:
        with self.journal.write() as book:
            return [self._take_one(verb, book, document, accept) for document in documents]

    @staticmethod
    def _take_one(
        verb: str,
        book: Book,
        document: Document,
        accept: Callable[[Book, Document], tuple[str, Body]],
    ) -> Answer:
        key, remarks = _key(document.ref), " ".join(document.content.remarks)
        fault = office.fault_of(book, verb, key, remarks)
        if fault.kind == "reject":
            return Rejected("REFUSED_BY_SANDBOX", "시험용으로 거절된 문서입니다.")
        if fault.happens:
            try:
                status, body = accept(book, document)
                if fault.kind == "late":
                    body["visible_from"] = (office.now(book) + office.LATE_BY).isoformat()
                _remember(book, document, status, body)
            except Rejected as rejection:
                return rejection
        if fault.is_silent:
            return OutcomeUnknown("답이 오지 않았습니다.")
        record = book.get("document", key)
        assert record is not None
        return _state(book, record)

    @staticmethod
    def _requested(book: Book, document: Document) -> tuple[str, Body]:
        if book.get("member", document.ref.supplier_brn) is None:
            raise Rejected(*NOT_A_MEMBER)
        return "REQUESTED", {}

    def _issued(self, book: Book, document: Document) -> tuple[str, Body]:
        return "ISSUED", self._signature(book, _facts(document))

    @staticmethod
    def _signature(book: Book, body: Body) -> Body:
        number = _base36(book.next_number("approval")).rjust(8, "0")
        return {
            "approval_number": body["write_date"].replace("-", "") + OPERATOR + number,
            "issued_at": office.now(book).isoformat(),
        }

    def _change(self, verb: str, ref: Ref, change: Callable[[Book, Record], State]) -> State:
        with self.journal.write() as book:
            record = book.get("document", _key(ref))
            if record is None or record.state == "DELETED":
                raise Rejected(*UNKNOWN_DOCUMENT)
            fault = office.fault_of(book, verb, record.key, record.body["remarks"])
            if fault.kind == "reject":
                raise Rejected("REFUSED_BY_SANDBOX", "시험용으로 거절된 처리입니다.")
            state = change(book, record) if fault.happens else None
        if fault.is_silent or state is None:
            raise OutcomeUnknown("답이 오지 않았습니다.")
        return state


def _key(ref: Ref) -> str:
    return f"{ref.supplier_brn}:{ref.supplier_key}"


def _facts(document: Document) -> Body:
    content = document.content
    return {
        "recipient": f"{document.ref.recipient_brn}:{document.ref.recipient_key}",
        "write_date": content.write_date.isoformat(),
        "total_amount": content.total_amount,
        "remarks": " ".join(content.remarks),
    }


def _remember(book: Book, document: Document, status: str, body: Body) -> None:
    """Both keys are claimed for good; only a deleted document gives them back."""
    facts = _facts(document) | body
    known = book.get("document", _key(document.ref))
    alias = book.get("recipient_key", facts["recipient"])
    taken_by = book.get("document", alias.body["document"]) if alias else None
    for holder in (known, taken_by):
        if holder is not None and holder.state != "DELETED":
            raise Rejected(KEY_IN_USE, "이미 쓰고 있는 문서번호입니다.")
    write = book.put if known is None else book.update
    write("document", _key(document.ref), status, facts)
    claim = book.put if alias is None else book.update
    claim("recipient_key", facts["recipient"], "", {"document": _key(document.ref)})


def _put(book: Book, record: Record, status: str, body: Body) -> State:
    book.update("document", record.key, status, record.body | body)
    changed = Record(record.kind, record.key, status, record.body | body, record.sequence)
    return _state(book, changed)


def _demand(record: Record, status: str) -> None:
    if record.state != status:
        raise Rejected("WRONG_STATE", "이미 처리된 문서입니다.")


def _state(book: Book, record: Record) -> State:
    """What the document is by now: transmission runs by the office's clock alone."""
    body = record.body
    told: dict[str, Any] = {"total_amount": body.get("total_amount")}
    if "approval_number" not in body:
        return State(record.state, **told, reason=body.get("reason", ""))
    issued_at = datetime.fromisoformat(body["issued_at"])
    told |= {"approval_number": body["approval_number"], "issued_at": issued_at}
    if record.state != "ISSUED":
        return State(record.state, **told, reason=body.get("reason", ""))
    asked = body.get("send_at")
    sent_at = datetime.fromisoformat(asked) if asked else office.sends_at(issued_at)
    now = office.now(book)
    if now < sent_at:
        return State("ISSUED", **told)
    if now < sent_at + office.RESULT_AFTER:
        return State("SENDING", **told, sent_at=sent_at)
    code = office.nts_code_of(body["remarks"])
    status = "SENDING_COMPLETED" if code == "SUC001" else "SENDING_FAILED"
    result_at = sent_at + office.RESULT_AFTER
    return State(status, **told, sent_at=sent_at, result_at=result_at, result_code=code)


def _base36(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
    return text or "0"
