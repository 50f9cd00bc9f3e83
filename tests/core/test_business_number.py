"""Registration numbers: the check digit, the traps, the two notations."""

import pytest

from core.business_number import formatted, is_valid, normalised


@pytest.mark.parametrize("digits", ["1248100998", "2208162517", "1208147521", "1208800767"])
def test_numbers_of_known_companies_pass(digits: str) -> None:
    assert is_valid(digits)


@pytest.mark.parametrize(
    "digits",
    [
        "1248100997",
        "1234567890",
        "2208162571",
        "0000000000",
        "124810099",
        "12481009980",
        "12481A0998",
    ],
)
def test_wrong_numbers_fail(digits: str) -> None:
    assert not is_valid(digits)


def test_spreadsheet_notations_are_understood() -> None:
    assert normalised("124-81-00998") == "1248100998"
    assert normalised("１２４－８１－００９９８") == "1248100998"


def test_people_read_three_groups() -> None:
    assert formatted("1248100998") == "124-81-00998"
    assert formatted("123") == "123"
