"""Terms in words, from the snapshot that counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.companies.access import rows
from core.console.formats import percent, sum_in, won
from core.errors import DomainError
from core.words import said
from partners.models import DatePolicy, PropertyDefinition
from partners.queries import seen_properties
from settlements.digest import digest_of
from settlements.errors import TransferAlreadyExists, TransferIdAlreadyUsed
from settlements.models import Transfer
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
"""Said as weekdays: 월 and 일 alone are months and days."""

CYCLES = {
    "DAILY": "매일 정산",
    "WEEKLY": "매주 %(days)s 정산",
    "MONTHLY": "매월 %(days)s 정산",
    "MANUAL_DATES": "%(days)s 정산",
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
            kind=said(KINDS[each.kind]),
            name=said(each.name) if each.kind == "CALCULATOR" else each.name,
            version=_("%(number)s번째 판") % {"number": each.number} if each.number else "",
            applied_at=each.applied_at,
            facts=_facts(each.kind, each.content),
        )
        for each in used
    ]


def _facts(kind: str, content: dict[str, Any]) -> list[str]:
    if kind == "CONTRACT":
        facts = [
            _("수수료 %(fee)s") % {"fee": _fee(content["platformFee"])},
            _vat_payer(content["platformFeeVatPayer"]),
            *_cycle(content["settlementCycle"]),
        ]
        return [*facts, _("결제금액 부가세 감액")] if content["subtractPaymentVatAmount"] else facts
    if kind == "DISCOUNT_SHARE":
        return [_("파트너 분담 %(rate)s") % {"rate": percent(content["partnerShareRate"])}]
    if kind == "ADDITIONAL_FEE":
        return [_fee(content["fee"]), _vat_payer(content["vatPayer"])]
    return []


def _vat_payer(payer: str) -> str:
    return _("부가세 파트너 부담") if payer == "PARTNER" else _("부가세 고객사 부담")


def _fee(fee: dict[str, Any]) -> str:
    if fee["type"] == "FIXED_RATE":
        return percent(fee["rate"])
    return _("%(amount)s원") % {"amount": won(fee["amount"])}


def _cycle(cycle: dict[str, Any]) -> list[str]:
    method = cycle["method"]
    said_days: dict[str, Iterable[str]] = {
        "DAILY": (),
        "WEEKLY": (said(WEEKDAYS[day], "weekday") for day in method.get("daysOfWeek", ())),
        "MONTHLY": (
            _("%(day_of_month)s일") % {"day_of_month": day} for day in method.get("daysOfMonth", ())
        ),
        "MANUAL_DATES": (f"{d['month']}/{d['day']}" for d in method.get("dates", ())),
    }
    return [
        _(CYCLES[method["type"]]) % {"days": "·".join(said_days[method["type"]])},
        _("지체 %(days)s일") % {"days": cycle["lagDays"]},
        str(said(DatePolicy(cycle["datePolicy"]).label)),
    ]


def problem_of(error: DomainError) -> str:
    """Why, where nobody meant to register anything: without saying that nothing was."""
    message: str = said(error.message)
    return message.removeprefix(_("등록하지 않았습니다. "))


def seen_transfer_properties(request: Any) -> list[PropertyDefinition]:
    """Properties of transfers that this person may see."""
    seen = seen_properties(request.workspace, request.actor)
    return [each for each in seen if each.object_type == "TRANSFER"]


def property_rows(request: Any, properties: dict[str, str]) -> list[tuple[str, str]]:
    """Name and value of each property of a transfer that this person may see."""
    return [
        (each.name, properties[each.key])
        for each in seen_transfer_properties(request)
        if each.key in properties
    ]


def in_words(transfer: Transfer) -> str:
    """−1,000원, 1,000 USD: what it adds to the payout."""
    return sum_in(transfer.signed_amount, transfer.settlement_currency)


def twin_of(request: Any, error: DomainError, public_id: str) -> Transfer | None:
    """What the same press of the button registered before: sent twice, it is registered once."""
    if not isinstance(error, TransferAlreadyExists | TransferIdAlreadyUsed):
        return None
    found = rows(Transfer, request.workspace).filter(public_id=public_id).first()
    is_same = found is not None and digest_of(found) == request.POST.get("shown")
    return found if is_same else None
