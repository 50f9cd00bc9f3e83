"""Filters of the two lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest

from core.companies.access import rows
from partners.models import AdditionalFeePolicy, Contract, DiscountSharePolicy
from settlements.console.words import METHODS, seen_properties
from settlements.models import OrderUpload, PartnerSettlement, Transfer, TransferType


def contracts(request: HttpRequest) -> QuerySet[Contract]:
    return rows(Contract, request.workspace).order_by("name")  # type: ignore[attr-defined]


def discount_policies(request: HttpRequest) -> QuerySet[DiscountSharePolicy]:
    return rows(DiscountSharePolicy, request.workspace).order_by("name")  # type: ignore[attr-defined]


def fee_policies(request: HttpRequest) -> QuerySet[AdditionalFeePolicy]:
    return rows(AdditionalFeePolicy, request.workspace).order_by("name")  # type: ignore[attr-defined]


class _Filter(django_filters.FilterSet):
    type = django_filters.MultipleChoiceFilter(label="구분", choices=TransferType.choices)
    contract = django_filters.ModelMultipleChoiceFilter(label="계약", queryset=contracts)
    partner = django_filters.CharFilter(label="파트너 아이디", field_name="partner__public_id")
    partner_tag = django_filters.CharFilter(label="파트너 태그", method="tagged")
    currency = django_filters.CharFilter(label="통화", field_name="settlement_currency")

    def tagged(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(partner__tags__contains=[value])


class SettlementFilter(_Filter):
    class Meta:
        model = PartnerSettlement
        fields: list[str] = []


class TransferFilter(_Filter):
    payment_method = django_filters.MultipleChoiceFilter(
        label="결제 수단", choices=list(METHODS.items())
    )
    discount_policy = django_filters.ModelMultipleChoiceFilter(
        label="할인 분담 정책", queryset=discount_policies, method="with_discount"
    )
    fee_policy = django_filters.ModelMultipleChoiceFilter(
        label="추가 수수료 정책", queryset=fee_policies, method="with_fee"
    )
    upload = django_filters.CharFilter(label="업로드 아이디", method="of_upload")
    product = django_filters.CharFilter(label="상품 아이디", method="with_product")
    settlement = django_filters.CharFilter(
        label="정산 내역 아이디", field_name="partner_settlement__public_id"
    )
    kept_terms = django_filters.DateFilter(
        label="등록할 때의 조건으로 시작한 날",
        field_name="kept_terms_on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    property = django_filters.CharFilter(
        label="속성",
        method="with_property",
        widget=forms.TextInput(attrs={"placeholder": "키=값"}),
    )

    class Meta:
        model = Transfer
        fields: list[str] = []

    def of_upload(self, transfers: QuerySet[Transfer], name: str, value: str) -> QuerySet[Transfer]:
        """By primary key, which transfers are ranged by (transfer_by_upload)."""
        workspace = self.request.workspace
        upload = rows(OrderUpload, workspace).filter(public_id=value).only("pk").first()
        return transfers.filter(upload_id=upload.pk) if upload else transfers.none()

    def with_discount(
        self, transfers: QuerySet[Transfer], name: str, value: QuerySet[DiscountSharePolicy]
    ) -> QuerySet[Transfer]:
        return _with_policy(transfers, "discountSharePolicies", value)

    def with_fee(
        self, transfers: QuerySet[Transfer], name: str, value: QuerySet[AdditionalFeePolicy]
    ) -> QuerySet[Transfer]:
        return _with_policy(transfers, "additionalFeePolicies", value)

    def with_product(
        self, transfers: QuerySet[Transfer], name: str, value: str
    ) -> QuerySet[Transfer]:
        return transfers.filter(detail__contains={"lines": [{"product": {"id": value}}]})

    def with_property(
        self, transfers: QuerySet[Transfer], name: str, value: str
    ) -> QuerySet[Transfer]:
        """`채널=앱`: by key or name of a property this person may see."""
        word, _, wanted = value.partition("=")
        seen = seen_properties(self.request)
        keys = [each.key for each in seen if word.strip() in {each.key, each.name}]
        if not keys:
            return transfers.none()
        return transfers.filter(properties__contains={keys[0]: wanted.strip()})


def _with_policy(
    transfers: QuerySet[Transfer], kind: str, chosen: QuerySet[Any]
) -> QuerySet[Transfer]:
    """Policies frozen in the detail (settlements.detail), by public id."""
    ids = list(chosen.values_list("public_id", flat=True))
    if not ids:
        return transfers
    return transfers.filter(**{f"detail__versions__{kind}__has_any_keys": ids})
