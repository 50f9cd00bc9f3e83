"""VAT and withholding of a payout: the documented numbers, and the sums for any input."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payouts.withholding import PayoutAmounts, PayoutTerms, payout_amounts, withholding

BUSINESS_GROSS = PayoutTerms("BUSINESS", "NORMAL", "GROSS", True)
BUSINESS_NET = PayoutTerms("BUSINESS", "NORMAL", "NET", True)
TAX_FREE = PayoutTerms("BUSINESS", "TAX_FREE", "NET", True)
WITHHELD = PayoutTerms("WHT_PAYER", "", "NET", True)
NOT_DEDUCTED = PayoutTerms("WHT_PAYER", "", "GROSS", False)
PERSON = PayoutTerms("NON_WHT_PAYER", "", "NET", True)


@pytest.mark.parametrize(
    ("gross", "income_tax", "local"),
    [
        (0, 0, 0),
        (1, 0, 0),
        (333, 0, 0),
        (334, 10, 0),
        (3_333, 90, 0),
        (3_334, 100, 10),
        (3_440, 100, 10),
        (6_889, 200, 20),
        (10_000, 300, 30),
        (33_000, 990, 90),
        (33_333, 990, 90),
        (33_334, 1_000, 100),
        (50_000, 1_500, 150),
        (99_999, 2_990, 290),
        (100_000, 3_000, 300),
        (123_456, 3_700, 370),
        (300_000, 9_000, 900),
        (333_333, 9_990, 990),
        (366_666, 10_990, 1_090),
        (500_000, 15_000, 1_500),
        (777_777, 23_330, 2_330),
        (999_999, 29_990, 2_990),
        (1_000_000, 30_000, 3_000),
        (1_234_567, 37_030, 3_700),
        (3_333_333, 99_990, 9_990),
        (10_000_000, 300_000, 30_000),
        (123_456_789, 3_703_700, 370_370),
    ],
)
def test_both_taxes_are_cut_to_ten_won(gross: int, income_tax: int, local: int) -> None:
    assert withholding(gross) == (income_tax, local)


@pytest.mark.parametrize(
    ("settlement", "tax_free", "terms", "expected"),
    [
        (6_889, 0, WITHHELD, PayoutAmounts(6_889, 0, 0, 200, 20, 6_669)),
        (3_440, 0, WITHHELD, PayoutAmounts(3_440, 0, 0, 100, 10, 3_330)),
        (1_000_000, 0, WITHHELD, PayoutAmounts(1_000_000, 0, 0, 30_000, 3_000, 967_000)),
        (1_000_000, 400_000, WITHHELD, PayoutAmounts(600_000, 0, 400_000, 30_000, 3_000, 967_000)),
        (1_000_000, 0, NOT_DEDUCTED, PayoutAmounts(1_000_000, 0, 0, 0, 0, 1_000_000)),
        (1_000_000, 0, PERSON, PayoutAmounts(1_000_000, 0, 0, 0, 0, 1_000_000)),
        (1_000_000, 0, BUSINESS_GROSS, PayoutAmounts(909_091, 90_909, 0, 0, 0, 1_000_000)),
        (1_100, 550, BUSINESS_GROSS, PayoutAmounts(500, 50, 550, 0, 0, 1_100)),
        (1_000_000, 0, BUSINESS_NET, PayoutAmounts(1_000_000, 100_000, 0, 0, 0, 1_100_000)),
        (1_009, 500, BUSINESS_NET, PayoutAmounts(509, 50, 500, 0, 0, 1_059)),
        (1_000, 300, TAX_FREE, PayoutAmounts(0, 0, 1_000, 0, 0, 1_000)),
        (0, 0, BUSINESS_GROSS, PayoutAmounts(0, 0, 0, 0, 0, 0)),
    ],
)
def test_the_table_of_d4(
    settlement: int, tax_free: int, terms: PayoutTerms, expected: PayoutAmounts
) -> None:
    assert payout_amounts(settlement, tax_free, terms) == expected


@pytest.mark.parametrize("taxation_type", ["SIMPLE", "SIMPLE_TAX_INVOICE_ISSUER"])
def test_simplified_taxpayers_are_split_like_normal_ones(taxation_type: str) -> None:
    terms = PayoutTerms("BUSINESS", taxation_type, "NET", True)
    assert payout_amounts(10_000, 0, terms) == payout_amounts(10_000, 0, BUSINESS_NET)


ALL_TERMS = st.sampled_from(
    [BUSINESS_GROSS, BUSINESS_NET, TAX_FREE, WITHHELD, NOT_DEDUCTED, PERSON]
)


@given(st.integers(0, 10**12), st.data(), ALL_TERMS)
def test_the_parts_make_the_amount(settlement: int, data: st.DataObject, terms) -> None:
    tax_free = data.draw(st.integers(0, settlement))
    got = payout_amounts(settlement, tax_free, terms)
    assert got.amount == got.supply + got.vat + got.tax_free - got.income_tax - got.local_income_tax
    before_vat = got.amount - (got.vat if terms is BUSINESS_NET else 0)
    assert before_vat + got.income_tax + got.local_income_tax == settlement
    assert got.income_tax % 10 == got.local_income_tax % 10 == 0
    assert min(got.supply, got.vat, got.tax_free, got.amount) >= 0
