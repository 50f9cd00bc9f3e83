from datetime import UTC, date, datetime
from unicodedata import normalize

import pytest

from core.console.grid.files import harmless
from settlements.upload import values
from settlements.upload.errors import BadCell


@pytest.mark.parametrize(
    ("text", "won"),
    [
        ("1234", 1234),
        ("1,234", 1234),
        ("₩1,234", 1234),
        ("￦ 1,234", 1234),
        ("1,234원", 1234),
        ("1234.00", 1234),
        ("0", 0),
        ("9007199254740991", 9_007_199_254_740_991),
        ("$1,234", 123_400),
        ("KRW 1,234", 1234),
        ("1,234 KRW", 1234),
        ("+1,234", 1234),
        ("\\1,234", 1234),
    ],
)
def test_amounts_as_people_write_them(text, won):
    assert values.amount(text) == won


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("만원", "NOT_A_NUMBER"),
        ("12.5", "NOT_A_NUMBER"),
        ("1,23", "NOT_A_NUMBER"),
        ("1 000", "NOT_A_NUMBER"),
        ("0x10", "NOT_A_NUMBER"),
        ("١٢٣", "NOT_A_NUMBER"),
        ("1e5", "SCIENTIFIC"),
        ("1.23E+12", "SCIENTIFIC"),
        ("-500", "NEGATIVE"),
        ("−500", "NEGATIVE"),
        ("-₩500", "NEGATIVE"),
        ("(500)", "NEGATIVE"),
        ("△500", "NEGATIVE"),
        ("▲500", "NEGATIVE"),
        ("− 500", "NEGATIVE"),
        ("--1", "NOT_A_NUMBER"),
        ("1,2,3", "NOT_A_NUMBER"),
        ("(1", "NOT_A_NUMBER"),
        ("9007199254740992", "TOO_LARGE"),
        ("9" * 400, "TOO_LARGE"),
    ],
)
def test_what_is_no_amount_is_named(text, code):
    with pytest.raises(BadCell) as bad:
        values.amount(text)
    assert bad.value.code == code


def test_manual_amounts_may_be_negative():
    assert values.signed_amount("-₩1,500") == -1500


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2024-01-17", datetime(2024, 1, 16, 15, tzinfo=UTC)),
        ("20240117", datetime(2024, 1, 16, 15, tzinfo=UTC)),
        ("2024-01-17 13:34", datetime(2024, 1, 17, 4, 34, tzinfo=UTC)),
        ("2024-01-17 13:34:05", datetime(2024, 1, 17, 4, 34, 5, tzinfo=UTC)),
        ("2024-01-17T13:34:05Z", datetime(2024, 1, 17, 13, 34, 5, tzinfo=UTC)),
        ("2024-01-17T13:34:05+09:00", datetime(2024, 1, 17, 4, 34, 5, tzinfo=UTC)),
        ("2024.01.17", datetime(2024, 1, 16, 15, tzinfo=UTC)),
        ("2024. 1. 17.", datetime(2024, 1, 16, 15, tzinfo=UTC)),
        ("2024/1/17 9:05", datetime(2024, 1, 17, 0, 5, tzinfo=UTC)),
        ("2024년 1월 17일", datetime(2024, 1, 16, 15, tzinfo=UTC)),
        ("2024-01-17 오후 1:34", datetime(2024, 1, 17, 4, 34, tzinfo=UTC)),
        ("2024-01-17 오전 12:34", datetime(2024, 1, 16, 15, 34, tzinfo=UTC)),
        ("45308", datetime(2024, 1, 16, 15, tzinfo=UTC)),
        ("45308.5", datetime(2024, 1, 17, 3, tzinfo=UTC)),
        ("45308.5653356481", datetime(2024, 1, 17, 4, 34, 5, tzinfo=UTC)),
    ],
)
def test_moments_as_people_and_spreadsheets_write_them(text, utc):
    assert values.moment(text) == utc


def test_a_day_is_korean():
    assert values.day("2024-01-17T20:00:00Z") == date(2024, 1, 18)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2024-02-30", "NOT_A_DATE"),
        ("2024-13-01", "NOT_A_DATE"),
        ("어제", "NOT_A_DATE"),
        ("2024-01-17 오후 13:34", "NOT_A_DATE"),
        ("1899-12-31", "DATE_RANGE"),
        ("2100-01-01", "DATE_RANGE"),
        ("0001-01-01", "DATE_RANGE"),
        ("99999", "DATE_RANGE"),
    ],
)
def test_what_is_no_date_is_named(text, code):
    with pytest.raises(BadCell) as bad:
        values.moment(text)
    assert bad.value.code == code


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "=cmd|' /C calc'!A0",
        "+cmd|' /C calc'!A0",
        "@SUM(A1:A9)",
        "-2+3+cmd|' /C calc'!A0",
    ],
)
def test_text_a_spreadsheet_would_run_is_kept_as_the_text_it_is(text):
    assert values.text_up_to(300)(text) == text
    assert values.text_up_to(300)(harmless(text)) == text


@pytest.mark.parametrize("text", ["-20% 세일 셔츠", "+1 증정", "@home 머그", "1=1", "사과 (5kg)"])
def test_plain_text_with_signs_is_text(text):
    assert values.text_up_to(300)(text) == text


@pytest.mark.parametrize("text", ["사과\u00a05kg", "사과\u3000선물", "👨\u200d👩\u200d👧 티셔츠"])
def test_names_have_the_spaces_and_emoji_of_web_pages_but_ids_have_not(text):
    assert values.name_up_to(300)(text) == text
    for refused, parse in ((text, values.payment_id), (f"{text}\n", values.name_up_to(300))):
        with pytest.raises(BadCell) as bad:
            parse(refused)
        assert bad.value.code == "CONTROL"


def test_ids_that_a_spreadsheet_turned_into_numbers_are_refused():
    with pytest.raises(BadCell) as bad:
        values.payment_id("2.02401E+16")
    assert bad.value.code == "SCIENTIFIC"


def test_parameters_keep_their_decimals():
    assert values.decimal("1.250") == (125, 2)
    assert values.decimal("-3") == (-3, 0)
    assert values.decimal("1,234.5") == (12_345, 1)
    assert values.decimal("△0.5") == (-5, 1)
    assert values.decimal("(1.25)") == (-125, 2)


@pytest.mark.parametrize("text", ["0.1234567", "1,5", "1,2,3", "--1", "(1", "1e5", "₩1", "1."])
def test_what_is_no_parameter_is_refused(text):
    with pytest.raises(BadCell):
        values.decimal(text)


def test_a_quantity_is_no_money():
    assert values.quantity("+1,000") == 1_000
    with pytest.raises(BadCell):
        values.quantity("$3")


@pytest.mark.parametrize(("text", "word"), [("주문 취소", "ORDER_CANCEL"), ("manual", "MANUAL")])
def test_kinds_in_both_languages(text, word):
    assert values.transfer_type(text) == word


def test_words_are_the_same_however_a_machine_composes_them():
    assert values.transfer_type(normalize("NFD", "주문취소")) == "ORDER_CANCEL"
    assert values.transfer_type("주문\u00a0취소") == "ORDER_CANCEL"
    assert values.payment_method(normalize("NFD", "간편결제")) == "EASY_PAY"
