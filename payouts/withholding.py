"""From what a partner is owed to what is paid: VAT and withholding (contract.md d.4, d.5)."""

from __future__ import annotations

from dataclasses import dataclass

from core.money import Rounding, added_vat, apply_rate, divide, included_vat, truncate_to_ten
from partners.models import PartnerType, SettlementAmountType, TaxationType

INCOME_TAX_RATE = 3_000
"""3 % of business income (소득세법 §129, korea-rules 4.2)."""


@dataclass(frozen=True)
class PayoutTerms:
    """Who is paid, and the settings frozen when the payout is generated."""

    partner_type: str
    taxation_type: str
    settlement_amount_type: str
    deducts_withholding: bool


@dataclass(frozen=True)
class PayoutAmounts:
    """Won. `amount` is paid: supply + VAT + tax-free − both taxes."""

    supply: int
    vat: int
    tax_free: int
    income_tax: int
    local_income_tax: int
    amount: int


def payout_amounts(settlement: int, tax_free: int, terms: PayoutTerms) -> PayoutAmounts:
    """Split Σ settlement (of which Σ tax-free), both won and signed, by the table of d.4."""
    supply, vat, tax_free = _supply(settlement, tax_free, terms)
    income_tax, local_income_tax = withholding(settlement) if _is_withheld(terms) else (0, 0)
    amount = supply + vat + tax_free - income_tax - local_income_tax
    return PayoutAmounts(supply, vat, tax_free, income_tax, local_income_tax, amount)


def is_carried(settlement: int, tax_free: int, terms: PayoutTerms) -> bool:
    """Whether nothing is left to pay, so that it offsets a later payout (contract.md d.4).

    With VAT on top the VAT of refunds may outweigh what is owed: a payout below zero as well.
    """
    return settlement < 0 or payout_amounts(settlement, tax_free, terms).amount < 0


def withholding(gross: int) -> tuple[int, int]:
    """Income tax and local income tax, each cut to 10 won (contract.md d.5).

    The base is the whole gross, tax-free included; no small-amount waiver (소액부징수).
    """
    income_tax = truncate_to_ten(apply_rate(gross, INCOME_TAX_RATE))
    return income_tax, truncate_to_ten(divide(income_tax, 10, Rounding.DOWN))


def _supply(settlement: int, tax_free: int, terms: PayoutTerms) -> tuple[int, int, int]:
    """Supply, VAT and tax-free of d.4."""
    taxable = settlement - tax_free
    if terms.partner_type != PartnerType.BUSINESS:
        return taxable, 0, tax_free
    if terms.taxation_type == TaxationType.TAX_FREE:
        return 0, 0, settlement
    if terms.settlement_amount_type == SettlementAmountType.NET:
        return taxable, added_vat(taxable), tax_free
    vat = included_vat(taxable)
    return taxable - vat, vat, tax_free


def _is_withheld(terms: PayoutTerms) -> bool:
    return terms.partner_type == PartnerType.WHT_PAYER and terms.deducts_withholding
