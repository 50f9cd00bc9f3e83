"""A bank and a tax office to try things on: they believe us unless told, or asked by a magic
number, to answer otherwise. What they were told lies in a journal of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from django.conf import settings

from core.sandbox import Book, Journal
from partners.models import BusinessStatus, TaxationType
from partners.providers.base import (
    AccountUnknown,
    BusinessFacts,
    BusinessQuery,
    CompanyInfo,
    HolderQuery,
    LookUpFailed,
    LookUpSilent,
)

STRANGER = "다른예금주"
SHOP = "(상회)"
CLOSED_ON = date(2024, 3, 31)

MAGIC_ACCOUNTS = {
    "998001": "예금주가 다름",
    "998002": "예금주가 비슷함 (확인 필요)",
    "998003": "없는 계좌",
    "998004": "조회 오류",
    "998005": "응답 없음",
}
"""What an account number with this ending always gets."""

MAGIC_BUSINESSES = {
    "9902": "휴업",
    "9903": "폐업",
    "9904": "미등록",
    "9905": "조회 오류",
    "9906": "간이 과세 (세금계산서 미발행)",
    "9907": "간이 과세 (세금계산서 발행)",
}
"""What a registration number with these four digits before its check digit always gets."""


class Mood(StrEnum):
    WELL = "WELL"
    FAILING = "FAILING"
    SILENT = "SILENT"


def registry_journal() -> Journal:
    return Journal(settings.SANDBOX_DIR / "registry.sqlite3")


def set_mood(provider: str, mood: Mood) -> None:
    """Let `holders` or `businesses` fail or fall silent, or be well again."""
    with registry_journal().write() as book:
        if not book.put("mood", provider, mood, {}):
            book.update("mood", provider, mood, {})


def open_account(bank: str, number: str, holder: str) -> None:
    """Tell the sandbox bank who really holds an account."""
    _tell("account", f"{bank}:{number}", {"holder": holder})


def register_business(
    number: str, *, status: str, taxation_type: str = "", closed_suspended_on: str = ""
) -> None:
    """Tell the sandbox tax office about a business."""
    facts = {"status": status, "taxation_type": taxation_type, "closed_on": closed_suspended_on}
    _tell("business", number, facts)


def _tell(kind: str, key: str, body: dict[str, str]) -> None:
    with registry_journal().write() as book:
        if not book.put(kind, key, "KNOWN", body):
            book.update(kind, key, "KNOWN", body)


class SandboxHolderCheck:
    concurrency = 8

    def look_up(self, query: HolderQuery) -> str:
        with registry_journal().read() as book:
            _be_in_mood(book, "holders")
            account = book.get("account", f"{query.bank}:{query.number}")
        if account is not None:
            return str(account.body["holder"])
        return _magic_holder(query)


def _magic_holder(query: HolderQuery) -> str:
    believed = query.claimed_holder or f"예금주{query.number[-4:]}"
    match query.number[-6:]:
        case "998001":
            return STRANGER
        case "998002":
            return believed + SHOP
        case "998003":
            raise AccountUnknown
        case "998004":
            raise LookUpFailed("은행이 조회를 거절했습니다.")
        case "998005":
            raise LookUpSilent("은행이 응답하지 않습니다.")
    return believed


class SandboxBusinessRegistry:
    batch_size = 100

    def statuses(self, queries: Sequence[BusinessQuery]) -> dict[str, BusinessFacts]:
        with registry_journal().read() as book:
            _be_in_mood(book, "businesses")
            told = book.get_many("business", [query.number for query in queries])
        return {
            query.number: _told_facts(query.number, told[query.number].body)
            if query.number in told
            else _magic_facts(query)
            for query in queries
        }


def _told_facts(number: str, body: dict[str, str]) -> BusinessFacts:
    closed_on = body["closed_on"]
    return BusinessFacts(
        number,
        body["status"],
        body["taxation_type"],
        closed_suspended_on=date.fromisoformat(closed_on) if closed_on else None,
    )


def _magic_facts(query: BusinessQuery) -> BusinessFacts:
    number = query.number
    taxation = query.claimed_taxation_type or TaxationType.NORMAL.value
    match number[5:9]:
        case "9902":
            return BusinessFacts(number, BusinessStatus.SUSPENDED, taxation, None, CLOSED_ON)
        case "9903":
            return BusinessFacts(number, BusinessStatus.CLOSED, taxation, None, CLOSED_ON)
        case "9904":
            return BusinessFacts(number, BusinessStatus.NOT_FOUND)
        case "9905":
            return BusinessFacts(number, BusinessStatus.VERIFY_ERROR)
        case "9906":
            taxation = TaxationType.SIMPLE.value
        case "9907":
            taxation = TaxationType.SIMPLE_TAX_INVOICE_ISSUER.value
    return BusinessFacts(number, BusinessStatus.IN_BUSINESS, taxation)


class SandboxCompanyDirectory:
    def look_up(self, number: str) -> CompanyInfo | None:
        with registry_journal().read() as book:
            _be_in_mood(book, "businesses")
        if number[5:9] == "9904":
            return None
        return CompanyInfo(
            number=number,
            name=f"상회 {number[-5:]}",
            representative_name="홍길동",
            address="서울특별시 중구 세종대로 110",
            business_type="소매업",
            business_class="전자상거래 소매업",
            zip_code="04524",
            entity_type="법인사업자" if number[3:5] in {"81", "86", "87", "88"} else "개인사업자",
            category_code="525101",
            opened_on="2020-01-02",
        )


def _be_in_mood(book: Book, provider: str) -> None:
    record = book.get("mood", provider)
    if record is not None and record.state == Mood.FAILING:
        raise LookUpFailed("기관이 오류를 답했습니다.")
    if record is not None and record.state == Mood.SILENT:
        raise LookUpSilent("기관이 응답하지 않습니다.")
