"""What Korean tax law and the provider allow a tax document to say (korea-rules 2 and 7.3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _

from core.business_number import is_valid
from core.clock import Calendar
from core.money import MAX_WON, added_vat
from core.words import said
from invoices.documents import KEY_LENGTH, Content, Party, Scaled
from invoices.errors import InvalidDocument

VAT_TOLERANCE = 1_000
"""Won by which the tax may differ from 10 % of the supply amount (korea-rules 2.1)."""

MAX_ITEMS = 99
MAX_REMARKS = 3
MAX_CONTACTS = 5
DUE_DAY = 10

DOCUMENT_KEY = re.compile(rf"^[A-Za-z0-9_-]{{1,{KEY_LENGTH}}}$")
BRANCH = re.compile(r"^\d{4}$")
PARTY_LIMITS = {
    "name": ("상호", 200),
    "representative_name": ("대표자", 100),
    "address": ("주소", 300),
    "business_type": ("업태", 100),
    "business_class": ("종목", 100),
}
ITEM_LIMITS = {"name": ("품목명", 100), "spec": ("규격", 60), "remark": ("품목 비고", 100)}


def issuance_due_date(write_date: date, calendar: Calendar) -> date:
    """The 10th of the month after the write date, or the next business day (korea-rules 2.4)."""
    year, month = divmod(write_date.year * 12 + write_date.month, 12)
    return calendar.on_or_after(date(year, month + 1, DUE_DAY))


def final_return_due(write_date: date, calendar: Calendar) -> date:
    """When the VAT of this half-year must be declared at the latest."""
    is_first_half = write_date.month <= 6
    year, month = (write_date.year, 7) if is_first_half else (write_date.year + 1, 1)
    return calendar.on_or_after(date(year, month, 25))


class Lateness(StrEnum):
    ON_TIME = "ON_TIME"
    LATE = "LATE"
    NOT_ISSUED = "NOT_ISSUED"


PENALTY_RATES: dict[Lateness, tuple[int, int]] = {
    Lateness.ON_TIME: (0, 0),
    Lateness.LATE: (1_000, 500),
    Lateness.NOT_ISSUED: (2_000, 0),
}
"""Of the supply amount, supplier and recipient, in 10⁻⁵. After the final return the recipient
pays no rate but loses the whole input tax."""


def lateness(write_date: date, issued_on: date, calendar: Calendar) -> Lateness:
    """How late an issue on that day would be (korea-rules 2.4)."""
    if issued_on <= issuance_due_date(write_date, calendar):
        return Lateness.ON_TIME
    is_declarable = issued_on <= final_return_due(write_date, calendar)
    return Lateness.LATE if is_declarable else Lateness.NOT_ISSUED


# --- which document -------------------------------------------------------------------------


class Flow(StrEnum):
    """Who supplies whom: a matter of contract, never inferred (korea-rules 2.3)."""

    PARTNER_SUPPLY = "PARTNER_SUPPLY"
    PLATFORM_FEE = "PLATFORM_FEE"


@dataclass(frozen=True)
class Decision:
    """The document a settlement calls for; `reason` says why there is none."""

    issuance_type: str = ""
    taxation_type: str = ""
    reason: str = ""

    @property
    def is_needed(self) -> bool:
        return not self.reason


PARTNER_DOCUMENTS: dict[str, Decision] = {
    "NORMAL": Decision("REVERSE", "TAXABLE"),
    "SIMPLE_TAX_INVOICE_ISSUER": Decision("REVERSE", "TAXABLE"),
    "TAX_FREE": Decision("REVERSE", "FREE"),
    "SIMPLE": Decision(
        reason="세금계산서를 발행할 수 없는 간이과세자입니다. 영수증을 받아 주세요."
    ),
}


def decide_document(flow: Flow, partner_type: str, taxation_type: str) -> Decision:
    """Document for a partner of this kind (korea-rules 2.2, 2.3)."""
    if partner_type != "BUSINESS":
        return Decision(reason="사업자가 아닙니다. 원천징수나 현금영수증으로 처리합니다.")
    if flow is Flow.PLATFORM_FEE:
        return Decision("NORMAL", "TAXABLE")
    return PARTNER_DOCUMENTS.get(
        taxation_type, Decision(reason="세금계산서를 발행할 수 없는 과세 유형입니다.")
    )


# --- what a document may say -----------------------------------------------------------------


def check_content(content: Content) -> None:
    """Raise InvalidDocument with the first contradiction; nothing has been written then."""
    check_totals(content)
    check_lines(content)
    check_party(content.recipient, "공급받는자")
    if content.supplier:
        check_party(content.supplier, "공급자")
    check_extras(content)


def check_totals(content: Content) -> None:
    supply, tax, total = (
        content.total_supply_amount,
        content.total_tax_amount,
        content.total_amount,
    )
    _demand(
        max(abs(supply), abs(tax), abs(total)) <= MAX_WON,
        "저장되지 않았습니다. 금액이 너무 큽니다.",
    )
    _demand(
        supply + tax == total,
        "저장되지 않았습니다. 합계 금액 %(total)s원이 공급가액과 세액의 합과 다릅니다.",
        total=total,
    )
    if content.taxation_type == "TAXABLE":
        _demand(
            abs(tax - added_vat(supply)) <= VAT_TOLERANCE,
            "저장되지 않았습니다. "
            "세액 %(tax)s원이 공급가액의 10%%와 %(tolerance)s원 넘게 다릅니다.",
            tax=tax,
            tolerance=VAT_TOLERANCE,
        )
        _demand(supply * tax >= 0, "저장되지 않았습니다. 공급가액과 세액의 부호가 다릅니다.")
    else:
        _demand(tax == 0, "저장되지 않았습니다. 영세율과 면세 문서에는 세액이 없어야 합니다.")
    methods = (content.cash_amount, content.check_amount, content.credit_amount)
    given = [amount for amount in (*methods, content.note_amount) if amount is not None]
    _demand(
        not given or sum(given) == total,
        "저장되지 않았습니다. 현금·수표·어음·외상의 합이 합계 금액과 다릅니다.",
    )


def check_lines(content: Content) -> None:
    items = content.items
    _demand(
        len(items) <= MAX_ITEMS,
        "저장되지 않았습니다. 품목은 %(limit)s개까지입니다.",
        limit=MAX_ITEMS,
    )
    for column, total in (
        ("supply_cost_amount", content.total_supply_amount),
        ("tax_amount", content.total_tax_amount),
    ):
        amounts = [getattr(item, column) for item in items if getattr(item, column) is not None]
        _demand(
            not amounts or sum(amounts) == total,
            "저장되지 않았습니다. 품목 금액의 합이 문서의 합계와 다릅니다.",
        )
    for item in items:
        _check_lengths(item, ITEM_LIMITS)
        for number in (item.quantity, item.unit_cost_amount):
            _demand(
                number is None or 0 <= number.scale <= 2,
                "저장되지 않았습니다. 소수는 둘째 자리까지입니다.",
            )


def check_party(party: Party, side: str) -> None:
    _demand(
        not party.brn or is_valid(party.brn),
        "저장되지 않았습니다. %(side)s 사업자등록번호가 올바르지 않습니다.",
        side=side,
    )
    branch = party.tax_registration_id
    _demand(
        not branch or bool(BRANCH.match(branch)),
        "저장되지 않았습니다. %(side)s 종사업장 번호는 숫자 4자리입니다.",
        side=side,
    )
    _check_lengths(party, PARTY_LIMITS)


def check_extras(content: Content) -> None:
    _demand(
        len(content.remarks) <= MAX_REMARKS,
        "저장되지 않았습니다. 비고는 %(limit)s개까지입니다.",
        limit=MAX_REMARKS,
    )
    _demand(
        all(len(text) <= 150 for text in content.remarks),
        "저장되지 않았습니다. 비고는 150자까지입니다.",
    )
    _demand(
        len(content.additional_contacts) <= MAX_CONTACTS,
        "저장되지 않았습니다. 추가 담당자는 %(limit)s명까지입니다.",
        limit=MAX_CONTACTS,
    )
    for number in (content.book_volume, content.book_issue):
        _demand(
            number is None or 0 <= number <= 9999,
            "저장되지 않았습니다. 권과 호는 0부터 9999까지입니다.",
        )
    for key in (content.supplier_document_key, content.recipient_document_key):
        _demand(
            not key or bool(DOCUMENT_KEY.match(key)),
            "저장되지 않았습니다. 문서번호는 영문, 숫자, -, _ 로 %(limit)s자까지입니다.",
            limit=KEY_LENGTH,
        )


def plain_number(number: Scaled | None) -> str:
    """Scaled(12345, 2) as `123.45`, for people and for providers."""
    if number is None:
        return ""
    digits = str(abs(number.value)).rjust(number.scale + 1, "0")
    whole, part = digits[: len(digits) - number.scale], digits[len(digits) - number.scale :]
    sign = "-" if number.value < 0 else ""
    return f"{sign}{whole}.{part}" if part else f"{sign}{whole}"


def _check_lengths(value: object, limits: dict[str, tuple[str, int]]) -> None:
    for name, (label, limit) in limits.items():
        _demand(
            len(getattr(value, name)) <= limit,
            "저장되지 않았습니다. %(label)s: %(limit)s자까지입니다.",
            label=label,
            limit=limit,
        )


def _demand(condition: bool, sentence: str, **values: int | str) -> None:
    """Refuse with the whole sentence; `values` are the numbers and the words it names."""
    if condition:
        return
    named = {name: said(v) if isinstance(v, str) else f"{v:,}" for name, v in values.items()}
    raise InvalidDocument(_(sentence) % named if named else sentence)


# --- amendments ------------------------------------------------------------------------------

FULL_CANCEL_REASONS = frozenset({"CANCELLATION_OF_CONTRACT", "DUPLICATE_ISSUANCE_DUE_TO_ERROR"})
NEGATIVE_REASONS = frozenset({"CANCELLATION_OF_CONTRACT", "RETURN"})
ORIGINAL_DATE_REASONS = frozenset(
    {
        "CORRECTION_OF_ENTRY_ERRORS",
        "DUPLICATE_ISSUANCE_DUE_TO_ERROR",
        "LOCAL_LETTER_OF_CREDIT",
    }
)
"""Amendments dated like their original; the others carry the day of the event."""
PAIR_REASONS = frozenset({"CORRECTION_OF_ENTRY_ERRORS", "LOCAL_LETTER_OF_CREDIT"})
"""Amendments that come as two documents, both or none (korea-rules 2.5)."""


@dataclass(frozen=True)
class Sum:
    """Supply and tax in won; an amendment's are signed."""

    supply: int
    tax: int
    taxation_type: str = "TAXABLE"

    def mirrored(self) -> Sum:
        return Sum(-self.supply, -self.tax, self.taxation_type)

    def adds_to(self, original: Sum) -> bool:
        """Whether it has the original's sign; a return, itself negative, can be wrong too."""
        return self.supply * original.supply >= 0


