"""Expected failures. Each names its wire type, its HTTP status and a sentence for people."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from django.db import OperationalError
from psycopg.errors import DeadlockDetected, LockNotAvailable

IDS: Mapping[str, Any] = {"ids": list[str], "graphqlIds": list[str]}
"""What an error about several objects names."""


class DomainError(Exception):
    """A refusal the caller can act on; anything else that escapes is a bug.

    `type` is the wire literal (contract.md a.6), `status` its HTTP code, `message` Korean text
    that says first what happened to the money, `extra` the fields the contract demands, declared
    in `fields` by their wire name; `name?` may be absent.
    """

    type = "INVALID_REQUEST"
    status = 400
    message = "요청을 처리하지 않았습니다."
    fields: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, message: str = "", **extra: Any) -> None:
        self.message = message or type(self).message
        self.extra = extra
        super().__init__(self.message)


class InvalidRequest(DomainError):
    """Malformed or contradictory input."""


class Forbidden(DomainError):
    type = "FORBIDDEN"
    status = 403
    message = "이 작업을 할 권한이 없습니다."


class NotFound(DomainError):
    type = "NOT_FOUND"
    status = 404
    message = "찾을 수 없습니다."


class Conflict(DomainError):
    """The object is not in a state that allows this."""

    status = 409
    message = "지금 상태에서는 할 수 없는 작업입니다. 바뀐 것은 없습니다."


class IllegalTransition(Conflict):
    """A status change that the declared table does not contain."""


class LostRace(Conflict):
    """Someone else changed the row between our read and our write."""

    message = "그사이 다른 작업이 먼저 처리했습니다. 새로 고친 뒤 확인해 주세요."


class Busy(Conflict):
    """Another transaction holds what we waited for."""

    message = "같은 작업이 이미 진행 중입니다. 바뀐 것은 없습니다. 끝난 뒤 다시 시도해 주세요."


class WaitedTooLong(Busy):
    """A lock took longer than `lock_timeout`, or the database ended a circle of waiters."""

    message = (
        "다른 작업이 먼저 쓰고 있어 끝내지 못했습니다. "
        "처리된 것이 있는지 확인한 뒤 잠시 후 다시 시도해 주세요."
    )


@contextmanager
def busy_when_locked() -> Iterator[None]:
    """At the doors of people and programs: what the database gave up waiting for is no bug."""
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable | DeadlockDetected):
            raise WaitedTooLong from error
        raise
