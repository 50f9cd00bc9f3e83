"""A transfer before it is stored: the columns its input and its terms lead to.

Pure: the API registers one with it, an upload a million, a simulation none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from msgspec import UnsetType

from core.clock import Calendar, kst_date
from core.companies.identifiers import graphql_id
from core.money import WON
from partners.errors import CurrencyNotSupported
from partners.services.facts import CURRENCIES
from partners.snapshots import ADDITIONAL_FEE, CONTRACT
from settlements.calculator import (
    AdditionalFeeTerms,
    Amounts,
    Calculation,
    Calculator,
    CancelledLine,
    CancelledOrder,
    CancelRequest,
    ContractTerms,
    Decimal,
    DiscountShareTerms,
    ReturnedDiscount,
    calculate_cancel,
    requested_settlement_date,
    settlement_date,
)
from settlements.detail import (
    Detail,
    cancel_detail,
    filled,
    order_detail,
    order_of,
    parameters_detail,
)
from settlements.errors import (
    AdditionalFixedAmountFeeCurrencyAndSettlementCurrencyMismatched,
    CancellationAndPaymentTypeMismatched,
    ContractPlatformFixedAmountFeeCurrencyAndSettlementCurrencyMismatched,
    NegativeAmountNotAllowed,
    PaymentNotFound,
)
from settlements.inputs import CancelInput, Discount, ExternalPayment, ManualInput, OrderInput
from settlements.models import TransferStatus, TransferType

Columns = dict[str, Any]


@dataclass(frozen=True, eq=False)
class OrderTerms:
    """What is in force at an order's settlement start date (contract.md e.2)."""

    contract_id: str
    """Public id, for refusals."""
    contract_version_id: int
    contract: ContractTerms
    calculator_version_id: int | None
    calculator: Calculator
    discount_versions: Mapping[str, int]
    discounts: Mapping[str, DiscountShareTerms]
    fee_versions: Mapping[str, int]
    fees: Mapping[str, AdditionalFeeTerms]
    calendar: Calendar
    adjusts_date_after_holiday: bool = True

    @cached_property
    def versions(self) -> Detail:
        """What `detail` keeps of the policy versions; shared by all orders of these terms."""
        return filled(
            discountSharePolicies=dict(self.discount_versions),
            additionalFeePolicies=dict(self.fee_versions),
        )


def external_payment(order: OrderInput) -> ExternalPayment:
    """Payments made elsewhere are all we know (contract.md c.5). Errors: PaymentNotFound."""
    if isinstance(order.external_payment_detail, UnsetType):
        raise PaymentNotFound()
    return order.external_payment_detail


def order_start(order: OrderInput, today: date) -> date:
    """The given start date, else the Korean day of the payment, else today (contract.md e.1)."""
    if not isinstance(order.settlement_start_date, UnsetType):
        return order.settlement_start_date
    paid_at = external_payment(order).paid_at
    return today if isinstance(paid_at, UnsetType) else kst_date(paid_at)


def order_columns(order: OrderInput, terms: OrderTerms, *, today: date) -> Columns:
    """Amounts, dates, status and detail of an order; identity and properties are the caller's.

    Errors: those of `calculated_columns` and
    SettlementDateEarlierThanSettlementStartDate.
    """
    calculated, start = calculated_columns(order, terms), order_start(order, today)
    return calculated | dated_columns(order, terms, start, today=today)


