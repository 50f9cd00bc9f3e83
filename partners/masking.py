"""What may be seen of a person (korea-rules 1.4)."""

from __future__ import annotations

from core.business_number import normalised
from core.crypto import masked


def masked_resident_number(digits: str, *, shows_sex: bool = False) -> str:
    plain = normalised(digits)
    seen = plain[6] if shows_sex else "*"
    return f"{plain[:6]}-{seen}******"


def masked_account(number: str) -> str:
    return masked(number)


def masked_name(name: str) -> str:
    """First and last syllable: 홍*동; of two only the first: 김*."""
    if len(name) < 3:
        return name[:1] + "*" * (len(name) - 1) if len(name) == 2 else "*" * len(name)
    return name[0] + "*" * (len(name) - 2) + name[-1]


def masked_phone(phone: str) -> str:
    digits = normalised(phone)
    area = 2 if digits.startswith("02") else 3
    return f"{digits[:area]}-****-{digits[-4:]}" if len(digits) >= 8 else "*" * len(digits)


def masked_email(email: str) -> str:
    local, at, domain = email.partition("@")
    shown = local[:2] if len(local) > 2 else local[:1]
    return f"{shown}{'*' * (len(local) - len(shown))}{at}{domain}"
