"""May money go to this partner? Asked before every payout, answered with reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from core import clock
from partners.banks import BANKS
from partners.models import AccountStatus, BusinessStatus, Partner, PartnerStatus


@dataclass(frozen=True)
class Problem:
    code: str
    message: str


ACCOUNT_PROBLEMS = {
    AccountStatus.VERIFY_FAILED: "예금주가 다릅니다. 계좌를 고치거나 예금주를 확인해 주세요.",
    AccountStatus.VERIFY_ERROR: "예금주를 조회하지 못했습니다. 다시 조회해 주세요.",
    AccountStatus.NOT_VERIFIED: "예금주를 아직 조회하지 않았습니다.",
    AccountStatus.UNKNOWN: "예금주가 비슷하지만 같지 않습니다. 담당자가 확인해야 합니다.",
}
BUSINESS_WARNINGS = {
    BusinessStatus.CLOSED: "국세청 상태가 폐업입니다.",
    BusinessStatus.SUSPENDED: "국세청 상태가 휴업입니다.",
    BusinessStatus.NOT_FOUND: "국세청 상태가 미등록입니다.",
}


def payable_problems(
    partner: Partner, *, hold_hours: int = 0, now: datetime | None = None
) -> list[Problem]:
    """Why this partner must not be paid; empty means it may.

    `hold_hours`: how long a changed account waits (PlatformSetting.account_change_hold_hours).
    Foreign accounts cannot be looked up and are paid by hand, so their state is no problem.
    """
    problems = []
    if partner.status != PartnerStatus.APPROVED:
        problems.append(Problem("PARTNER_NOT_APPROVED", "승인되지 않은 파트너입니다."))
    bank = BANKS.get(partner.bank)
    if bank is None or not bank.is_payout_target:
        problems.append(Problem("BANK_NOT_PAYABLE", "이 은행으로는 지급할 수 없습니다."))
    status = AccountStatus(partner.account_status)
    if partner.currency == "KRW" and status != AccountStatus.VERIFIED:
        problems.append(Problem(f"ACCOUNT_{status}", ACCOUNT_PROBLEMS[status]))
    held_until = account_held_until(partner, hold_hours)
    if held_until is not None and (now or clock.now()) < held_until:
        until = f"{held_until.astimezone(clock.KST):%Y-%m-%d %H:%M}"
        message = _("계좌가 바뀌어 %(until)s까지 지급을 보류합니다.") % {"until": until}
        problems.append(Problem("ACCOUNT_RECENTLY_CHANGED", message))
    return problems


def account_held_until(partner: Partner, hold_hours: int) -> datetime | None:
    """Until when a changed account waits; the account a partner came with does not."""
    if not hold_hours or partner.account_changed_at <= partner.created_at:
        return None
    return partner.account_changed_at + timedelta(hours=hold_hours)


def payment_warnings(partner: Partner) -> list[Problem]:
    """What a person should know before paying; none of it forbids to pay what is owed."""
    warnings = []
    if partner.is_archived:
        warnings.append(Problem("PARTNER_ARCHIVED", "보관된 파트너입니다."))
    status = BusinessStatus(partner.business_status)
    if partner.is_business and status in BUSINESS_WARNINGS:
        warnings.append(Problem(f"BUSINESS_{status}", BUSINESS_WARNINGS[status]))
    if partner.taxation_type_found not in {"", partner.taxation_type}:
        warnings.append(
            Problem("TAXATION_TYPE_DIFFERS", "과세 유형이 국세청 조회 결과와 다릅니다.")
        )
    return warnings
