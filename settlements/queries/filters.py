"""The filters of contract.md c.11: an empty field restricts nothing, ranges include both ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import Q

Keyword = Callable[[str], Q]


@dataclass(frozen=True)
class DateRange:
    start: date
    end: date


def _with_line(product: Any) -> Q:
    return Q(detail__contains={"lines": [{"product": product}]})


TRANSFER_KEYWORDS: dict[str, Keyword] = {
    "transferMemo": lambda text: Q(memo__icontains=text),
    "partnerName": lambda text: Q(partner__name__icontains=text),
    "partnerMemo": lambda text: Q(partner__memo__icontains=text),
    "partnerSettlementId": lambda text: Q(partner_settlement__public_id__icontains=text),
    "paymentId": lambda text: Q(payment_id=text),
    "transferId": lambda text: Q(public_id=text),
    "productId": lambda text: _with_line({"id": text}) | _with_line(text),  # a cancel keeps ids
    "productName": lambda text: _with_line({"name": text}),
    "partnerId": lambda text: Q(partner__public_id=text),
}
"""Wire name → condition. Payouts adds the ids it knows (payouts.queries.keywords)."""

SETTLEMENT_KEYWORDS: dict[str, Keyword] = {
    "partnerSettlementId": lambda text: Q(public_id=text),
}

SEARCHED_BY_ALL = ("transferMemo", "partnerName", "partnerMemo", "partnerSettlementId")


COMMON_FACTS = frozenset({"settlement_dates", "partner_tags", "contract_ids", "types"})
"""What all transfers of a settlement share; conditions on these fit both."""


@dataclass(frozen=True, kw_only=True)
class TransferFilter:
    settlement_start_dates: DateRange | None = None
    settlement_dates: DateRange | None = None
    partner_tags: Sequence[str] = ()
    contract_ids: Sequence[str] = ()
    discount_share_policy_ids: Sequence[str] = ()
    additional_fee_policy_ids: Sequence[str] = ()
    payment_method_types: Sequence[str] = ()
    types: Sequence[str] = ()
    statuses: Sequence[str] = ()
    property: tuple[str, str] | None = None
    keyword: tuple[str, str] | None = None
    """Wire name (or `all`) and text; an unknown name matches nothing."""

    def holds_for_whole_settlements(self) -> bool:
        """Whether it asks only what all transfers of a settlement have in common; its condition
        may then be put to settlements as well."""
        asked = {each.name for each in fields(self) if getattr(self, each.name)}
        return asked <= COMMON_FACTS

    def condition(self) -> Q:
        return (
            _between("settlement_start_date", self.settlement_start_dates)
            & _between("settlement_date", self.settlement_dates)
            & _if_any("partner__tags__overlap", self.partner_tags)
            & _if_any("contract__public_id__in", self.contract_ids)
            & _if_any(
                "detail__versions__discountSharePolicies__has_any_keys",
                self.discount_share_policy_ids,
            )
            & _if_any(
                "detail__versions__additionalFeePolicies__has_any_keys",
                self.additional_fee_policy_ids,
            )
            & _if_any("payment_method__in", self.payment_method_types)
            & _if_any("type__in", self.types)
            & _if_any("status__in", self.statuses)
            & (Q(properties__contains=dict([self.property])) if self.property else Q())
            & keyword_condition(TRANSFER_KEYWORDS, self.keyword)
        )


@dataclass(frozen=True, kw_only=True)
class SettlementFilter:
    settlement_dates: Sequence[date] = ()
    contract_ids: Sequence[str] = ()
    partner_tags: Sequence[str] = ()
    settlement_currencies: Sequence[str] = ()
    statuses: Sequence[str] = ()
    partner_ids: Sequence[str] = ()
    types: Sequence[str] = ()
    keyword: tuple[str, str] | None = None

    def condition(self, *, with_statuses: bool = True) -> Q:
        """`with_statuses=False` for the counts beside a list, which ignore that filter (a.7)."""
        return (
            _if_any("settlement_date__in", self.settlement_dates)
            & _if_any("contract__public_id__in", self.contract_ids)
            & _if_any("partner__tags__overlap", self.partner_tags)
            & _if_any("settlement_currency__in", self.settlement_currencies)
            & (_if_any("status__in", self.statuses) if with_statuses else Q())
            & _if_any("partner__public_id__in", self.partner_ids)
            & _if_any("type__in", self.types)
            & keyword_condition(SETTLEMENT_KEYWORDS, self.keyword)
        )


def _between(column: str, dates: DateRange | None) -> Q:
    return Q(**{f"{column}__range": (dates.start, dates.end)}) if dates else Q()


def _if_any(lookup: str, values: Sequence[Any]) -> Q:
    return Q(**{lookup: list(values)}) if values else Q()


def keyword_condition(known: dict[str, Keyword], keyword: tuple[str, str] | None) -> Q:
    """What a keyword asks for: wire name (or `all`) and text; an unknown name matches nothing."""
    if keyword is None:
        return Q()
    name, text = keyword
    if name == "all":
        found = Q()
        for each in SEARCHED_BY_ALL:
            found |= known[each](text)
        return found
    return known[name](text) if name in known else Q(pk__in=[])
