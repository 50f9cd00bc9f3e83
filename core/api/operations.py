"""From an HTTP request to one service call and back: the only place that knows both.

class Orders(WireView):
    @operation(body=CreateOrder, returns=OrderResponse, scope=Permission.TRANSFER_WRITE,
               errors=[NoSuchBuyer])
    def post(self, call: Call[CreateOrder]) -> OrderResponse: ...
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Generic, TypeVar

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views import View
from rest_framework.views import APIView

from core.api import idempotency
from core.api.authentication import Caller, authenticate
from core.api.errors import (
    BodyTooLarge,
    InternalError,
    LengthRequired,
    MethodNotAllowed,
    OutstandingRequest,
    TooManyRequests,
    error_body,
)
from core.api.files import Received, receive
from core.api.idempotency import Answer, KeyedRequest
from core.api.models import IdempotencyRecord
from core.api.wire import UNSET, Empty, Wire, check_dates, decode, encode
from core.companies.isolation import confine
from core.companies.models import Permission, Workspace
from core.errors import Busy, DomainError, InvalidRequest, LostRace, busy_when_locked
from core.events.actors import Actor

log = logging.getLogger(__name__)

JSON = "application/json"
BodyType = TypeVar("BodyType")
Parameters = dict[str, Any]


@dataclass(frozen=True)
class Call(Generic[BodyType]):
    """What an operation is given."""

    body: BodyType
    workspace: Workspace
    actor: Actor
    request: HttpRequest
    ids: Parameters
    """Path parameters."""
    received: Received | None = None
    """The file, for operations that take one."""

    def flag(self, name: str) -> bool:
        """A boolean query parameter; absent is false."""
        value = self.request.GET.get(name, "false")
        if value not in {"true", "false"}:
            raise InvalidRequest(f"{name}는 true 또는 false여야 합니다.")
        return value == "true"


Handler = Callable[[Any, Call[Any]], Any]
Method = Callable[..., HttpResponse]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """The declaration of one operation, used as a decorator; the schema generator reads it too."""

    body: type[Any] | None = None
    returns: type[Any] | None = Empty
    scope: Permission | None = None
    errors: Sequence[type[DomainError]] = ()
    query: Mapping[str, Any] = field(default_factory=dict)
    """Query parameters and their types."""
    atomic: bool = True
    """False for operations that call outside: no transaction is open around them, and their
    services commit their own phases. A key that saw one break off repeats nothing: what it has
    done already may be at the tax office."""
    media_type: str = JSON
    summary: str = ""
    operation_id: str = ""
    unstable: bool = False
    takes_file: bool = False
    """The body is a file, or a form with one; parameters come beside it."""
    own: bool = False
    """Ours, beside PortOne's contract: what it keeps in its console (contract.md h)."""

    def __call__(self, handler: Handler) -> Method:
        @wraps(handler)
        def view(path: Any, request: Any, **ids: Any) -> HttpResponse:
            return _respond(self, handler, path, request, ids)

        view.operation = self  # type: ignore[attr-defined]
        return view


class WireView(APIView):
    """A path of the API. Authentication, parsing and rendering belong to `Operation`."""

    authentication_classes = ()
    permission_classes = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Past the framework's own negotiation and checks: the operation has made them all."""
        return View.dispatch(self, request, *args, **kwargs)

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return View.options(self, request, *args, **kwargs)

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return error_response(MethodNotAllowed())


def _respond(
    spec: Operation, handler: Handler, view: Any, request: HttpRequest, ids: Parameters
) -> HttpResponse:
    try:
        with busy_when_locked():
            answer = _perform(spec, handler, view, request, ids)
    except DomainError as error:
        return error_response(error)
    except RequestDataTooBig:
        return error_response(BodyTooLarge())
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        return error_response(InternalError())
    return HttpResponse(answer.body, status=answer.status, content_type=spec.media_type)


