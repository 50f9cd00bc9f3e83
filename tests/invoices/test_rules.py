"""Deadlines, document choice, contents and amendments as the law has them."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import Calendar
from invoices import rules
from invoices.documents import (
    Contact,
    Content,
    Item,
    Party,
    Scaled,
    content_from,
    document_key,
    to_wire,
)
from invoices.errors import InvalidDocument
from invoices.rules import Flow, Lateness, Sum

CALENDAR = Calendar()
SUPPLIER = Party(brn="1248100998", name="공급", contact=Contact("a@example.com"))
RECIPIENT = Party(brn="2208162517", name="받음", contact=Contact("b@example.com"))
CONTENT = Content(
    taxation_type="TAXABLE",
    write_date=date(2026, 3, 31),
    purpose_type="INVOICE",
    total_supply_amount=100_000,
    total_tax_amount=10_000,
    total_amount=110_000,
    recipient=RECIPIENT,
    supplier=SUPPLIER,
    items=(Item(name="정산 대금", supply_cost_amount=100_000, tax_amount=10_000),),
)


@pytest.mark.parametrize(
    ("write_date", "due"),
    [
        (date(2026, 3, 31), date(2026, 4, 10)),
        (date(2024, 1, 31), date(2024, 2, 13)),  # Saturday, then Lunar New Year
        (date(2024, 3, 15), date(2024, 4, 11)),  # general election day
        (date(2025, 12, 31), date(2026, 1, 12)),  # over the year's end, a Saturday
        (date(2026, 9, 1), date(2026, 10, 12)),  # a Saturday
    ],
)
def test_due_date_is_the_tenth_or_the_next_business_day(write_date: date, due: date) -> None:
    assert rules.issuance_due_date(write_date, CALENDAR) == due


@pytest.mark.parametrize(
    ("issued_on", "expected"),
    [
        (date(2026, 4, 10), Lateness.ON_TIME),
        (date(2026, 4, 11), Lateness.LATE),
        (date(2026, 7, 27), Lateness.LATE),  # 25 July is a Saturday
        (date(2026, 7, 28), Lateness.NOT_ISSUED),
    ],
)
def test_lateness_has_two_steps(issued_on: date, expected: Lateness) -> None:
    assert rules.lateness(date(2026, 3, 31), issued_on, CALENDAR) is expected


@pytest.mark.parametrize(
    ("flow", "partner_type", "taxation_type", "expected"),
    [
        (Flow.PARTNER_SUPPLY, "BUSINESS", "NORMAL", ("REVERSE", "TAXABLE")),
        (Flow.PARTNER_SUPPLY, "BUSINESS", "SIMPLE_TAX_INVOICE_ISSUER", ("REVERSE", "TAXABLE")),
        (Flow.PARTNER_SUPPLY, "BUSINESS", "TAX_FREE", ("REVERSE", "FREE")),
        (Flow.PARTNER_SUPPLY, "BUSINESS", "SIMPLE", ("", "")),
        (Flow.PARTNER_SUPPLY, "WHT_PAYER", "", ("", "")),
        (Flow.PLATFORM_FEE, "BUSINESS", "SIMPLE", ("NORMAL", "TAXABLE")),
        (Flow.PLATFORM_FEE, "BUSINESS", "TAX_FREE", ("NORMAL", "TAXABLE")),
        (Flow.PLATFORM_FEE, "WHT_PAYER", "", ("", "")),
    ],
)
def test_the_partner_decides_the_document(
    flow: Flow, partner_type: str, taxation_type: str, expected: tuple[str, str]
) -> None:
    decision = rules.decide_document(flow, partner_type, taxation_type)
    assert (decision.issuance_type, decision.taxation_type) == expected
    assert decision.is_needed == (expected != ("", ""))


def test_a_sound_document_passes() -> None:
    rules.check_content(CONTENT)


@pytest.mark.parametrize(
    "wrong",
    [
        {"total_amount": 110_001},
        {"total_tax_amount": 12_000, "total_amount": 112_000, "items": ()},
        {"total_tax_amount": -10_000, "total_amount": 90_000, "items": ()},
        {"taxation_type": "FREE"},
        {"cash_amount": 100_000},
        {"items": (Item(supply_cost_amount=99_999, tax_amount=10_000),)},
        {"items": (Item(supply_cost_amount=100_000, tax_amount=9_999),)},
        {"items": (Item(quantity=Scaled(1, 3)),)},
        {"items": tuple(Item() for _ in range(100))},
        {"remarks": ("1", "2", "3", "4")},
        {"recipient": Party(brn="1234567890")},
        {"recipient": Party(brn="2208162517", tax_registration_id="12")},
        {"recipient": Party(brn="2208162517", name="가" * 201)},
        {"book_volume": 10_000},
        {"supplier_document_key": "한글"},
        {"supplier_document_key": "A" * 25},
        {"additional_contacts": tuple(Contact("c@example.com") for _ in range(6))},
    ],
)
def test_contradictions_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidDocument):
        rules.check_content(replace(CONTENT, **wrong))


def test_tax_may_differ_by_a_thousand_won() -> None:
    rules.check_totals(replace(CONTENT, total_tax_amount=11_000, total_amount=111_000))
    with pytest.raises(InvalidDocument, match="세액 11,001원이 공급가액의 10%와 1,000원 넘게"):
        rules.check_totals(replace(CONTENT, total_tax_amount=11_001, total_amount=111_001))


def test_payment_methods_must_sum_to_the_total() -> None:
    rules.check_totals(replace(CONTENT, cash_amount=10_000, credit_amount=100_000))


ORIGINAL = Sum(1_000_000, 100_000)


@pytest.mark.parametrize(
    ("reason", "new"),
    [
        ("CORRECTION_OF_ENTRY_ERRORS", Sum(-1_000_000, -100_000)),
        ("CORRECTION_OF_ENTRY_ERRORS", Sum(900_000, 90_000)),
        ("CHANGE_IN_SUPPLY_COST", Sum(-200_000, -20_000)),
        ("CHANGE_IN_SUPPLY_COST", Sum(50_000, 5_000)),
        ("RETURN", Sum(-300_000, -30_000)),
        ("CANCELLATION_OF_CONTRACT", Sum(-1_000_000, -100_000)),
        ("DUPLICATE_ISSUANCE_DUE_TO_ERROR", Sum(-1_000_000, -100_000)),
        ("LOCAL_LETTER_OF_CREDIT", Sum(1_000_000, 0, "ZERO_RATED")),
    ],
)
def test_amendments_the_law_knows(reason: str, new: Sum) -> None:
    rules.check_amendment(reason, ORIGINAL, [], new)


@pytest.mark.parametrize(
    ("reason", "earlier", "new"),
    [
        ("RETURN", [], Sum(300_000, 30_000)),
        ("RETURN", [], Sum(-1_000_001, -100_000)),
        ("RETURN", [Sum(-800_000, -80_000)], Sum(-300_000, -30_000)),
        ("CANCELLATION_OF_CONTRACT", [], Sum(-999_999, -100_000)),
        ("CORRECTION_OF_ENTRY_ERRORS", [], Sum(-500_000, -50_000)),
        ("CHANGE_IN_SUPPLY_COST", [], Sum(-1_000_001, -100_000)),
        ("RETURN", [], Sum(-300_000, 0, "ZERO_RATED")),
        ("CORRECTION_OF_ENTRY_ERRORS", [], Sum(900_000, 0, "FREE")),
    ],
)
def test_amendments_the_law_refuses(reason: str, earlier: list[Sum], new: Sum) -> None:
    with pytest.raises(InvalidDocument):
        rules.check_amendment(reason, ORIGINAL, earlier, new)


def test_amendment_dates() -> None:
    day, event_day = date(2026, 3, 31), date(2026, 5, 15)
    rules.check_amendment_date("CHANGE_IN_SUPPLY_COST", day, event_day, cancels=True)
    rules.check_amendment_date("CORRECTION_OF_ENTRY_ERRORS", day, date(2026, 3, 30), cancels=False)
    for reason, new in (
        ("CORRECTION_OF_ENTRY_ERRORS", date(2026, 3, 30)),
        ("DUPLICATE_ISSUANCE_DUE_TO_ERROR", event_day),
        ("RETURN", date(2026, 3, 30)),
    ):
        with pytest.raises(InvalidDocument):
            rules.check_amendment_date(reason, day, new, cancels=True)


def test_content_survives_the_wire() -> None:
    full = replace(CONTENT, items=(Item(date(2026, 3, 1), "품목", "규격", Scaled(150, 2)),))
    assert content_from(to_wire(full)) == full


@given(st.integers(-(10**12), 10**12), st.integers(0, 2))
def test_plain_numbers_are_exact(value: int, scale: int) -> None:
    text = rules.plain_number(Scaled(value, scale))
    whole, _, part = text.lstrip("-").partition(".")
    assert len(part) == scale
    assert int(whole + part) == abs(value)
    assert text.startswith("-") == (value < 0)


def test_document_keys_are_short_and_stay_the_same() -> None:
    key = document_key(1, "txi-1")
    assert key == document_key(1, "txi-1")
    assert key != document_key(2, "txi-1")
    assert rules.DOCUMENT_KEY.match(key)
