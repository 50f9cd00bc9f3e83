"""Bodies of lists, sheets and deletions (contract.md c.11)."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from core.api.paging import PageInput
from core.api.wire import AtMostOne, Currency, Text, Wire
from settlements.api.shapes.settlements import PartnerSettlementStatus
from settlements.models import TransferStatus, TransferType
from settlements.queries.filters import DateRange, SettlementFilter, TransferFilter


class SettlementKeyword(AtMostOne):
    partner_settlement_id: Text | UnsetType = UNSET
    payout_id: Text | UnsetType = UNSET
    bulk_payout_id: Text | UnsetType = UNSET


class SettlementFilterInput(Wire):
    settlement_dates: list[dt.date] = []
    contract_ids: list[Text] = []
    partner_tags: list[Text] = []
    settlement_currencies: list[Currency] = []
    statuses: list[PartnerSettlementStatus] = []
    partner_ids: list[Text] = []
    settlement_types: list[TransferType] = []
    keyword: SettlementKeyword | UnsetType = UNSET

    def as_filter(self) -> SettlementFilter:
        return SettlementFilter(
            settlement_dates=self.settlement_dates,
            contract_ids=self.contract_ids,
            partner_tags=self.partner_tags,
            settlement_currencies=self.settlement_currencies,
            statuses=self.statuses,
            partner_ids=self.partner_ids,
            types=self.settlement_types,
            keyword=_named(self.keyword),
        )


class GetSettlementsBody(Wire):
    filter: SettlementFilterInput
    is_for_test: bool | UnsetType = UNSET
    page: PageInput | UnsetType = UNSET


class DeleteSettlementsBody(Wire):
    partner_settlement_ids: list[Text]
    is_for_test: bool | UnsetType = UNSET


MoveIds = Annotated[list[Text], msgspec.Meta(min_length=1, max_length=10_000)]


class MoveSettlementsBody(Wire):
    partner_settlement_ids: MoveIds
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=256, pattern=r"^[^\x00]*$")]
    is_for_test: bool | UnsetType = UNSET


class RestoreSettlementsBody(Wire):
    partner_settlement_ids: MoveIds
    reason: Annotated[str, msgspec.Meta(max_length=256, pattern=r"^[^\x00]*$")] = ""
    is_for_test: bool | UnsetType = UNSET


class MovedSettlementsResponse(Wire):
    partner_settlement_count: int


class DateRangeInput(Wire):
    from_: dt.date = msgspec.field(name="from")
    until: dt.date


class PropertyMatch(Wire):
    key: Text
    value: Text


class TransferKeyword(AtMostOne):
    all: Text | UnsetType = UNSET
    payment_id: Text | UnsetType = UNSET
    transfer_id: Text | UnsetType = UNSET
    transfer_memo: Text | UnsetType = UNSET
    product_id: Text | UnsetType = UNSET
    product_name: Text | UnsetType = UNSET
    partner_id: Text | UnsetType = UNSET
    partner_name: Text | UnsetType = UNSET
    partner_memo: Text | UnsetType = UNSET
    partner_settlement_id: Text | UnsetType = UNSET
    payout_id: Text | UnsetType = UNSET


class TransferFilterInput(Wire):
    settlement_start_date_range: DateRangeInput | UnsetType = UNSET
    settlement_date_range: DateRangeInput | UnsetType = UNSET
    partner_tags: list[Text] = []
    contract_ids: list[Text] = []
    discount_share_policy_ids: list[Text] = []
    additional_fee_policy_ids: list[Text] = []
    payment_method_types: list[Text] = []
    channel_keys: list[Text] = []
    types: list[TransferType] = []
    statuses: list[TransferStatus] = []
    user_defined_property: PropertyMatch | UnsetType = UNSET
    keyword: TransferKeyword | UnsetType = UNSET
    is_for_test: bool | UnsetType = UNSET

    alternatives: ClassVar = ("settlementStartDateRange", "settlementDateRange")

    def __post_init__(self) -> None:
        if self.settlement_start_date_range and self.settlement_date_range:
            raise ValueError(f"{' and '.join(self.alternatives)} exclude each other")

    def as_filter(self) -> TransferFilter:
        match = self.user_defined_property
        return TransferFilter(
            settlement_start_dates=_dates(self.settlement_start_date_range),
            settlement_dates=_dates(self.settlement_date_range),
            partner_tags=self.partner_tags,
            contract_ids=self.contract_ids,
            discount_share_policy_ids=self.discount_share_policy_ids,
            additional_fee_policy_ids=self.additional_fee_policy_ids,
            payment_method_types=self.payment_method_types,
            types=self.types,
            statuses=self.statuses,
            property=None if isinstance(match, UnsetType) else (match.key, match.value),
            keyword=_named(self.keyword),
        )


class GetTransferSummariesBody(Wire):
    page: PageInput | UnsetType = UNSET
    filter: TransferFilterInput = msgspec.field(default_factory=TransferFilterInput)


class DownloadTransferSheetBody(Wire):
    filter: TransferFilterInput = msgspec.field(default_factory=TransferFilterInput)
    fields: list[Text] = []


def _dates(span: DateRangeInput | UnsetType) -> DateRange | None:
    return None if isinstance(span, UnsetType) else DateRange(span.from_, span.until)


def _named(keyword: AtMostOne | UnsetType) -> tuple[str, str] | None:
    """The keyword that was given, by its wire name."""
    choice = None if isinstance(keyword, UnsetType) else keyword.choice
    if choice is None:
        return None
    name, text = choice
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest), text
