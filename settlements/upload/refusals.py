"""A service's refusal of one transfer → the row and column a person must look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.console.formats import sum_in
from core.errors import DomainError
from partners.errors import (
    AdditionalFeePoliciesNotFound,
    ContractNotFound,
    CurrencyNotSupported,
    DiscountSharePoliciesNotFound,
    PartnerNotFound,
    UserDefinedPropertyNotFound,
)
from settlements import errors
from settlements.upload.columns import PARAMETER, PROPERTY, Layout
from settlements.upload.errors import BadRow, Rejection
from settlements.upload.grouping import Group, ReadRow

NOTHING_DONE = "등록하지 않았습니다. "

COLUMNS: dict[type[DomainError], tuple[str, ...]] = {
    PartnerNotFound: ("partner_id",),
    ContractNotFound: ("contract_id", "partner_id"),
    DiscountSharePoliciesNotFound: ("discount_policy_id",),
    AdditionalFeePoliciesNotFound: ("additional_fee_policy_ids",),
    UserDefinedPropertyNotFound: (PROPERTY,),
    errors.SettlementParameterNotFound: (PARAMETER,),
    errors.TransferAlreadyExists: ("cancellation_id", "payment_id"),
    errors.TransferIdAlreadyUsed: ("transfer_id",),
    errors.ProductIdDuplicated: ("product_id",),
    errors.ProductIdNotFound: ("product_id",),
    errors.SettlementAmountExceeded: ("discount_amount", "tax_free_amount", "order_amount"),
    errors.SettlementDateEarlierThanSettlementStartDate: ("settlement_date",),
    CurrencyNotSupported: ("currency",),
    errors.CannotSpecifyTransfer: ("payment_id",),
    errors.OrderDetailMismatched: ("product_id", "order_amount"),
    errors.OrderTransferAlreadyCancelled: ("cancellation_id",),
    errors.CancellableAmountExceeded: ("order_amount", "tax_free_amount"),
    errors.CancellableProductQuantityExceeded: ("quantity",),
    errors.TransferDiscountSharePolicyNotFound: ("discount_policy_id",),
    errors.DiscountSharePolicyIdDuplicated: ("discount_policy_id",),
    errors.CancellableDiscountAmountExceeded: ("discount_amount",),
    errors.CancellableDiscountTaxFreeAmountExceeded: ("discount_tax_free_amount",),
    errors.NegativeAmountNotAllowed: ("settlement_amount",),
}
"""Where each refusal belongs: the first of these columns that has a value."""

DETAILS: dict[type[DomainError], Callable[[dict[str, Any], str], str]] = {
    DiscountSharePoliciesNotFound: lambda facts, _: ", ".join(facts["ids"]),
    AdditionalFeePoliciesNotFound: lambda facts, _: ", ".join(facts["ids"]),
    errors.TransferAlreadyExists: lambda facts, _: facts["transferId"],
    errors.ProductIdDuplicated: lambda facts, _: facts["id"],
    errors.ProductIdNotFound: lambda facts, _: facts["id"],
    errors.CancellableProductQuantityExceeded: lambda facts, _: (
        f"남은 수량 {facts['cancellableQuantity']:,}개"
    ),
    errors.CancellableAmountExceeded: lambda facts, currency: (
        f"{'면세' if facts['amountType'] == 'TAX_FREE' else '과세'}"
        f" 금액 {sum_in(facts['requestAmount'], currency)},"
        f" 남은 금액 {sum_in(facts['cancellableAmount'], currency)}"
    ),
    errors.SettlementAmountExceeded: lambda facts, currency: (
        f"{sum_in(facts['requestedAmount'], currency)},"
        f" 최대 {sum_in(facts['allowedAmount'], currency)}"
    ),
    errors.CancellableDiscountAmountExceeded: lambda facts, currency: (
        f"남은 할인 {sum_in(facts['cancellableAmount'], currency)}"
    ),
}
"""What a refusal knows of numbers, in the currency of its transfer."""


def of_bad_row(bad: BadRow, layout: Layout) -> Rejection:
    column = layout.heading(bad.key) if bad.key else ""
    return Rejection(bad.number, column, bad.code, bad.problem)


def of_refusal(error: DomainError, group: Group, layout: Layout) -> Rejection:
    """The service's own words, at the row and column that they are about."""
    row = _row_of(error, group)
    key = _key_of(error, row)
    problem = error.message.removeprefix(NOTHING_DONE)
    detail = DETAILS.get(type(error))
    if detail:
        problem += f" ({detail(error.extra, group.currency)})"
    return Rejection(row.number, layout.heading(key) if key else "", error.type, problem)


def _row_of(error: DomainError, group: Group) -> ReadRow:
    """The last row of the product or policy in question, else the first row."""
    named = {error.extra.get("productId"), *error.extra.get("ids", ()), error.extra.get("id")}
    for row in group.rows[::-1]:
        for key, value in row.values.items():
            about = key == "product_id" or key.startswith(("discount_policy", "additional_fee"))
            if about and not named.isdisjoint(value if isinstance(value, tuple) else {value}):
                return row
    return group.rows[0]


def _key_of(error: DomainError, row: ReadRow) -> str:
    wanted = COLUMNS.get(type(error), ())
    for key in wanted:
        for known in row.values:
            if known == key or (key.endswith(":") and known.startswith(key)):
                return known
    return wanted[0] if wanted else ""