def calculated_columns(order: OrderInput, terms: OrderTerms) -> Columns:
    """What an order comes to, whoever placed it and when: two orders of the same goods, discounts,
    fees, parameters, currency and method have the same under the same terms.

    Errors: PaymentNotFound, CurrencyNotSupported, SettlementParameterNotFound,
    ProductIdDuplicated, SettlementAmountExceeded, the two fixed-fee currency mismatches,
    InvalidRequest.
    """
    payment = external_payment(order)
    check_currency(payment.currency, terms)
    detail = order_detail(order)
    kind, value = order.order_detail.choice
    given = {key: Decimal(v.decimal, v.decimal_scale) for key, v in order.parameters.items()}
    calculation = calculate_order(
        detail, terms, order_amount=value if kind == "order_amount" else 0, given=given
    )
    return {
        "type": TransferType.ORDER,
        "payment_method": detail.get("method", {}).get("type", ""),
        "settlement_currency": payment.currency,
        "contract_version_id": terms.contract_version_id,
        "calculator_version_id": terms.calculator_version_id,
        "detail": detail,
        **calculation.amounts._asdict(),
    }


def dated_columns(order: OrderInput, terms: OrderTerms, start: date, *, today: date) -> Columns:
    """When an order is paid for and settled, and what it is called; `start` is its `order_start`.

    Errors: PaymentNotFound, SettlementDateEarlierThanSettlementStartDate.
    """
    payment = external_payment(order)
    return {
        "status": status_on(start, today),
        "order_name": payment.order_name or "",
        "occurred_at": payment.paid_at or None,
        "settlement_start_date": start,
        "settlement_date": settled_on(order.settlement_date, start, terms),
        "memo": order.memo,
    }


@dataclass(frozen=True, slots=True)
class FrozenOrder:
    """A registered order as its cancels see it: nothing of it is looked up anew (d.3)."""

    terms: OrderTerms
    detail: Mapping[str, Any]
    amounts: Amounts
    settlement_currency: str
    order_name: str
    payment_method: str
    cancels: Sequence[Calculation]
    """What earlier cancels took, oldest first."""


def cancel_start(cancel: CancelInput, today: date) -> date:
    """The given start date, else the Korean day of the cancellation, else today (d.3, e.1).

    Errors: CancellationAndPaymentTypeMismatched.
    """
    if isinstance(cancel.external_cancellation_detail, UnsetType):
        raise CancellationAndPaymentTypeMismatched()
    if not isinstance(cancel.settlement_start_date, UnsetType):
        return cancel.settlement_start_date
    cancelled_at = cancel.external_cancellation_detail.cancelled_at
    return today if isinstance(cancelled_at, UnsetType) else kst_date(cancelled_at)


def cancel_columns(
    cancel: CancelInput, order: FrozenOrder, *, now: datetime, today: date
) -> Columns:
    """Amounts, dates, status and detail of a cancel; identity and properties are the caller's.

    Errors: CancellationAndPaymentTypeMismatched, those of `calculate_cancel` and
    SettlementDateEarlierThanSettlementStartDate.
    """
    start = cancel_start(cancel, today)
    took = calculate_cancel(order.terms.calculator, cancelled_order(order), request_of(cancel))
    external = cancel.external_cancellation_detail
    return {
        "type": TransferType.ORDER_CANCEL,
        "status": status_on(start, today),
        "cancellation_id": cancel.cancellation_id,
        "order_name": order.order_name,
        "payment_method": order.payment_method,
        "occurred_at": (external and external.cancelled_at) or now,
        "settlement_currency": order.settlement_currency,
        "settlement_start_date": start,
        "settlement_date": settled_on(cancel.settlement_date, start, order.terms),
        "memo": cancel.memo,
        "contract_version_id": order.terms.contract_version_id,
        "calculator_version_id": order.terms.calculator_version_id,
        "detail": cancel_detail(cancel, took.calculation, order.detail, earlier=len(order.cancels)),
        **took.calculation.amounts._asdict(),
    }


def manual_columns(manual: ManualInput, partner_currency: str, *, settles_alone: bool) -> Columns:
    """Amount, date and status of an amount by hand; identity and properties are the caller's.

    `settles_alone`: each is paid by itself, so a negative one never could be (contract.md c.4).
    Errors: CurrencyNotSupported, NegativeAmountNotAllowed.
    """
    currency = manual.settlement_currency or partner_currency
    if currency not in CURRENCIES:
        raise CurrencyNotSupported()
    if settles_alone and manual.settlement_amount < 0:
        raise NegativeAmountNotAllowed()
    return {
        "type": TransferType.MANUAL,
        "status": TransferStatus.IN_PROCESS,
        "settlement_currency": currency,
        "settlement_date": manual.settlement_date,
        "settlement_amount": manual.settlement_amount,
        "settlement_tax_free_amount": manual.settlement_tax_free_amount,
        "memo": manual.memo,
    }


