"""Numbers that identify a business or a person: shape, dates, hints (korea-rules 1).

A right shape proves nothing; only a registry look-up does.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from core import clock
from core.business_number import formatted, is_valid, normalised

__all__ = [
    "ResidentNumber",
    "business_kind_hint",
    "corporate_number_warning",
    "formatted",
    "parse_birthdate",
    "parse_business_number",
    "parse_resident_number",
]

DUMMIES = frozenset({"8888888888", "1234567891"})
"""Pass the check digit, belong to nobody: sample code is full of them."""

CENTURIES = {"1": 19, "2": 19, "3": 20, "4": 20, "5": 19, "6": 19, "7": 20, "8": 20, "9": 18}
"""Century by the seventh digit of a resident number; 0 is the 1800s too."""

RESIDENT_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)


def parse_business_number(text: str, *, test: bool = False) -> str:
    """Ten digits, or ValueError with a sentence for people; dummies pass in test mode only."""
    plain = unicodedata.normalize("NFKC", text)
    digits = normalised(plain)
    if re.search(r"[^\d\s-]", plain) or len(digits) != 10:
        raise ValueError("사업자등록번호는 숫자 10자리여야 합니다.")
    if not is_valid(digits) or (digits in DUMMIES and not test):
        raise ValueError("사업자등록번호가 올바르지 않습니다. 번호를 다시 확인해 주세요.")
    return digits


def business_kind_hint(digits: str) -> str:
    """What the middle digits suggest; a hint for forms, never a decision."""
    group = int(digits[3:5])
    if 1 <= group <= 79:
        return "INDIVIDUAL_TAXABLE"
    if group >= 90:
        return "INDIVIDUAL_TAX_EXEMPT"
    return {
        80: "OTHER_ORG_OR_MLM",
        82: "NONPROFIT_CORP",
        83: "GOVERNMENT",
        84: "FOREIGN_CORP",
        85: "CORPORATION_BRANCH",
        89: "RELIGIOUS_GROUP",
    }.get(group, "CORPORATION_HQ" if group in {81, 86, 87, 88} else "")


def corporate_number_warning(text: str) -> str:
    """A sentence when a 법인등록번호 looks wrong, else empty: the rule may have changed in 2025."""
    digits = normalised(text)
    if len(digits) != 13:
        return "법인등록번호는 보통 숫자 13자리입니다."
    total = sum(int(d) * (1 + index % 2) for index, d in enumerate(digits[:12]))
    if (10 - total % 10) % 10 != int(digits[12]):
        return "법인등록번호의 검증 숫자가 예전 규칙과 다릅니다. 번호를 확인해 주세요."
    return ""


def parse_birthdate(text: str) -> date:
    """yyMMdd, yyyyMMdd or yyyy-MM-dd (contract.md c.1); a two-digit year is the latest past one."""
    digits = re.sub(r"[\s./-]", "", unicodedata.normalize("NFKC", text))
    today = clock.today()
    try:
        if len(digits) == 6:
            born = _date(f"{today.year // 100}{digits}")
            born = born if born <= today else _date(f"{today.year // 100 - 1}{digits}")
        else:
            born = _date(digits)
    except ValueError:
        raise ValueError("생년월일은 1990-01-31처럼 적어 주세요.") from None
    if not date(1900, 1, 1) <= born <= today:
        raise ValueError("생년월일이 올바른 날짜가 아닙니다.")
    return born


def _date(digits: str) -> date:
    if not re.fullmatch(r"[0-9]{8}", digits):
        raise ValueError(digits)
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


@dataclass(frozen=True)
class ResidentNumber:
    """주민등록번호 or 외국인등록번호. `old_checksum` is information only: since October 2020
    numbers are issued without one."""

    digits: str
    birthdate: date
    is_foreigner: bool
    old_checksum: bool


def parse_resident_number(text: str) -> ResidentNumber:
    """Thirteen digits with a real birth date, or ValueError; never refused for its checksum."""
    plain = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text))
    if not re.fullmatch(r"[0-9]{13}", plain):
        raise ValueError("주민등록번호는 숫자 13자리여야 합니다.")
    try:
        born = _date(f"{CENTURIES.get(plain[6], 18)}{plain[:6]}")
    except ValueError:
        raise ValueError("주민등록번호의 생년월일이 올바른 날짜가 아닙니다.") from None
    foreigner = plain[6] in "5678"
    return ResidentNumber(plain, born, foreigner, _old_checksum(plain, foreigner=foreigner))


def _old_checksum(digits: str, *, foreigner: bool) -> bool:
    total = sum(int(d) * w for d, w in zip(digits, RESIDENT_WEIGHTS, strict=False))
    return ((13 if foreigner else 11) - total % 11) % 10 == int(digits[12])