def check_amendment(reason: str, original: Sum, earlier: Sequence[Sum], new: Sum) -> None:
    """Signs and limits of one amending document (korea-rules 2.5).

    `earlier` are the amendments of the same original that are not cancelled or refused.
    """
    may_change_type = reason in PAIR_REASONS and "FREE" not in {
        original.taxation_type,
        new.taxation_type,
    }
    _demand(
        new.taxation_type == original.taxation_type or may_change_type,
        "저장되지 않았습니다. 과세 유형은 당초 세금계산서와 같아야 합니다.",
    )
    is_full_cancel = (new.supply, new.tax) == (-original.supply, -original.tax)
    if reason in NEGATIVE_REASONS:
        _demand(
            new.supply <= 0 and new.tax <= 0,
            "저장되지 않았습니다. 이 사유의 금액은 음수여야 합니다.",
        )
    if reason in FULL_CANCEL_REASONS:
        _demand(is_full_cancel, "저장되지 않았습니다. 이 사유는 당초 금액 전부를 취소해야 합니다.")
    if reason in PAIR_REASONS:
        _demand(
            is_full_cancel or new.adds_to(original),
            "저장되지 않았습니다. 취소분은 당초 금액 전부여야 합니다.",
        )
    left = original.supply + sum(one.supply for one in earlier)
    _demand(
        new.adds_to(original) or (left + new.supply) * original.supply >= 0,
        "저장되지 않았습니다. 당초 공급가액보다 많이 줄일 수 없습니다.",
    )


def check_amendment_date(reason: str, original: date, new: date, *, cancels: bool) -> None:
    """The write date an amendment must carry (korea-rules 2.5); only what is right may differ."""
    if reason in ORIGINAL_DATE_REASONS:
        may_differ = reason == "CORRECTION_OF_ENTRY_ERRORS" and not cancels
        _demand(
            may_differ or new == original,
            "저장되지 않았습니다. 작성일은 당초 세금계산서와 같아야 합니다.",
        )
    else:
        _demand(new >= original, "저장되지 않았습니다. 작성일은 당초 작성일보다 빠를 수 없습니다.")
