"""Errors of the API as a whole (contract.md a.6); each operation adds its own."""

from __future__ import annotations

from typing import Any

from core.errors import DomainError


class Unauthorized(DomainError):
    type = "UNAUTHORIZED"
    status = 401
    message = "API 시크릿이 없거나 올바르지 않습니다."


class RouteNotFound(DomainError):
    type = "NOT_FOUND"
    status = 404
    message = "없는 주소입니다."


class MethodNotAllowed(DomainError):
    type = "METHOD_NOT_ALLOWED"
    status = 405
    message = "이 주소에서 쓸 수 없는 메서드입니다."


class BodyTooLarge(DomainError):
    type = "REQUEST_TOO_LARGE"
    status = 413
    message = "요청 본문이 너무 큽니다. 등록된 것은 없습니다."


class LengthRequired(DomainError):
    """Django reads as many bytes as were announced: a chunked body would look empty."""

    type = "LENGTH_REQUIRED"
    status = 411
    message = "Content-Length 없이 나눠 보낸 본문은 받지 않습니다. 등록된 것은 없습니다."


class AddressTooLong(DomainError):
    type = "REQUEST_URI_TOO_LONG"
    status = 414
    message = "요청 주소가 너무 깁니다. 조건을 나눠 보내 주세요. 등록된 것은 없습니다."


class HeadersTooLarge(DomainError):
    type = "REQUEST_HEADERS_TOO_LARGE"
    status = 431
    message = "요청 헤더가 너무 큽니다. 등록된 것은 없습니다."


class TooManyRequests(DomainError):
    type = "TOO_MANY_REQUESTS"
    status = 429
    message = "요청이 너무 많습니다. 잠시 뒤 다시 보내 주세요. 등록된 것은 없습니다."

    def __init__(self, message: str = "", *, retry_after_seconds: int = 1) -> None:
        self.retry_after_seconds = max(retry_after_seconds, 1)
        super().__init__(message)


class OutstandingRequest(DomainError):
    type = "IDEMPOTENCY_OUTSTANDING_REQUEST"
    status = 409
    message = "같은 멱등 키의 요청이 아직 처리 중입니다."


class InternalError(DomainError):
    type = "INTERNAL_ERROR"
    status = 500
    message = "서버 오류로 처리하지 못했습니다. 결과를 조회로 확인해 주세요."


def error_body(error: DomainError) -> dict[str, Any]:
    return {"type": error.type, "message": error.message, **error.extra}
