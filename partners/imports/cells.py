"""Text of one cell → value; ValueError with a sentence for people when it is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from core.companies.identifiers import PUBLIC_ID
from partners.banks import find_bank
from partners.identifiers import parse_birthdate, parse_business_number
from partners.models import PartnerType, TaxationType
from partners.services.facts import CURRENCIES

Parser = Callable[[str], Any]

SCIENTIFIC = re.compile(r"^\d(?:\.\d+)?[eE]\+?\d+$", re.ASCII)
EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


def text_up_to(length: int) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if len(text) > length:
            raise ValueError(f"{length}자까지 적을 수 있습니다. 지금 {len(text)}자입니다.")
        return text

    return parse


def public_id(text: str) -> str:
    if not PUBLIC_ID.fullmatch(text):
        raise ValueError("아이디는 영문, 숫자, '_ . : -'로 100자까지입니다.")
    return text


def _key(text: str) -> str:
    return re.sub(r"[\s()_]", "", text).casefold()


def one_of(choices: type[PartnerType] | type[TaxationType], **others: str) -> Parser:
    names = {_key(str(name)): str(value) for value, name in choices.choices}
    names |= {_key(str(value)): str(value) for value, _ in choices.choices} | others
    labels = " · ".join(str(label) for label in choices.labels)

    def parse(text: str) -> str:
        found = names.get(_key(text))
        if found is None:
            raise ValueError(f"{labels} 가운데 하나여야 합니다.")
        return found

    return parse


partner_type = one_of(PartnerType, 개인사업자="BUSINESS", 법인사업자="BUSINESS")
taxation_type = one_of(TaxationType, 일반과세자="NORMAL", 면세사업자="TAX_FREE")


def business_number(text: str) -> str:
    return parse_business_number(text, test=True)


def birthdate(text: str) -> str:
    return parse_birthdate(text.split(" ")[0]).isoformat()


def bank(text: str) -> str:
    found = find_bank(text)
    if found is None:
        raise ValueError("모르는 은행입니다. 은행 이름(국민은행)이나 코드(004)를 적어 주세요.")
    if not found.accepts_partners:
        raise ValueError("이 은행 계좌로는 지급할 수 없습니다.")
    return found.id


def account_number(text: str) -> str:
    if SCIENTIFIC.match(text):
        raise ValueError("엑셀이 숫자를 줄였습니다. 열을 '텍스트'로 바꾸고 다시 적어 주세요.")
    return text_up_to(40)(text)


def currency(text: str) -> str:
    if text.upper() not in CURRENCIES:
        raise ValueError(f"정산할 수 있는 통화는 {', '.join(sorted(CURRENCIES))}입니다.")
    return text.upper()


def email(text: str) -> str:
    if not EMAIL.match(text):
        raise ValueError("이메일 주소가 아닙니다.")
    return text_up_to(254)(text)


def tags(text: str) -> list[str]:
    found = [tag.strip() for tag in re.split(r"[;,\n]", text) if tag.strip()]
    if len(found) > 10 or any(len(tag) > 50 for tag in found):
        raise ValueError("태그는 10개까지, 하나에 50자까지입니다.")
    return found
