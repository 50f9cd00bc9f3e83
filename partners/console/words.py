"""Facts of a snapshot as people read them: 수수료율 12.5%, 매주 금, 국민은행."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.console.formats import moment, percent, registration_number, won
from partners.banks import bank_name
from partners.models import (
    AccountStatus,
    BusinessStatus,
    ConnectionStatus,
    Contract,
    CycleType,
    DatePolicy,
    Partner,
    PartnerStatus,
    PartnerType,
    SettlementAmountType,
    TaxationType,
    VatPayer,
)

WEEKDAYS = {
    "SUN": "일",
    "MON": "월",
    "TUE": "화",
    "WED": "수",
    "THU": "목",
    "FRI": "금",
    "SAT": "토",
}
FEE_KINDS = {"FIXED_RATE": "정률", "FIXED_AMOUNT": "정액"}
CHOICES: dict[str, Mapping[str, Any]] = {
    "platformFee.type": FEE_KINDS,
    "fee.type": FEE_KINDS,
    "platformFeeVatPayer": dict(VatPayer.choices),
    "vatPayer": dict(VatPayer.choices),
    "settlementCycle.datePolicy": dict(DatePolicy.choices),
    "settlementCycle.method.type": dict(CycleType.choices),
    "status": dict(PartnerStatus.choices),
    "account.status": dict(AccountStatus.choices),
    "account_status": dict(AccountStatus.choices),
    "business_status": dict(BusinessStatus.choices),
    "connection_status": dict(ConnectionStatus.choices),
    "type.type": dict(PartnerType.choices),
    "type.taxationType": dict(TaxationType.choices),
    "type.businessStatus": dict(BusinessStatus.choices),
    "type.memberCompanyConnectionStatus": dict(ConnectionStatus.choices),
    "settlementAmountType": dict(SettlementAmountType.choices),
}
RATES = frozenset({"platformFee.rate", "fee.rate", "partnerShareRate"})
AMOUNTS = frozenset({"platformFee.amount", "fee.amount"})
NONE = "없음"


def say(path: str, value: Any) -> str:
    """One value of a snapshot or of an event about it."""
    if value is None or value == "" or value == []:
        return NONE
    if isinstance(value, bool):
        return "예" if value else "아니오"
    if path in RATES:
        return percent(value)
    if path in AMOUNTS:
        return f"{won(value)}원"
    if path in CHOICES:
        return str(CHOICES[path].get(value, value))
    return _say_special(path, value)


def _say_special(path: str, value: Any) -> str:
    match path:
        case "account.bank":
            return bank_name(value)
        case "type.businessRegistrationNumber":
            return registration_number(value)
        case "settlementCycle.lagDays":
            return f"{value}일"
        case "settlementCycle.method.daysOfWeek":
            return ", ".join(WEEKDAYS[day] for day in value)
        case "settlementCycle.method.daysOfMonth":
            return month_days(value)
        case "settlementCycle.method.dates":
            return manual_dates(value)
        case "appliedAt":
            return moment(datetime.fromisoformat(value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {count}" for name, count in value.items()) or NONE
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def month_days(days: Sequence[int]) -> str:
    return ", ".join("말일" if day == 31 else f"{day}일" for day in days)


def manual_dates(dates: Sequence[Mapping[str, int]]) -> str:
    return ", ".join(f"{date['month']}/{date['day']}" for date in dates)


def cycle_words(contract: Contract) -> str:
    """매월 15일, 말일 · 매주 금 · 매일 · 지정일 3/31, 6/30"""
    label = CycleType(contract.cycle_type).label
    match contract.cycle_type:
        case CycleType.WEEKLY:
            return f"{label} {', '.join(WEEKDAYS[day] for day in contract.cycle_days)}"
        case CycleType.MONTHLY:
            return f"{label} {month_days(contract.cycle_days)}"
        case CycleType.MANUAL_DATES:
            return f"{label} {manual_dates(contract.cycle_days)}"
    return str(label)


def fee_words(rate: int | None, amount: int | None) -> str:
    """12.5% or 500원."""
    if rate is not None:
        return percent(rate)
    return f"{won(amount or 0)}원"


FOUND_TAXATION = {
    **dict(TaxationType.choices),
    "ASSIGNED_ID_NUMBER": "고유번호",
    "SPECIAL": "과세특례자",
}


def taxation_found(partner: Partner) -> str:
    """What the tax office said; it knows two types more than we let partners have."""
    return str(FOUND_TAXATION.get(partner.taxation_type_found, partner.taxation_type_found))
