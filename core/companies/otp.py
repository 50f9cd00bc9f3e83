"""Second factor: time-based codes (RFC 6238). Each code works once, guesses are counted."""

from __future__ import annotations

import pyotp
from django.db import transaction

from core import clock, crypto
from core.companies import throttle
from core.companies.models import User
from core.errors import DomainError

ISSUER = "Jeongsan"
STEP_SECONDS = 30
GUESSES = 5


class OtpNotSetUp(DomainError):
    type = "OTP_NOT_SET_UP"
    status = 403
    message = "처리하지 않았습니다. 먼저 내 정보에서 OTP를 등록해 주세요."


class OtpWrong(DomainError):
    type = "OTP_WRONG"
    status = 403
    message = "처리하지 않았습니다. OTP 번호가 맞지 않거나 이미 사용한 번호입니다."


class OtpBlocked(DomainError):
    type = "OTP_BLOCKED"
    status = 429
    message = "처리하지 않았습니다. OTP를 여러 번 틀려 15분 동안 사용할 수 없습니다."


def new_secret() -> str:
    return pyotp.random_base32()


def provisioning_uri(user: User, secret: str) -> str:
    """What the authenticator app scans."""
    return pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=ISSUER)


def is_set_up(user: User) -> bool:
    return bool(user.totp_secret_encrypted)


def set_up(*, user: User, secret: str, code: str) -> None:
    """Keep a secret once its owner has shown a code of it. Raises OtpWrong."""
    _guess(user, secret, code, last_step=0)
    user.totp_secret_encrypted = crypto.encrypt(secret)
    user.save(update_fields=["totp_secret_encrypted"])


def require_code(*, user: User, code: str) -> None:
    """Accept a fresh code or raise OtpNotSetUp, OtpWrong, OtpBlocked (contract.md h.6).

    Call it before opening a transaction: a wrong guess must stay counted. The step is spent
    by a conditional UPDATE, so one code cannot approve twice, even in the same moment.
    """
    if not is_set_up(user):
        raise OtpNotSetUp()
    secret = crypto.decrypt(user.totp_secret_encrypted)
    _guess(user, secret, code, last_step=user.totp_last_step)


def _guess(user: User, secret: str, code: str, *, last_step: int) -> None:
    keys = [f"otp:{user.pk}"]
    with transaction.atomic(durable=True):
        throttle.one_at_a_time(user)
        if throttle.is_blocked(keys, limit=GUESSES):
            raise OtpBlocked()
        step = _matching_step(secret, code.replace(" ", ""))
        accepted = step is not None and _spend(user, step, last_step)
        if accepted:
            throttle.clear(keys)
        else:
            throttle.record_failure(keys)
    if not accepted:
        raise OtpWrong()


def _matching_step(secret: str, code: str) -> int | None:
    """The time step of a code: now, or one to either side for clocks that drift."""
    now = int(clock.now().timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in (now, now - 1, now + 1):
        if pyotp.utils.strings_equal(totp.generate_otp(step), code):
            return step
    return None


def _spend(user: User, step: int, last_step: int) -> bool:
    if step <= last_step:
        return False
    fresh = User.objects.filter(pk=user.pk, totp_last_step__lt=step)
    spent = fresh.update(totp_last_step=step) == 1
    user.totp_last_step = step if spent else user.totp_last_step
    return spent
