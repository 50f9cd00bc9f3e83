"""Filters of the two lists: all that the contract filters and searches by (contract.md c.11)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from core.companies.access import rows
from core.console.grid.several import Several
from partners.models import (
    AdditionalFeePolicy,
    Contract,
    DiscountSharePolicy,
    Partner,
    PartnerType,
    TaxationType,
)
from partners.queries import seen_properties
from settlements.console import finding
from settlements.console.words import METHODS
from settlements.models import OrderUpload, PartnerSettlement, Transfer, TransferType
from settlements.queries import SETTLEMENT_KEYWORDS, TRANSFER_KEYWORDS, keyword_condition

OF_PARTNERS = "partner"
"""Begins the names of filters that ask for partners, and then for what is theirs."""

KEY_AND_VALUE = forms.TextInput(attrs={"placeholder": "키=값"})


Choices = partial(django_filters.MultipleChoiceFilter, distinct=False)
Rows = partial(django_filters.ModelMultipleChoiceFilter, distinct=False)
"""DISTINCT would sort the whole list; none of these finds a row twice."""


def contracts(request: HttpRequest) -> QuerySet[Contract]:
    return rows(Contract, request.workspace).order_by("name")  # type: ignore[attr-defined]


def discount_policies(request: HttpRequest) -> QuerySet[DiscountSharePolicy]:
    return rows(DiscountSharePolicy, request.workspace).order_by("name")  # type: ignore[attr-defined]


def fee_policies(request: HttpRequest) -> QuerySet[AdditionalFeePolicy]:
    return rows(AdditionalFeePolicy, request.workspace).order_by("name")  # type: ignore[attr-defined]


class _Filter(django_filters.FilterSet):
    type = Choices(label="구분", choices=TransferType.choices)
    contract = Rows(label="계약", queryset=contracts)
    partner = Several(
        label="파트너",
        method="named",
        offer=finding.offer_partners,
        named=finding.name_partners,
    )
    partner_tag = Several(
        label="파트너 태그", field_name="tags", lookup_expr="overlap", offer=finding.offer_tags
    )
    partner_type = Choices(label="파트너 유형", field_name="type", choices=PartnerType.choices)
    partner_taxation = Choices(
        label="과세 유형", field_name="taxation_type", choices=TaxationType.choices
    )
    partner_memo = django_filters.CharFilter(
        label="파트너 메모", field_name="memo", lookup_expr="icontains"
    )
    partner_property = django_filters.CharFilter(
        label="파트너 속성", method="with_property", widget=KEY_AND_VALUE
    )
    currency = Several(
        label="통화", field_name="settlement_currency", offer=finding.offer_currencies
    )
    payout = django_filters.CharFilter(label="지급 아이디", method="in_payout")
    bulk_payout = django_filters.CharFilter(label="일괄 지급 아이디", method="in_payout")

    searched: frozenset[str] = frozenset()
    """Filters that may ask for few of many without an index in the list's order: they come last,
    and are looked for once (finding.once)."""

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.form.cleaned_data
        own = [n for n in asked if not n.startswith(OF_PARTNERS) and n not in self.searched]
        found = self._of_partners(self._filtered(queryset, own))
        searched = self._filtered(found, self.searched)
        return found if searched is found else finding.once(found, searched)

    def _of_partners(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        partners = rows(Partner, self.request.workspace)
        names = [name for name in self.filters if name.startswith(OF_PARTNERS)]
        wanted = self._filtered(partners, names)
        if wanted is partners:
            return queryset
        return finding.belonging_to(queryset, "partner", wanted)

    def _filtered(self, queryset: QuerySet[Any], names: Any) -> QuerySet[Any]:
        """The very same queryset when nothing is asked."""
        for name in names:
            queryset = self.filters[name].filter(queryset, self.form.cleaned_data.get(name))
        return queryset

    def named(self, partners: QuerySet[Partner], name: str, value: list[str]) -> QuerySet[Partner]:
        """Chosen ones by id; what was typed may be a whole name as well."""
        return partners.filter(Q(public_id__in=value) | Q(name__in=value))

    def with_property(self, owners: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """`채널=앱`: by key or name of a property this person may see."""
        word, _, wanted = value.partition("=")
        kind = "PARTNER" if name.startswith(OF_PARTNERS) else "TRANSFER"
        seen = seen_properties(self.request.workspace, self.request.actor)
        mine = (each for each in seen if each.object_type == kind)
        key = next((each.key for each in mine if word.strip() in {each.key, each.name}), None)
        if key is None:
            return owners.none()
        return owners.filter(properties__contains={key: wanted.strip()})

    def in_payout(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        keyword = {"payout": "payoutId", "bulk_payout": "bulkPayoutId"}[name]
        return self.of_settlements(
            queryset, keyword_condition(SETTLEMENT_KEYWORDS, (keyword, value))
        )

    def of_settlements(self, queryset: QuerySet[Any], condition: Q) -> QuerySet[Any]:
        raise NotImplementedError


class SettlementFilter(_Filter):
    settled_on = Several(label="정산일", method="of_days", offer=finding.offer_dates)
    settlement = django_filters.CharFilter(label="정산 내역 아이디", field_name="public_id")
    memo = django_filters.CharFilter(label="메모", lookup_expr="icontains")

    class Meta:
        model = PartnerSettlement
        fields: list[str] = []

    def of_days(
        self, settlements: QuerySet[PartnerSettlement], name: str, value: list[str]
    ) -> QuerySet[PartnerSettlement]:
        return settlements.filter(settlement_date__in=[day for day in map(_day, value) if day])

    def of_settlements(self, queryset: QuerySet[Any], condition: Q) -> QuerySet[Any]:
        return queryset.filter(
            pk__in=rows(PartnerSettlement, self.request.workspace).filter(condition)
        )


class TransferFilter(_Filter):
    payment = django_filters.CharFilter(label="결제 아이디", field_name="payment_id")
    cancellation = django_filters.CharFilter(label="취소 아이디", method="of_cancellation")
    payment_method = Choices(label="결제 수단", choices=list(METHODS.items()))
    settlement = django_filters.CharFilter(label="정산 내역 아이디", method="in_settlement")
    upload = django_filters.CharFilter(label="업로드 아이디", method="of_upload")
    kept_terms = django_filters.DateFilter(
        label="등록할 때의 조건으로 시작한 날",
        field_name="kept_terms_on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    order_name = django_filters.CharFilter(label="주문명", lookup_expr="icontains")
    memo = django_filters.CharFilter(label="메모", lookup_expr="icontains")
    property = django_filters.CharFilter(label="속성", method="with_property", widget=KEY_AND_VALUE)
    discount_policy = Rows(
        label="할인 분담 정책", queryset=discount_policies, method="with_discount"
    )
    fee_policy = Rows(label="추가 수수료 정책", queryset=fee_policies, method="with_fee")
    product = django_filters.CharFilter(label="상품 아이디", method="with_product")
    product_name = django_filters.CharFilter(label="상품명", method="with_product")

    searched = frozenset(
        {
            "type",
            "currency",
            "payment_method",
            "kept_terms",
            "cancellation",
            "order_name",
            "memo",
            "property",
            "discount_policy",
            "fee_policy",
            "product",
            "product_name",
        }
    )

    class Meta:
        model = Transfer
        fields: list[str] = []

    def of_cancellation(
        self, transfers: QuerySet[Transfer], name: str, value: str
    ) -> QuerySet[Transfer]:
        return transfers.filter(type=TransferType.ORDER_CANCEL, cancellation_id=value)

    def in_settlement(
        self, transfers: QuerySet[Transfer], name: str, value: str
    ) -> QuerySet[Transfer]:
        """As the contract's keyword: part of an id will do."""
        return self.of_settlements(transfers, Q(public_id__icontains=value))

    def of_settlements(self, queryset: QuerySet[Any], condition: Q) -> QuerySet[Any]:
        settlements = rows(PartnerSettlement, self.request.workspace).filter(condition)
        return finding.belonging_to(queryset, "partner_settlement", settlements)

    def of_upload(self, transfers: QuerySet[Transfer], name: str, value: str) -> QuerySet[Transfer]:
        """By primary key, which transfers are ranged by (transfer_by_upload)."""
        workspace = self.request.workspace
        upload = rows(OrderUpload, workspace).filter(public_id=value).only("pk").first()
        return transfers.filter(upload_id=upload.pk) if upload else transfers.none()

    def with_discount(
        self, transfers: QuerySet[Transfer], name: str, value: list[DiscountSharePolicy]
    ) -> QuerySet[Transfer]:
        return _with_policy(transfers, "discountSharePolicies", value)

    def with_fee(
        self, transfers: QuerySet[Transfer], name: str, value: list[AdditionalFeePolicy]
    ) -> QuerySet[Transfer]:
        return _with_policy(transfers, "additionalFeePolicies", value)

    def with_product(
        self, transfers: QuerySet[Transfer], name: str, value: str
    ) -> QuerySet[Transfer]:
        keyword = {"product": "productId", "product_name": "productName"}[name]
        return transfers.filter(TRANSFER_KEYWORDS[keyword](value))


def _with_policy(
    transfers: QuerySet[Transfer], kind: str, chosen: Iterable[Any]
) -> QuerySet[Transfer]:
    """Policies frozen in the detail (settlements.detail), by public id."""
    ids = [policy.public_id for policy in chosen]
    if not ids:
        return transfers
    return transfers.filter(**{f"detail__versions__{kind}__has_any_keys": ids})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
