"""Terms in words, from the snapshot that counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.companies.access import rows
from core.companies.models import Permission
from core.console.formats import percent, won
from partners.models import DatePolicy, PropertyDefinition
from settlements.queries.explain import TermsUsed

KINDS = {
    "CONTRACT": "계약",
    "DISCOUNT_SHARE": "할인 분담",
    "ADDITIONAL_FEE": "추가 수수료",
    "CALCULATOR": "계산식",
}
METHODS = {
    "CARD": "카드",
    "TRANSFER": "계좌이체",
    "VIRTUAL_ACCOUNT": "가상계좌",
    "GIFT_CERTIFICATE": "상품권",
    "MOBILE": "휴대폰",
    "EASY_PAY": "간편결제",
    "CONVENIENCE_STORE": "편의점",
    "CRYPTO": "가상자산",
}
WEEKDAYS = {
    "MON": "월",
    "TUE": "화",
    "WED": "수",
    "THU": "목",
    "FRI": "금",
    "SAT": "토",
    "SUN": "일",
}


@dataclass(frozen=True)
class TermsInWords:
    kind: str
    name: str
    version: str
    applied_at: datetime | None
    facts: list[str]


def terms_in_words(used: Iterable[TermsUsed]) -> list[TermsInWords]:
    return [
        TermsInWords(
            kind=KINDS[each.kind],
            name=each.name,
            version=f"{each.number}번째 판" if each.number else "",
            applied_at=each.applied_at,
            facts=_facts(each.kind, each.content),
        )
        for each in used
    ]


def _facts(kind: str, content: dict[str, Any]) -> list[str]:
    if kind == "CONTRACT":
        vat = content["platformFeeVatPayer"] == "PARTNER"
        facts = [
            f"수수료 {_fee(content['platformFee'])}",
            f"부가세 {'파트너' if vat else '고객사'} 부담",
            *_cycle(content["settlementCycle"]),
        ]
        return [*facts, "결제금액 부가세 감액"] if content["subtractPaymentVatAmount"] else facts
    if kind == "DISCOUNT_SHARE":
        return [f"파트너 분담 {percent(content['partnerShareRate'])}"]
    if kind == "ADDITIONAL_FEE":
        payer = "파트너" if content["vatPayer"] == "PARTNER" else "고객사"
        return [_fee(content["fee"]), f"부가세 {payer} 부담"]
    return []


def _fee(fee: dict[str, Any]) -> str:
    if fee["type"] == "FIXED_RATE":
        return percent(fee["rate"])
    return f"{won(fee['amount'])}원"


def _cycle(cycle: dict[str, Any]) -> list[str]:
    method = cycle["method"]
    when = {
        "DAILY": "매일",
        "WEEKLY": "매주 " + "·".join(WEEKDAYS[day] for day in method.get("daysOfWeek", ())),
        "MONTHLY": "매월 " + "·".join(f"{day}일" for day in method.get("daysOfMonth", ())),
        "MANUAL_DATES": "·".join(f"{d['month']}/{d['day']}" for d in method.get("dates", ())),
    }[method["type"]]
    policy = DatePolicy(cycle["datePolicy"]).label
    return [f"{when} 정산", f"지체 {cycle['lagDays']}일", str(policy)]


def seen_properties(request: Any) -> list[PropertyDefinition]:
    """Properties of transfers that this person may see."""
    defined = rows(PropertyDefinition, request.workspace).filter(object_type="TRANSFER")
    if not request.member.may(Permission.SECRET_VIEW):
        defined = defined.filter(is_secret=False)
    return list(defined.order_by("pk"))


def property_rows(request: Any, properties: dict[str, str]) -> list[tuple[str, str]]:
    """Name and value of each property of a transfer that this person may see."""
    return [
        (each.name, properties[each.key])
        for each in seen_properties(request)
        if each.key in properties
    ]
