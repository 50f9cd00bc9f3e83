"""Refusals of one transfer by hand: the sentence with its numbers, and the field it is about."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.console.formats import figure, won
from core.errors import DomainError
from core.words import said
from partners import errors as partners
from settlements import errors

OF_ORDER: dict[type[DomainError], str] = {
    partners.PartnerNotFound: "partner",
    partners.ContractNotFound: "contract",
    partners.CurrencyNotSupported: "currency",
    errors.ContractPlatformFixedAmountFeeCurrencyAndSettlementCurrencyMismatched: "currency",
    errors.AdditionalFixedAmountFeeCurrencyAndSettlementCurrencyMismatched: "currency",
    partners.AdditionalFeePoliciesNotFound: "fees",
    partners.DiscountSharePoliciesNotFound: "discount",
    errors.ProductIdDuplicated: "product_id",
    errors.SettlementDateEarlierThanSettlementStartDate: "settlement_date",
    errors.TransferAlreadyExists: "payment_id",
    errors.TransferIdAlreadyUsed: "own_id",
}
OF_CANCEL: dict[type[DomainError], str] = {
    errors.CancellableAmountExceeded: "amount",
    errors.CancellableProductQuantityExceeded: "quantity",
    errors.CancellableDiscountAmountExceeded: "discount",
    errors.CancellableDiscountTaxFreeAmountExceeded: "discount_tax_free",
    errors.SettlementDateEarlierThanSettlementStartDate: "settlement_date",
    errors.TransferAlreadyExists: "cancellation_id",
    errors.TransferIdAlreadyUsed: "own_id",
}
NO_DISCOUNT = "PAYMENT_TAX_FREE_THAN_PAYMENT"


def of_order(error: DomainError) -> str:
    """Empty for what concerns no single field."""
    if isinstance(error, errors.SettlementAmountExceeded):
        is_tax_free = error.extra.get("amountExceededType") == NO_DISCOUNT
        return "tax_free_amount" if is_tax_free else "discount"
    return OF_ORDER.get(type(error), "")


def of_cancel(error: DomainError) -> str:
    name = OF_CANCEL.get(type(error), "")
    is_tax_free = error.extra.get("amountType") == "TAX_FREE"
    return "tax_free_amount" if is_tax_free else name


def told(error: DomainError, currency: str) -> str:
    """The sentence of the refusal, then the numbers it knows."""
    sentence, numbers = str(said(error.message)), _numbers(error, currency)
    return f"{sentence} {numbers}" if numbers else sentence


def _numbers(error: DomainError, currency: str) -> str:
    facts = error.extra
    if "cancellableQuantity" in facts:
        left = {"left": won(facts["cancellableQuantity"])}
        return _("지금 취소할 수 있는 수량은 %(left)s개입니다.") % left
    for names in (("cancellableAmount", "requestAmount"), ("allowedAmount", "requestedAmount")):
        if names[0] in facts:
            allowed, asked = (figure(facts[name], currency) for name in names)
            told = {"left": allowed, "asked": asked}
            return _("가능한 금액 %(left)s, 적은 금액 %(asked)s.") % told
    return ""
