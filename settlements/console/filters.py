"""Filters of the two lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest

from core.companies.access import rows
from partners.models import Contract
from settlements.models import PartnerSettlement, Transfer, TransferStatus, TransferType


def contracts(request: HttpRequest) -> QuerySet[Contract]:
    return rows(Contract, request.workspace).order_by("name")  # type: ignore[attr-defined]


class _Filter(django_filters.FilterSet):
    type = django_filters.MultipleChoiceFilter(label="구분", choices=TransferType.choices)
    contract = django_filters.ModelMultipleChoiceFilter(label="계약", queryset=contracts)
    partner_tag = django_filters.CharFilter(
        label="파트너 태그", field_name="partner__tags", lookup_expr="contains", method="tagged"
    )
    partner = django_filters.CharFilter(label="파트너 아이디", field_name="partner__public_id")
    currency = django_filters.CharFilter(label="통화", field_name="settlement_currency")

    def tagged(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(partner__tags__contains=[value])


class SettlementFilter(_Filter):
    class Meta:
        model = PartnerSettlement
        fields: list[str] = []


class TransferFilter(_Filter):
    status = django_filters.MultipleChoiceFilter(label="상태", choices=TransferStatus.choices)
    settlement = django_filters.CharFilter(
        label="정산 내역 아이디", field_name="partner_settlement__public_id"
    )
    payment_method = django_filters.CharFilter(label="결제 수단")

    class Meta:
        model = Transfer
        fields: list[str] = []
