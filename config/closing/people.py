"""Who runs a month from the command line: a maker and a checker, as in the console."""

from __future__ import annotations

from dataclasses import dataclass
from time import sleep

import pyotp

from core import clock, crypto
from core.companies import otp
from core.companies.models import Company, Member, Permission, User
from core.errors import Conflict
from core.events.actors import Actor


@dataclass(frozen=True)
class Crew:
    maker: Actor
    checker: Actor
    checker_member: Member


def one_time_code(user: User) -> str:
    """A code not used yet of the checker's authenticator, which lives on this machine in a demo.

    Codes work once; the next one is accepted a step early, the one after it is waited for.
    """
    if not otp.is_set_up(user):
        secret = otp.new_secret()
        user.totp_secret_encrypted = crypto.encrypt(secret)
        user.save(update_fields=["totp_secret_encrypted"])
    user.refresh_from_db(fields=["totp_last_step"])
    step = max(_step_now(), user.totp_last_step + 1)
    while step > _step_now() + 1:
        sleep(1)
    return pyotp.TOTP(crypto.decrypt(user.totp_secret_encrypted)).generate_otp(step)


def _step_now() -> int:
    return int(clock.now().timestamp()) // otp.STEP_SECONDS


def crew_of(company: Company) -> Crew:
    """Two different members who may pay; the second approves what the first asks for."""
    members = [
        member
        for member in company.members.select_related("user").filter(is_active=True).order_by("pk")
        if member.may(Permission.PAYOUT_WRITE) and member.may(Permission.PAYOUT_APPROVE)
    ]
    if len(members) < 2:
        raise Conflict(
            "지급하지 않았습니다. 지급 권한이 있는 구성원이 두 명 필요합니다 (요청자와 승인자)."
        )
    checker, maker = members[0], members[1]
    return Crew(Actor.member(maker), Actor.member(checker), checker)