def cancelled_order(order: FrozenOrder) -> CancelledOrder:
    terms = order.terms
    inputs = order_of(
        order.detail,
        order_amount=order.amounts.order_amount,
        discounts=terms.discounts,
        fees=terms.fees,
    )
    result = terms.calculator.order(inputs, terms.contract)
    frozen = result._replace(amounts=order.amounts)
    return CancelledOrder(inputs, terms.contract, frozen, order.cancels)


def request_of(cancel: CancelInput) -> CancelRequest:
    """The calculator's request; no order detail means everything that is left (d.3)."""
    tax_free = cancel.tax_free_amount
    request = CancelRequest(
        discounts=_returned(cancel.discounts),
        tax_free_amount=None if isinstance(tax_free, UnsetType) else tax_free,
    )
    if isinstance(cancel.order_detail, UnsetType):
        return request
    kind, value = cancel.order_detail.choice
    if kind == "order_amount":
        return request._replace(amount=value)
    if kind == "order_lines":
        return request._replace(
            lines=tuple(
                CancelledLine(line.product_id, line.quantity, _returned(line.discounts))
                for line in value
            )
        )
    return request


def _returned(discounts: Iterable[Discount]) -> tuple[ReturnedDiscount, ...]:
    return tuple(
        ReturnedDiscount(each.share_policy_id, each.amount, each.tax_free_amount)
        for each in discounts
    )


def calculate_order(
    detail: Detail, terms: OrderTerms, *, order_amount: int, given: Mapping[str, Decimal]
) -> Calculation:
    """Calculate from the detail as it will be stored, and put what it froze into it."""
    parameters = terms.calculator.parameters(given)
    detail |= filled(parameters=parameters_detail(parameters), versions=terms.versions)
    order = order_of(detail, order_amount=order_amount, discounts=terms.discounts, fees=terms.fees)
    calculation = terms.calculator.order(order, terms.contract)
    detail |= filled(formulas=dict(calculation.formulas))
    return calculation


def check_currency(currency: str, terms: OrderTerms) -> None:
    """Fixed fees are won: they fit no other currency (contract.md d.1)."""
    if currency == WON:
        return
    if currency not in CURRENCIES:
        raise CurrencyNotSupported()
    mismatch = {"feeCurrency": WON, "settlementCurrency": currency}
    if terms.contract.fee.is_fixed_amount:
        raise ContractPlatformFixedAmountFeeCurrencyAndSettlementCurrencyMismatched(
            id=terms.contract_id, graphqlId=graphql_id(CONTRACT, terms.contract_id), **mismatch
        )
    for policy_id, fee in terms.fees.items():
        if fee.fee.is_fixed_amount:
            raise AdditionalFixedAmountFeeCurrencyAndSettlementCurrencyMismatched(
                id=policy_id, graphqlId=graphql_id(ADDITIONAL_FEE, policy_id), **mismatch
            )


def status_on(start: date, today: date) -> TransferStatus:
    """Provisional until the start date comes (contract.md e.2)."""
    return TransferStatus.SCHEDULED if start > today else TransferStatus.IN_PROCESS


def settled_on(requested: date | UnsetType, start: date, terms: OrderTerms) -> date:
    """The requested settlement date, else the contract's next one (contract.md e.1)."""
    if not isinstance(requested, UnsetType):
        return requested_settlement_date(start, requested)
    cycle, adjusts = terms.contract.cycle, terms.adjusts_date_after_holiday
    return settlement_date(start, cycle, terms.calendar, adjusts)
