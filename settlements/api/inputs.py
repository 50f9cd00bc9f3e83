"""Bodies of the settlement list and its deletion (contract.md c.11)."""

from __future__ import annotations

import datetime as dt

from msgspec import UNSET, UnsetType

from core.api.paging import PageInput
from core.api.wire import AtMostOne, Currency, Text, Wire
from settlements.api.shapes.settlements import PartnerSettlementStatus
from settlements.models import TransferType
from settlements.queries.filters import SettlementFilter


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
            keyword=self._keyword(),
        )

    def _keyword(self) -> tuple[str, str] | None:
        choice = None if isinstance(self.keyword, UnsetType) else self.keyword.choice
        if choice is None:
            return None
        name, text = choice
        return {
            "partner_settlement_id": "partnerSettlementId",
            "payout_id": "payoutId",
            "bulk_payout_id": "bulkPayoutId",
        }[name], text


class GetSettlementsBody(Wire):
    filter: SettlementFilterInput
    is_for_test: bool | UnsetType = UNSET
    page: PageInput | UnsetType = UNSET


class DeleteSettlementsBody(Wire):
    partner_settlement_ids: list[Text]
    is_for_test: bool | UnsetType = UNSET
