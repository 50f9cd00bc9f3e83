"""Facts of a snapshot as people read them: 수수료율 12.5%, 매주 금, 국민은행."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.console.formats import moment, percent, registration_number, won
from core.words import said
from partners.banks import bank_name
from partners.labels import PROPERTY, key_of, label_of
from partners.models import (
    AccountStatus,
    AdditionalFeePolicy,
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


def weekday(day: str) -> str:
    """일 alone is also a day of the month."""
    return str(said(WEEKDAYS[day], "weekday"))


def weekday_choices() -> list[tuple[str, str]]:
    return [(day, weekday(day)) for day in WEEKDAYS]


def label(path: str) -> str:
    """What a fact is called, in the language of this request."""
    if path.startswith(PROPERTY):
        return _("속성:%(key)s") % {"key": key_of(path)}
    return str(said(label_of(path)))


def say(path: str, value: Any) -> str:
    """One value of a snapshot or of an event about it."""
    if value is None or value == "" or value == []:
        return str(said(NONE))
    if isinstance(value, bool):
        return str(said("예" if value else "아니오"))
    if path in RATES:
        return percent(value)
    if path in AMOUNTS:
        return _amount(value)
    if path in CHOICES:
        return str(said(CHOICES[path].get(value, value)))
    return _say_special(path, value)


def _say_special(path: str, value: Any) -> str:
    match path:
        case "account.bank":
            return str(said(bank_name(value)))
        case "type.businessRegistrationNumber":
            return registration_number(value)
        case "settlementCycle.lagDays":
            return _("%(count)s일") % {"count": value}
        case "settlementCycle.method.daysOfWeek":
            return _weekdays(value)
        case "settlementCycle.method.daysOfMonth":
            return month_days(value)
        case "settlementCycle.method.dates":
            return manual_dates(value)
        case "appliedAt":
            return moment(datetime.fromisoformat(value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {count}" for name, count in value.items()) or str(said(NONE))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _amount(won_amount: int) -> str:
    return _("%(amount)s원") % {"amount": won(won_amount)}


def _weekdays(days: Sequence[str]) -> str:
    return ", ".join(map(weekday, days))


def month_days(days: Sequence[int]) -> str:
    return ", ".join(_("말일") if day == 31 else _("%(day)s일") % {"day": day} for day in days)


def manual_dates(dates: Sequence[Mapping[str, int]]) -> str:
    return ", ".join(f"{date['month']}/{date['day']}" for date in dates)


def cycle_words(contract: Contract) -> str:
    """매월 15일, 말일 · 매주 금 · 매일 · 지정일 3/31, 6/30"""
    match contract.cycle_type:
        case CycleType.WEEKLY:
            return _("매주 %(days)s") % {"days": _weekdays(contract.cycle_days)}
        case CycleType.MONTHLY:
            return _("매월 %(days)s") % {"days": month_days(contract.cycle_days)}
        case CycleType.MANUAL_DATES:
            return _("지정일 %(dates)s") % {"dates": manual_dates(contract.cycle_days)}
    return str(said(CycleType(contract.cycle_type).label))


def fee_words(terms: Contract | AdditionalFeePolicy) -> str:
    """12.5% or 500원."""
    if terms.fee_rate is not None:
        return percent(terms.fee_rate)
    return _amount(terms.fee_amount or 0)


FOUND_TAXATION = {
    **dict(TaxationType.choices),
    "ASSIGNED_ID_NUMBER": "고유번호",
    "SPECIAL": "과세특례자",
}


def taxation_found(partner: Partner) -> str:
    """What the tax office said; it knows two types more than we let partners have."""
    return str(FOUND_TAXATION.get(partner.taxation_type_found, partner.taxation_type_found))
