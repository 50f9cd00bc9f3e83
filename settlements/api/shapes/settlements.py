"""Wire shapes (contract.md c): settlements."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from core.api.paging import PageInfo
from core.api.wire import UNSET, Currency, Int64, Text, Timestamp, UnsetType, Wire
from partners.api.shapes.partners import Partner
from partners.api.shapes.policies import Contract
from settlements.api.shapes.transfers import DateRange, OrderSettlementAmount


class DeletePartnerSettlementsResponse(Wire):
    """Nothing."""


PartnerSettlementStatus = Literal[
    "PAYOUT_SCHEDULED",
    "PAYOUT_PREPARED",
    "PAYOUT_WITHHELD",
    "PAYOUT_EXCLUDED",
    "PAYOUT_FAILED",
    "IN_PAYOUT",
    "PAID_OUT",
    "CANCELLED",
    "CONFIRMED",
]


class PartnerManualSettlement(Wire, tag_field="type", tag="MANUAL"):
    id: Text
    graphql_id: Text
    partner: Partner
    settlement_date: dt.date
    settlement_currency: Currency
    status: PartnerSettlementStatus
    status_updated_at: Timestamp | UnsetType = UNSET
    memo: Text | UnsetType = UNSET
    amount: Int64
    tax_free_amount: Int64
    is_for_test: bool


class PartnerOrderCancelSettlement(Wire, tag_field="type", tag="ORDER_CANCEL"):
    id: Text
    graphql_id: Text
    partner: Partner
    settlement_date: dt.date
    settlement_currency: Currency
    status: PartnerSettlementStatus
    status_updated_at: Timestamp | UnsetType = UNSET
    memo: Text | UnsetType = UNSET
    contract: Contract
    settlement_start_date_range: DateRange
    amount: OrderSettlementAmount
    is_for_test: bool


class PartnerOrderSettlement(Wire, tag_field="type", tag="ORDER"):
    id: Text
    graphql_id: Text
    partner: Partner
    settlement_date: dt.date
    settlement_currency: Currency
    status: PartnerSettlementStatus
    status_updated_at: Timestamp | UnsetType = UNSET
    memo: Text | UnsetType = UNSET
    contract: Contract
    settlement_start_date_range: DateRange
    amount: OrderSettlementAmount
    is_for_test: bool


PartnerSettlement = PartnerManualSettlement | PartnerOrderCancelSettlement | PartnerOrderSettlement


class PartnerSettlementStatusStats(Wire):
    payout_scheduled: Int64
    payout_prepared: Int64
    payout_withheld: Int64
    payout_excluded: Int64
    payout_failed: Int64
    payout_cancelled: Int64
    payout_confirmed: Int64
    in_payout: Int64
    paid_out: Int64


class GetPartnerSettlementsResponse(Wire):
    items: list[PartnerSettlement]
    page: PageInfo
    counts: PartnerSettlementStatusStats
