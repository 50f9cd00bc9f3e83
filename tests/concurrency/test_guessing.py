"""Many guesses of one moment are as few as guesses one after the other."""

from __future__ import annotations

import pyotp
import pytest

from core import clock
from core.companies import otp, passwords, throttle
from core.companies.models import User
from core.companies.passwords import PasswordWrong, require_password
from tests.concurrency.racing import Meeting, at_once


@pytest.fixture
def user(transactional_db) -> User:
    return User.objects.create_member_user(email="o@a.example", name="오나", password="right one")


@pytest.fixture
def meeting(monkeypatch) -> Meeting:
    return Meeting(monkeypatch)


def last_guesses(user: User, meeting: Meeting) -> list[type]:
    """Two at once, where one is left."""
    secret = otp.new_secret()
    otp.set_up(user=user, secret=secret, code=pyotp.TOTP(secret).at(clock.now()))
    throttle.record_failure([f"otp:{user.pk}"] * (otp.GUESSES - 1))
    meeting.before(otp, "_matching_step")

    def guess() -> None:
        otp.require_code(user=User.objects.get(pk=user.pk), code="000000")

    return [type(refusal) for refusal in at_once(guess, guess)]


def test_the_last_guess_of_a_code_is_one(user, meeting) -> None:
    assert set(last_guesses(user, meeting)) == {otp.OtpWrong, otp.OtpBlocked}


def test_control_without_waiting_both_are_looked_at(user, meeting, monkeypatch) -> None:
    monkeypatch.setattr(throttle, "one_at_a_time", lambda user: None)
    assert last_guesses(user, meeting) == [otp.OtpWrong, otp.OtpWrong]


def test_the_last_guess_of_a_password_is_one(user, meeting, monkeypatch) -> None:
    throttle.record_failure([f"password:{user.pk}"] * (throttle.LIMIT - 1))
    meeting.before(User, "check_password")

    def guess() -> None:
        require_password(user=User.objects.get(pk=user.pk), password="wrong")

    found = {type(refusal) for refusal in at_once(guess, guess)}
    assert found == {PasswordWrong, passwords.PasswordBlocked}
