"""What callers say about transfers: the request shapes of contract.md c.11, typed.

The API decodes them from JSON; forms, files and tests build them. Amounts are in the smallest
unit of the currency.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from core.api.wire import Amount, Currency, Empty, Id, OneOf, SignedAmount, Timestamp, Wire
from partners.inputs import PropertyValue

ExternalId = Annotated[str, Meta(min_length=1, max_length=200)]
"""An id another system gave: payment, cancellation, product."""

Title = Annotated[str, Meta(max_length=300)]
Memo = Annotated[str, Meta(max_length=256)]
Quantity = Annotated[int, Meta(ge=1, le=2_147_483_647)]
Scale = Annotated[int, Meta(ge=0, le=5)]


class Product(Wire):
    """`amount` and `tax_free_amount` are of one unit (contract.md c.5)."""

    id: ExternalId
    name: Title
    amount: Amount
    tax_free_amount: Amount | UnsetType = UNSET
    tag: Title | UnsetType = UNSET


class Discount(Wire):
    share_policy_id: str
    amount: Amount
    tax_free_amount: Amount = 0


class AdditionalFee(Wire):
    policy_id: str


class OrderLine(Wire):
    product: Product
    quantity: Quantity
    discounts: list[Discount] = []
    additional_fees: list[AdditionalFee] = []


class OrderDetail(OneOf):
    order_amount: Amount | UnsetType = UNSET
    order_lines: list[OrderLine] | UnsetType = UNSET


class EasyPay(Wire):
    provider: str | UnsetType = UNSET
    method_type: Literal["CARD", "TRANSFER", "CHARGE"] | UnsetType = UNSET


class PaymentMethod(OneOf):
    card: Empty | UnsetType = UNSET
    transfer: Empty | UnsetType = UNSET
    virtual_account: Empty | UnsetType = UNSET
    gift_certificate: Empty | UnsetType = UNSET
    mobile: Empty | UnsetType = UNSET
    easy_pay: EasyPay | UnsetType = UNSET


class ExternalPayment(Wire):
    currency: Currency
    order_name: Title | UnsetType = UNSET
    paid_at: Timestamp | UnsetType = UNSET
    method: PaymentMethod | UnsetType = UNSET


class ParameterValue(Wire):
    """value × 10^-scale"""

    decimal: SignedAmount
    decimal_scale: Scale = 0


class Property(Wire):
    key: str
    value: PropertyValue


class OrderInput(Wire):
    partner_id: str
    payment_id: ExternalId
    order_detail: OrderDetail
    contract_id: str | UnsetType = UNSET
    tax_free_amount: Amount | UnsetType = UNSET
    settlement_start_date: dt.date | UnsetType = UNSET
    settlement_date: dt.date | UnsetType = UNSET
    discounts: list[Discount] = []
    additional_fees: list[AdditionalFee] = []
    external_payment_detail: ExternalPayment | UnsetType = UNSET
    parameters: dict[str, ParameterValue] = {}
    user_defined_properties: list[Property] = []
    memo: Memo = ""
    id: Id | UnsetType = UNSET


class CancelledLine(Wire):
    product_id: ExternalId
    quantity: Quantity
    discounts: list[Discount] = []


class CancelDetail(OneOf):
    all: Empty | UnsetType = UNSET
    order_amount: Amount | UnsetType = UNSET
    order_lines: list[CancelledLine] | UnsetType = UNSET


class ExternalCancellation(Wire):
    cancelled_at: Timestamp | UnsetType = UNSET


class CancelInput(Wire):
    """The order is named by `transfer_id`, or by partner and payment (contract.md d.3)."""

    cancellation_id: ExternalId
    transfer_id: str | UnsetType = UNSET
    partner_id: str | UnsetType = UNSET
    payment_id: ExternalId | UnsetType = UNSET
    order_detail: CancelDetail | UnsetType = UNSET
    tax_free_amount: Amount | UnsetType = UNSET
    discounts: list[Discount] = []
    settlement_start_date: dt.date | UnsetType = UNSET
    settlement_date: dt.date | UnsetType = UNSET
    external_cancellation_detail: ExternalCancellation | UnsetType = UNSET
    user_defined_properties: list[Property] = []
    memo: Memo = ""
    id: Id | UnsetType = UNSET


class ManualInput(Wire):
    partner_id: str
    settlement_amount: SignedAmount
    settlement_date: dt.date
    settlement_tax_free_amount: SignedAmount = 0
    settlement_currency: Currency | UnsetType = UNSET
    user_defined_properties: list[Property] = []
    memo: Memo = ""
    id: Id | UnsetType = UNSET
