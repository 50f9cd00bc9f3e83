from datetime import date

import pytest

from partners.identifiers import (
    business_kind_hint,
    corporate_number_warning,
    parse_birthdate,
    parse_business_number,
    parse_resident_number,
)
from partners.masking import (
    masked_account,
    masked_email,
    masked_name,
    masked_phone,
    masked_resident_number,
)


@pytest.mark.parametrize(
    "text",
    [
        "124-81-00998", "220-81-62517", "120-81-47521", "120-88-00767", "120-88-01280",
        "101-81-09147", "104-81-37225", "107-86-14075", "120-87-65763", "411-86-01799",
        "123-45-00018", "999-00-00016", "314-86-01237", "505-92-07779", "100-83-00453",
        "124 - 81 - 00998", "１２４-８１-００９９８",
    ],
)  # fmt: skip
def test_business_numbers_people_write_become_ten_digits(text):
    digits = parse_business_number(text)
    assert len(digits) == 10
    assert digits.isascii()
    assert digits.isdigit()


@pytest.mark.parametrize(
    "text",
    [
        "124-81-00997", "123-45-67890", "220-81-62571", "12481009980", "124810099",
        "124-8A-00998", "1248A100998", "", "0000000000", "8888888888", "1234567891",
    ],
)  # fmt: skip
def test_wrong_and_dummy_business_numbers_are_refused(text):
    with pytest.raises(ValueError, match="사업자등록번호"):
        parse_business_number(text)


def test_dummies_pass_in_test_mode_only():
    assert parse_business_number("888-88-88888", test=True) == "8888888888"
    with pytest.raises(ValueError, match="사업자등록번호"):
        parse_business_number("0000000000", test=True)


@pytest.mark.parametrize(
    ("digits", "kind"),
    [
        ("1010100000", "INDIVIDUAL_TAXABLE"), ("1017900000", "INDIVIDUAL_TAXABLE"),
        ("1018000000", "OTHER_ORG_OR_MLM"), ("1018100000", "CORPORATION_HQ"),
        ("1018800000", "CORPORATION_HQ"), ("1018200000", "NONPROFIT_CORP"),
        ("1018300000", "GOVERNMENT"), ("1018400000", "FOREIGN_CORP"),
        ("1018500000", "CORPORATION_BRANCH"), ("1018900000", "RELIGIOUS_GROUP"),
        ("1019000000", "INDIVIDUAL_TAX_EXEMPT"), ("1019900000", "INDIVIDUAL_TAX_EXEMPT"),
    ],
)  # fmt: skip
def test_the_middle_digits_hint_at_the_kind(digits, kind):
    assert business_kind_hint(digits) == kind


@pytest.mark.parametrize("number", ["130111-0006246", "110111-1707178", "110111-1129497"])
def test_real_corporate_numbers_raise_no_warning(number):
    assert corporate_number_warning(number) == ""


@pytest.mark.parametrize("number", ["110111-1234567", "110111"])
def test_odd_corporate_numbers_only_warn(number):
    assert "법인등록번호" in corporate_number_warning(number)


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("1990-01-31", date(1990, 1, 31)), ("19900131", date(1990, 1, 31)),
        ("900131", date(1990, 1, 31)), ("010203", date(2001, 2, 3)),
        ("1990.1.31", None), ("19901331", None), ("99991231", None), ("어제", None), ("", None),
    ],
)  # fmt: skip
def test_birthdates(text, born):
    if born:
        assert parse_birthdate(text) == born
    else:
        with pytest.raises(ValueError, match="생년월일"):
            parse_birthdate(text)


@pytest.mark.parametrize(
    ("number", "born", "foreigner", "checksum"),
    [
        ("000101-9000004", date(1800, 1, 1), False, True),
        ("001231-9123452", date(1800, 12, 31), False, True),
        ("991231-7000005", date(2099, 12, 31), True, True),
        ("991231-3123456", date(2099, 12, 31), False, False),
    ],
)
def test_resident_numbers_are_judged_by_date_never_by_checksum(number, born, foreigner, checksum):
    found = parse_resident_number(number)
    assert (found.birthdate, found.is_foreigner) == (born, foreigner)
    assert found.old_checksum is checksum


@pytest.mark.parametrize("number", ["991332-3123456", "9912313", "991231-A123456", ""])
def test_impossible_resident_numbers_are_refused(number):
    with pytest.raises(ValueError, match="주민등록번호"):
        parse_resident_number(number)


def test_masks():
    assert masked_resident_number("991231-3123456") == "991231-*******"
    assert masked_resident_number("9912313123456", shows_sex=True) == "991231-3******"
    assert masked_account("3333012345678") == "*********5678"
    assert masked_account("11012345678") == "*******5678"
    assert [masked_name(n) for n in ("홍길동", "김철", "남궁민수", "김", "")] == [
        "홍*동", "김*", "남**수", "*", "",
    ]  # fmt: skip
    assert masked_phone("01012345678") == "010-****-5678"
    assert masked_phone("02-312-4567") == "02-****-4567"
    assert masked_email("partner@example.com") == "pa*****@example.com"
    assert masked_email("ab@example.com") == "a*@example.com"
