"""Won arithmetic: exact values, and the laws that hold for every amount."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import (
    MAX_WON,
    RATE_ONE,
    Rounding,
    added_vat,
    allocate,
    apply_rate,
    divide,
    included_vat,
    truncate_to_ten,
)

won = st.integers(min_value=-MAX_WON, max_value=MAX_WON)
divisors = st.integers(min_value=1, max_value=10**9)
weights = st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=20).filter(sum)


@pytest.mark.parametrize(
    ("numerator", "denominator", "down", "up", "half_up"),
    [
        (7, 2, 3, 4, 4),
        (5, 4, 1, 2, 1),
        (-7, 2, -3, -4, -4),
        (-5, 4, -1, -2, -1),
        (8, 2, 4, 4, 4),
        (0, 3, 0, 0, 0),
        (1, 3, 0, 1, 0),
        (2, 3, 0, 1, 1),
    ],
)
def test_each_rounding_has_its_own_answer(
    numerator: int, denominator: int, down: int, up: int, half_up: int
) -> None:
    assert divide(numerator, denominator, Rounding.DOWN) == down
    assert divide(numerator, denominator, Rounding.UP) == up
    assert divide(numerator, denominator, Rounding.HALF_UP) == half_up


@pytest.mark.parametrize("denominator", [0, -1])
def test_dividing_by_nothing_is_refused(denominator: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        divide(1, denominator, Rounding.DOWN)


@given(won, divisors, st.sampled_from(Rounding))
def test_negative_amounts_mirror_positive_ones(
    amount: int, divisor: int, rounding: Rounding
) -> None:
    assert divide(-amount, divisor, rounding) == -divide(amount, divisor, rounding)


@given(won, divisors)
def test_roundings_enclose_the_exact_quotient(amount: int, divisor: int) -> None:
    down, up = (abs(divide(amount, divisor, way)) for way in (Rounding.DOWN, Rounding.UP))
    nearest = abs(divide(amount, divisor, Rounding.HALF_UP))
    assert down * divisor <= abs(amount) <= up * divisor
    assert up - down <= 1
    assert abs(nearest * divisor - abs(amount)) * 2 <= divisor


@pytest.mark.parametrize(
    ("amount", "rate", "fee"),
    [(100_000, 10_000, 10_000), (33_333, 3_300, 1_099), (-33_333, 3_300, -1_099), (9, 10_000, 0)],
)
def test_rates_are_hundred_thousandths(amount: int, rate: int, fee: int) -> None:
    assert apply_rate(amount, rate) == fee


@given(won)
def test_the_whole_rate_is_the_whole_amount(amount: int) -> None:
    assert apply_rate(amount, RATE_ONE) == amount


def test_vat_is_an_eleventh_within_and_a_tenth_on_top() -> None:
    assert included_vat(110_000) == 10_000
    assert included_vat(10_000) == 909
    assert included_vat(10_000, Rounding.UP) == 910
    assert added_vat(100_000) == 10_000
    assert added_vat(15) == 1
    assert added_vat(15, Rounding.HALF_UP) == 2


@given(st.integers(min_value=0, max_value=10**12))
def test_vat_added_can_be_taken_out_again(supply: int) -> None:
    assert abs(included_vat(supply + added_vat(supply)) - added_vat(supply)) <= 1


@pytest.mark.parametrize(("amount", "kept"), [(3_309, 3_300), (9, 0), (-3_309, -3_300), (10, 10)])
def test_the_last_digit_is_dropped(amount: int, kept: int) -> None:
    assert truncate_to_ten(amount) == kept


@pytest.mark.parametrize(
    ("total", "parts", "shares"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (10, [0, 1], [0, 10]),
        (10, [7, 2, 1], [7, 2, 1]),
        (11, [1, 2, 3], [2, 4, 5]),
        (0, [5, 5], [0, 0]),
    ],
)
def test_allocation_gives_the_rest_to_the_largest_remainders(
    total: int, parts: list[int], shares: list[int]
) -> None:
    assert allocate(total, parts) == shares


@given(won, weights)
def test_allocation_loses_no_won(total: int, parts: list[int]) -> None:
    shares = allocate(total, parts)
    assert sum(shares) == total
    whole = sum(parts)
    for share, weight in zip(shares, parts, strict=True):
        assert abs(share * whole - total * weight) < whole


@pytest.mark.parametrize("parts", [[0, 0], [2, -1]])
def test_allocation_refuses_weights_without_meaning(parts: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        allocate(100, parts)
