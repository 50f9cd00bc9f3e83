"""Wire shapes (contract.md c): transfers."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from core.api.paging import PageInfo
from core.api.wire import UNSET, Currency, Int32, Int64, Text, Timestamp, UnsetType, Wire
from partners.api.shapes.partners import Partner, PartnerTaxationType, UserDefinedPropertyValue
from partners.api.shapes.policies import AdditionalFeePolicy, Contract, DiscountSharePolicy


class DateRange(Wire):
    from_: dt.date = msgspec.field(name="from")
    until: dt.date


PaymentMethodType = Literal[
    "CARD",
    "TRANSFER",
    "VIRTUAL_ACCOUNT",
    "GIFT_CERTIFICATE",
    "MOBILE",
    "EASY_PAY",
    "CONVENIENCE_STORE",
    "CRYPTO",
]


TransferStatus = Literal[
    "SCHEDULED",
    "IN_PROCESS",
    "SETTLED",
    "IN_PAYOUT",
    "PAID_OUT",
    "PAYOUT_CONFIRMED",
]


TransferSummaryPartnerType = Literal[
    "BUSINESS",
    "WHT_PAYER",
    "NON_WHT_PAYER",
]


class UserDefinedPropertyKeyValue(Wire):
    key: Text
    value: UserDefinedPropertyValue


class TransferSummaryPartner(Wire):
    id: Text
    graphql_id: Text
    name: Text
    type: TransferSummaryPartnerType
    taxation_type: PartnerTaxationType | UnsetType = UNSET
    user_defined_properties: list[UserDefinedPropertyKeyValue]


class ManualTransferSummary(Wire, tag_field="type", tag="MANUAL"):
    id: Text
    graphql_id: Text
    partner: TransferSummaryPartner
    status: TransferStatus
    memo: Text | UnsetType = UNSET
    settlement_date: dt.date
    settlement_currency: Currency
    is_for_test: bool
    partner_user_defined_properties: list[UserDefinedPropertyKeyValue]
    user_defined_properties: list[UserDefinedPropertyKeyValue]
    settlement_amount: Int64
    settlement_tax_free_amount: Int64


UserDefinedFormulaResults = dict[str, Int64]


class OrderSettlementAmount(Wire):
    settlement: Int64
    settlement_tax_free: Int64
    payment: Int64
    payment_vat: Int64
    payment_vat_burden: Int64
    payment_tax_free: Int64
    payment_supply: Int64
    order: Int64
    order_tax_free: Int64
    platform_fee: Int64
    platform_fee_vat: Int64
    additional_fee: Int64
    additional_fee_vat: Int64
    discount: Int64
    discount_tax_free: Int64
    discount_share: Int64
    discount_share_tax_free: Int64
    user_defined_formulas: UserDefinedFormulaResults


class TransferSummaryExternalPayment(Wire, tag_field="type", tag="EXTERNAL"):
    id: Text
    order_name: Text | UnsetType = UNSET
    currency: Currency
    method_type: PaymentMethodType | UnsetType = UNSET


class TransferSummaryPortOnePayment(Wire, tag_field="type", tag="PORT_ONE"):
    id: Text
    order_name: Text
    currency: Currency
    method_type: PaymentMethodType | UnsetType = UNSET


TransferSummaryPayment = TransferSummaryExternalPayment | TransferSummaryPortOnePayment


class OrderCancelTransferSummary(Wire, tag_field="type", tag="ORDER_CANCEL"):
    id: Text
    graphql_id: Text
    store_id: Text
    partner: TransferSummaryPartner
    contract: Contract
    status: TransferStatus
    memo: Text | UnsetType = UNSET
    settlement_date: dt.date
    settlement_currency: Currency
    is_for_test: bool
    partner_user_defined_properties: list[UserDefinedPropertyKeyValue]
    user_defined_properties: list[UserDefinedPropertyKeyValue]
    amount: OrderSettlementAmount
    payment: TransferSummaryPayment
    settlement_start_date: dt.date


class OrderTransferSummary(Wire, tag_field="type", tag="ORDER"):
    id: Text
    graphql_id: Text
    store_id: Text
    partner: TransferSummaryPartner
    contract: Contract
    status: TransferStatus
    memo: Text | UnsetType = UNSET
    settlement_date: dt.date
    settlement_currency: Currency
    is_for_test: bool
    partner_user_defined_properties: list[UserDefinedPropertyKeyValue]
    user_defined_properties: list[UserDefinedPropertyKeyValue]
    amount: OrderSettlementAmount
    payment: TransferSummaryPayment
    settlement_start_date: dt.date


TransferSummary = ManualTransferSummary | OrderCancelTransferSummary | OrderTransferSummary


class GetTransferSummariesResponse(Wire):
    transfer_summaries: list[TransferSummary]
    page: PageInfo


class ManualTransfer(Wire, tag_field="type", tag="MANUAL"):
    id: Text
    graphql_id: Text
    partner: Partner
    status: TransferStatus
    memo: Text | UnsetType = UNSET
    settlement_date: dt.date
    settlement_currency: Currency
    payout_id: Text | UnsetType = UNSET
    payout_graphql_id: Text | UnsetType = UNSET
    is_for_test: bool
    user_defined_properties: list[UserDefinedPropertyKeyValue]
    settlement_amount: Int64
    settlement_tax_free_amount: Int64


class CreateManualTransferResponse(Wire):
    transfer: ManualTransfer


class OrderTransferAdditionalFee(Wire):
    policy: AdditionalFeePolicy
    amount: Int64
    vat: Int64


class OrderTransferCancellation(Wire):
    id: Text
    cancelled_at: Timestamp


class OrderTransferDiscount(Wire):
    share_policy: DiscountSharePolicy
    amount: Int64
    tax_free_amount: Int64
    share_amount: Int64
    share_tax_free_amount: Int64


class OrderTransferProduct(Wire):
    id: Text
    name: Text
    amount: Int64
    tax_free_amount: Int64
    tag: Text | UnsetType = UNSET


class OrderTransferOrderLine(Wire):
    product: OrderTransferProduct
    quantity: Int32
    discounts: list[OrderTransferDiscount]
    additional_fees: list[OrderTransferAdditionalFee]
    amount: OrderSettlementAmount


class PaymentMethodCard(Wire, tag_field="type", tag="CARD"):
    """Nothing."""


EasyPayMethodType = Literal[
    "CARD",
    "TRANSFER",
    "CHARGE",
]


class PaymentMethodEasyPay(Wire, tag_field="type", tag="EASY_PAY"):
    provider: str | UnsetType = UNSET
    method_type: EasyPayMethodType | UnsetType = UNSET


class PaymentMethodGiftCertificate(Wire, tag_field="type", tag="GIFT_CERTIFICATE"):
    """Nothing."""


class PaymentMethodMobile(Wire, tag_field="type", tag="MOBILE"):
    """Nothing."""


class PaymentMethodTransfer(Wire, tag_field="type", tag="TRANSFER"):
    """Nothing."""


class PaymentMethodVirtualAccount(Wire, tag_field="type", tag="VIRTUAL_ACCOUNT"):
    """Nothing."""


PaymentMethod = (
    PaymentMethodCard
    | PaymentMethodEasyPay
    | PaymentMethodGiftCertificate
    | PaymentMethodMobile
    | PaymentMethodTransfer
    | PaymentMethodVirtualAccount
)


class ExternalPayment(Wire, tag_field="type", tag="EXTERNAL"):
    id: Text
    order_name: Text | UnsetType = UNSET
    currency: Currency
    method: PaymentMethod | UnsetType = UNSET
    paid_at: Timestamp | UnsetType = UNSET


class PortOnePayment(Wire, tag_field="type", tag="PORT_ONE"):
    id: Text
    store_id: Text
    channel_key: Text
    order_name: Text
    method: PaymentMethod | UnsetType = UNSET
    currency: Currency
    paid_at: Timestamp


Payment = ExternalPayment | PortOnePayment


class SettlementParameterValue(Wire):
    decimal: Int64
    decimal_scale: Int32 | UnsetType = UNSET


TransferParameters = dict[str, SettlementParameterValue]


class OrderCancelTransfer(Wire, tag_field="type", tag="ORDER_CANCEL"):
    id: Text
    graphql_id: Text
    partner: Partner
    status: TransferStatus
    memo: Text | UnsetType = UNSET
    settlement_date: dt.date
    settlement_currency: Currency
    payout_id: Text | UnsetType = UNSET
    payout_graphql_id: Text | UnsetType = UNSET
    is_for_test: bool
    user_defined_properties: list[UserDefinedPropertyKeyValue]
    amount: OrderSettlementAmount
    contract: Contract
    payment: Payment
    settlement_start_date: dt.date
    order_lines: list[OrderTransferOrderLine]
    additional_fees: list[OrderTransferAdditionalFee]
    discounts: list[OrderTransferDiscount]
    cancellation: OrderTransferCancellation
    parameters: TransferParameters


class CreateOrderCancelTransferResponse(Wire):
    transfer: OrderCancelTransfer


class OrderTransfer(Wire, tag_field="type", tag="ORDER"):
    id: Text
    graphql_id: Text
    partner: Partner
    status: TransferStatus
    memo: Text | UnsetType = UNSET
    settlement_date: dt.date
    settlement_currency: Currency
    payout_id: Text | UnsetType = UNSET
    payout_graphql_id: Text | UnsetType = UNSET
    is_for_test: bool
    user_defined_properties: list[UserDefinedPropertyKeyValue]
    amount: OrderSettlementAmount
    contract: Contract
    payment: Payment
    settlement_start_date: dt.date
    order_lines: list[OrderTransferOrderLine]
    additional_fees: list[OrderTransferAdditionalFee]
    discounts: list[OrderTransferDiscount]
    parameters: TransferParameters


class CreateOrderTransferResponse(Wire):
    transfer: OrderTransfer


Transfer = ManualTransfer | OrderCancelTransfer | OrderTransfer


class DeleteTransferResponse(Wire):
    """Nothing."""
