"""Numbers and dates of any table: what people, spreadsheets and exports write."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.tables.dates import day, moment
from core.tables.errors import BadCell
from core.tables.numbers import Money, money, one_currency, whole_number, won
from core.tables.sheet import text_of


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("0", 0, ""),
        ("1234", 1_234, ""),
        ("€1,234", 1_234, "EUR"),
        ("-1,234 €", -1_234, "EUR"),
        ("1,234", 1_234, ""),
        ("1,234.00", 1_234, ""),
        ("１，２３４", 1_234, ""),
        ("+1,234", 1_234, ""),
        ("-1,234", -1_234, ""),
        ("− 1,234", -1_234, ""),
        ("△1,234", -1_234, ""),
        ("▲ 1,234", -1_234, ""),
        ("(1,234)", -1_234, ""),
        ("（１，２３４）", -1_234, ""),
        ("( 1,234 )", -1_234, ""),
        ("(0)", 0, ""),
        ("'-1,234", -1_234, ""),
        ("'+1,234", 1_234, ""),
        ("₩1,234", 1_234, "KRW"),
        ("￦ 1,234", 1_234, "KRW"),
        ("\\1,234", 1_234, "KRW"),
        ("＼1,234", 1_234, "KRW"),
        ("1,234원", 1_234, "KRW"),
        ("1,234 원", 1_234, "KRW"),
        ("₩1,234원", 1_234, "KRW"),
        ("KRW 1,234", 1_234, "KRW"),
        ("1,234 krw", 1_234, "KRW"),
        ("-₩1,234", -1_234, "KRW"),
        ("₩-1,234", -1_234, "KRW"),
        ("₩(1,234)", -1_234, "KRW"),
        ("(₩1,234)", -1_234, "KRW"),
        ("(1,234)원", -1_234, "KRW"),
        ("△1,234원", -1_234, "KRW"),
        ("-\\1,234", -1_234, "KRW"),
        ("$1,234", 1_234, "USD"),
        ("＄1,234", 1_234, "USD"),
        ("-$1,234.00", -1_234, "USD"),
        ("$(1,234)", -1_234, "USD"),
        ("USD 1,234", 1_234, "USD"),
        ("$1,234 USD", 1_234, "USD"),
        ("1,234 JPY", 1_234, "JPY"),
        ("-9,007,199,254,740,991", -9_007_199_254_740_991, ""),
        ("12.5", Decimal("12.5"), ""),
        ("$1.5", Decimal("1.5"), "USD"),
        ("-1,234.50 EUR", Decimal("-1234.5"), "EUR"),
    ],
)
def test_money_as_it_is_written(text, amount, currency):
    assert money(text) == Money(amount, currency)


@pytest.mark.parametrize(
    ("text", "currency", "units"),
    [
        ("1,234", "KRW", 1_234),
        ("1,234.00", "KRW", 1_234),
        ("1,234", "JPY", 1_234),
        ("1,234", "USD", 123_400),
        ("12.3", "USD", 1_230),
        ("-0.01", "EUR", -1),
        ("$12.34", "KRW", 1_234),
        ("12.340000000000", "HKD", 1_234),
        ("90,071,992,547,409.91", "USD", 9_007_199_254_740_991),
    ],
)
def test_money_in_its_smallest_unit(text, currency, units):
    assert money(text).units(currency) == units


@pytest.mark.parametrize(
    ("text", "currency", "code"),
    [
        ("12.5", "KRW", "NOT_A_NUMBER"),
        ("0.1", "JPY", "NOT_A_NUMBER"),
        ("12.345", "USD", "NOT_A_NUMBER"),
        ("0.0000000001", "USD", "NOT_A_NUMBER"),
        ("90,071,992,547,409.92", "USD", "TOO_LARGE"),
        ("99999999999999999999.99", "USD", "TOO_LARGE"),
        ("9007199254740992", "KRW", "TOO_LARGE"),
        ("(9,007,199,254,740,992)", "KRW", "TOO_LARGE"),
    ],
)
def test_money_that_its_currency_does_not_have(text, currency, code):
    with pytest.raises(BadCell) as bad:
        money(text).units(currency)
    assert bad.value.code == code


@pytest.mark.parametrize(
    "text",
    [
        "--1", "-−1", "+-1", "△-1", "-(1)", "(-1)", "(+1)", "((1))", "(1", "1)", ")1(", "1-",
        "1,2,3", "1,23", ",123", "1,", "1,2345", "1 000", "1.234,00", ".5", "1.",
        "₩", "-", "()", "", "KRW", "원", "1원2", "1+1", "=1", "'1", "5%", "0x10", "١٢٣", "1²a",
        "₩1 USD", "$1원", "GBP 1", "£1", "¥1", "KR 1", "1 KRWW", "만원", "1/2", "1e", "e5",
        "inf", "nan", "1_000", "1\n2", "₩1e",
    ],
)  # fmt: skip
def test_what_is_no_number(text):
    with pytest.raises(BadCell) as bad:
        money(text)
    assert bad.value.code == "NOT_A_NUMBER"


@pytest.mark.parametrize("text", ["1e5", "-1E5", "1.23E+12", "₩1e5", "１e5"])
def test_a_number_whose_end_is_lost(text):
    with pytest.raises(BadCell) as bad:
        money(text)
    assert bad.value.code == "SCIENTIFIC"


@pytest.mark.parametrize("text", ["9" * 21, "9" * 5_000])
def test_a_number_that_is_too_large(text):
    with pytest.raises(BadCell) as bad:
        money(text)
    assert bad.value.code == "TOO_LARGE"


def test_won_and_plain_numbers_name_no_other_currency():
    assert (won("₩1,234"), won("1,234원"), whole_number("+1,234")) == (1_234, 1_234, 1_234)
    with pytest.raises(BadCell, match="원 금액이 아닙니다: 「\\$1,234」"):
        won("$1,234")
    with pytest.raises(BadCell, match="숫자가 아닙니다: 「₩3」"):
        whole_number("₩3")


def test_a_transfer_has_one_currency():
    assert one_currency(["", "USD", "USD"]) == "USD"
    assert one_currency([]) == ""
    with pytest.raises(BadCell, match="한 정산건에 통화가 둘 이상입니다: KRW · USD"):
        one_currency(["USD", "", "KRW"])


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-31", "2024.01.31", "2024. 1. 31.", "2024. 1. 31", "2024/1/31", "20240131",
        "2024년 1월 31일", "2024년1월31일", "２０２４．１．３１", "45322", "45322.99",
        "2024-01-31 23:59:59", "2024-01-31T14:59:59Z", "20240131140500",
        "2024-01-31 오후 11:59",
    ],
)  # fmt: skip
def test_a_day_as_it_is_written(text):
    assert day(text) == date(2024, 1, 31)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("24-01-31", "NOT_A_DATE"),
        ("24.1.31", "NOT_A_DATE"),
        ("1/31/2024", "NOT_A_DATE"),
        ("01-31-2024", "NOT_A_DATE"),
        ("2024-02-30", "NOT_A_DATE"),
        ("2024. 1.", "NOT_A_DATE"),
        ("언젠가", "NOT_A_DATE"),
        ("", "NOT_A_DATE"),
        ("1", "NOT_A_DATE"),
        ("99999", "DATE_RANGE"),
        ("1999-12-31", "DATE_RANGE"),
    ],
)
def test_what_is_no_day(text, code):
    with pytest.raises(BadCell) as bad:
        day(text)
    assert bad.value.code == code


def test_an_instant_without_an_offset_is_korean():
    assert moment("2024-01-31 14:05") == datetime(2024, 1, 31, 5, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (100 * 1.1, "110"),
        (0.1 + 0.2, "0.3"),
        (12.34, "12.34"),
        (110.0, "110"),
        (1e15, "1.000000E+15"),
    ],
)
def test_a_number_of_a_workbook_is_read_as_excel_shows_it(cell, text):
    assert text_of(cell) == text
