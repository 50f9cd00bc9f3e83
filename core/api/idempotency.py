"""Idempotency-Key on writes (contract.md a.5): applied once, replayed after."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet

from core import clock
from core.api.errors import InternalError, OutstandingRequest, error_body
from core.api.models import IdempotencyRecord
from core.api.wire import encode
from core.companies.models import Workspace
from core.errors import InvalidRequest

KEY = re.compile(r"^[A-Za-z0-9_-]{16,256}$")
KEPT = timedelta(hours=3)
TAKEN_OVER_AFTER = timedelta(seconds=90)
"""A request whose process died holds its key this long."""

LONGEST_PATH = 400
FORGET_AT_ONCE = 5000


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


@dataclass(frozen=True)
class KeyedRequest:
    workspace: Workspace
    key: str
    method: str
    path: str
    body: bytes

    def __post_init__(self) -> None:
        if not KEY.match(self.key):
            raise InvalidRequest("Idempotency-Key는 영문, 숫자, -, _ 16~256자여야 합니다.")

    @property
    def body_hash(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    @property
    def place(self) -> str:
        """Path and query; a very long one by its hash."""
        if len(self.path) <= LONGEST_PATH:
            return self.path
        return f"{self.path[:100]}…{hashlib.sha256(self.path.encode()).hexdigest()}"


def claim(request: KeyedRequest, *, may_repeat: bool = True) -> IdempotencyRecord | Answer:
    """The right to run the request, or the answer it had before. One whose process died is run
    again only if it `may_repeat`; else nobody knows what it has done, and that is its answer.

    Raises OutstandingRequest while another runs, InvalidRequest when the key was used for
    something else.
    """
    now = clock.now()
    record, created = IdempotencyRecord.objects.get_or_create(
        workspace=request.workspace,
        key=request.key,
        method=request.method,
        path=request.place,
        defaults={"body_hash": request.body_hash, "claimed_at": now},
    )
    if created:
        return record
    if record.created_at < now - KEPT:
        _forget(record)
        return claim(request, may_repeat=may_repeat)
    if record.body_hash != request.body_hash:
        raise InvalidRequest(
            "이 멱등 키는 다른 내용의 요청에 이미 쓰였습니다. 처리하지 않았습니다."
        )
    if record.state == IdempotencyRecord.State.DONE:
        return Answer(record.response_status or 200, bytes(record.response_body or b""))
    _take_over(record)
    if may_repeat:
        return record
    unknown = InternalError()
    answer = Answer(unknown.status, encode(error_body(unknown)))
    complete(record, answer)
    return answer


def _take_over(record: IdempotencyRecord) -> None:
    now = clock.now()
    dead = _ours(record).filter(claimed_at__lt=now - TAKEN_OVER_AFTER)
    if not dead.update(claimed_at=now):
        raise OutstandingRequest()
    record.claimed_at = now


def _ours(record: IdempotencyRecord) -> QuerySet[IdempotencyRecord]:
    """The record while the claim on it is still the one we made."""
    return IdempotencyRecord.objects.filter(
        pk=record.pk, state=IdempotencyRecord.State.RUNNING, claimed_at=record.claimed_at
    )


def complete(record: IdempotencyRecord, answer: Answer) -> None:
    """Keep the answer for replays. Raises OutstandingRequest when the claim was taken over: the
    work of a slow request, in the same transaction, is then undone.
    """
    kept = _ours(record).update(
        state=IdempotencyRecord.State.DONE,
        response_status=answer.status,
        response_body=answer.body,
    )
    if not kept:
        raise OutstandingRequest()


def _forget(record: IdempotencyRecord) -> None:
    IdempotencyRecord.objects.filter(pk=record.pk).delete()


def release(record: IdempotencyRecord) -> None:
    """Nothing was done: the key may be used again."""
    _ours(record).delete()


def forget_old() -> int:
    """Drop what is past its time, answered or left by a dead process. Returns how many."""
    old = IdempotencyRecord.objects.filter(created_at__lt=clock.now() - KEPT)
    some = list(old.order_by("created_at").values_list("pk", flat=True)[:FORGET_AT_ONCE])
    return IdempotencyRecord.objects.filter(pk__in=some).delete()[0]