def _perform(
    spec: Operation, handler: Handler, view: Any, request: HttpRequest, ids: Parameters
) -> Answer:
    caller = authenticate(request)
    if spec.scope is not None:
        caller.actor.require(spec.scope)
    if "\x00" in request.path or "%00" in request.META["QUERY_STRING"]:
        raise InvalidRequest("주소에 쓸 수 없는 문자(NUL)가 있습니다. 등록된 것은 없습니다.")
    if "Transfer-Encoding" in request.headers:
        raise LengthRequired
    received = receive(request) if spec.takes_file else None
    raw = received.fingerprint if received else raw_body(request)
    body = decode(raw, spec.body) if spec.body else None
    check_dates(raw, body, written=request.method != "GET")
    workspace = caller.workspace(test=_is_test(request, raw))
    confine(workspace)
    call = Call(body, workspace, caller.actor, request, ids, received)
    key = request.headers.get("Idempotency-Key")
    if key and request.method != "GET":
        keyed = KeyedRequest(workspace, key, request.method or "", request.get_full_path(), raw)
        return _once(spec, handler, view, call, keyed)
    return _run(spec, handler, view, call)


def _run(
    spec: Operation,
    handler: Handler,
    view: Any,
    call: Call[Any],
    record: IdempotencyRecord | None = None,
) -> Answer:
    """The work and, when keyed, the note of its answer: one transaction where that is possible."""
    if not spec.atomic or call.request.method == "GET":
        answer = Answer(200, _encoded(spec, handler(view, call)))
        if record is not None:
            idempotency.complete(record, answer)
        return answer
    with transaction.atomic():
        answer = Answer(200, _encoded(spec, handler(view, call)))
        if record is not None:
            idempotency.complete(record, answer)
    return answer


def _once(
    spec: Operation, handler: Handler, view: Any, call: Call[Any], keyed: KeyedRequest
) -> Answer:
    claimed = idempotency.claim(keyed, may_repeat=spec.atomic)
    if isinstance(claimed, Answer):
        return claimed
    try:
        return _run(spec, handler, view, call, claimed)
    except OutstandingRequest:
        raise
    except BaseException as error:
        if spec.atomic and not _is_final(error):  # nothing was done: the same key may try again
            idempotency.release(claimed)
            raise
        refusal = error if isinstance(error, DomainError) else InternalError()
        answer = Answer(refusal.status, encode(error_body(refusal)))
        idempotency.complete(claimed, answer)
        if isinstance(error, DomainError):
            return answer
        raise


def _is_final(error: BaseException) -> bool:
    """A refusal that is true of more than this moment."""
    return isinstance(error, DomainError) and not isinstance(error, (Busy, LostRace))


def _encoded(spec: Operation, result: Any) -> bytes:
    if isinstance(result, bytes):
        return result
    return encode(Empty() if result is None else result)


def raw_body(request: HttpRequest) -> bytes:
    """JSON of a request: the `requestBody` query of a GET, else the body (contract.md a.3)."""
    if request.method in {"GET", "DELETE"} and "requestBody" in request.GET:
        return request.GET["requestBody"].encode()
    return request.body


def _is_test(request: HttpRequest, raw: bytes) -> bool:
    """Query `test`, else the body's deprecated `isForTest`, else live (contract.md a.4)."""
    asked = request.GET.get("test")
    if asked is not None:
        if asked not in {"true", "false"}:
            raise InvalidRequest("test는 true 또는 false여야 합니다.")
        return asked == "true"
    if b'"isForTest"' not in raw and b'"test"' not in raw:
        return False
    fields = decode(raw, _Deprecated)
    for flag in (fields.test, fields.is_for_test, fields.filter.is_for_test):
        if flag is not UNSET:
            return bool(flag)
    return False


class _DeprecatedFilter(Wire):
    is_for_test: bool | msgspec.UnsetType = UNSET


class _Deprecated(Wire):
    test: bool | msgspec.UnsetType = UNSET
    is_for_test: bool | msgspec.UnsetType = UNSET
    filter: _DeprecatedFilter = msgspec.field(default_factory=_DeprecatedFilter)


def error_response(error: DomainError) -> HttpResponse:
    response = HttpResponse(encode(error_body(error)), status=error.status, content_type=JSON)
    if isinstance(error, TooManyRequests):
        response["Retry-After"] = str(error.retry_after_seconds)
    return response


__all__ = ["Call", "Caller", "Operation", "WireView", "error_response"]
