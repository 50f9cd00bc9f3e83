"""A code works once, for its owner, and guesses run out."""

from __future__ import annotations

import pyotp
import pytest

from core import clock
from core.companies import otp
from core.companies.models import User


@pytest.fixture
def user(db):
    return User.objects.create_member_user(email="o@a.example", name="오나", password=None)


def code(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(clock.now().timestamp()) + steps * 30)


@pytest.fixture
def secret(user):
    value = otp.new_secret()
    otp.set_up(user=user, secret=value, code=code(value, -1))
    return value


def test_the_secret_is_encrypted_at_rest(user, secret):
    user.refresh_from_db()
    assert otp.is_set_up(user)
    assert secret not in user.totp_secret_encrypted


def test_without_a_shown_code_nothing_is_set_up(user):
    with pytest.raises(otp.OtpWrong):
        otp.set_up(user=user, secret=otp.new_secret(), code="000000")
    user.refresh_from_db()
    assert not otp.is_set_up(user)


def test_a_code_works_once(user, secret):
    otp.require_code(user=user, code=code(secret))
    with pytest.raises(otp.OtpWrong):
        otp.require_code(user=user, code=code(secret))


def test_a_code_spent_by_another_process_is_spent(user, secret):
    other = User.objects.get(pk=user.pk)
    otp.require_code(user=other, code=code(secret))
    with pytest.raises(otp.OtpWrong):
        otp.require_code(user=user, code=code(secret))


def test_spaces_are_forgiven_and_drift_of_one_step(user, secret):
    later = code(secret, 1)
    otp.require_code(user=user, code=f"{later[:3]} {later[3:]}")


def test_an_old_code_is_refused(user, secret):
    with pytest.raises(otp.OtpWrong):
        otp.require_code(user=user, code=code(secret, -3))


def test_five_wrong_guesses_block_even_the_right_code(user, secret):
    for _ in range(5):
        with pytest.raises(otp.OtpWrong):
            otp.require_code(user=user, code="000000")
    with pytest.raises(otp.OtpBlocked):
        otp.require_code(user=user, code=code(secret))


def test_someone_without_otp_is_told_to_set_it_up(user):
    with pytest.raises(otp.OtpNotSetUp):
        otp.require_code(user=user, code="123456")
