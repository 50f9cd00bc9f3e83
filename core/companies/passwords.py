"""The password once more, for what whoever found a session open must not do."""

from __future__ import annotations

from django.db import transaction

from core.companies import throttle
from core.companies.models import User
from core.errors import DomainError


class PasswordWrong(DomainError):
    type = "PASSWORD_WRONG"
    status = 403
    message = "바꾸지 않았습니다. 지금 비밀번호가 맞지 않습니다."


class PasswordBlocked(DomainError):
    type = "PASSWORD_BLOCKED"
    status = 429
    message = "바꾸지 않았습니다. 비밀번호를 여러 번 틀려 15분 동안 바꿀 수 없습니다."


def require_password(*, user: User, password: str) -> None:
    """Accept the password in force or raise PasswordWrong, PasswordBlocked.

    Call it before opening a transaction: a wrong guess must stay counted.
    """
    keys = [f"password:{user.pk}"]
    with transaction.atomic(durable=True):
        throttle.one_at_a_time(user)
        if throttle.is_blocked(keys):
            raise PasswordBlocked()
        is_right = user.check_password(password)
        if is_right:
            throttle.clear(keys)
        else:
            throttle.record_failure(keys)
    if not is_right:
        raise PasswordWrong()
