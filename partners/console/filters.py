"""Filters of the partner and policy lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest

from core.companies.access import rows
from core.companies.models import Permission
from partners.banks import BANKS
from partners.models import (
    AccountStatus,
    AdditionalFeePolicy,
    BusinessStatus,
    ConnectionStatus,
    Contract,
    CycleType,
    DatePolicy,
    DiscountSharePolicy,
    Partner,
    PartnerType,
    PropertyDefinition,
    TaxationType,
    VatPayer,
)

BANK_CHOICES = [(bank.id, bank.name) for bank in BANKS.values()]


def contracts(request: HttpRequest) -> QuerySet[Contract]:
    return rows(Contract, request.workspace).order_by("name")  # type: ignore[attr-defined]


class PartnerFilter(django_filters.FilterSet):
    type = django_filters.MultipleChoiceFilter(label="유형", choices=PartnerType.choices)
    tag = django_filters.CharFilter(label="태그", method="tagged")
    default_contract = django_filters.ModelMultipleChoiceFilter(
        label="기본 계약", queryset=contracts
    )
    taxation_type = django_filters.MultipleChoiceFilter(
        label="과세 유형", choices=TaxationType.choices
    )
    business_status = django_filters.MultipleChoiceFilter(
        label="사업 상태", choices=BusinessStatus.choices
    )
    account_status = django_filters.MultipleChoiceFilter(
        label="계좌 상태", choices=AccountStatus.choices
    )
    connection_status = django_filters.MultipleChoiceFilter(
        label="국세청 연동", choices=ConnectionStatus.choices
    )
    bank = django_filters.ChoiceFilter(label="은행", choices=BANK_CHOICES)
    property = django_filters.CharFilter(
        label="속성",
        method="with_property",
        widget=forms.TextInput(attrs={"placeholder": "키=값"}),
    )

    class Meta:
        model = Partner
        fields: list[str] = []

    def tagged(self, partners: QuerySet[Partner], name: str, value: str) -> QuerySet[Partner]:
        return partners.filter(tags__contains=[value])

    def with_property(
        self, partners: QuerySet[Partner], name: str, value: str
    ) -> QuerySet[Partner]:
        """`등급=A`: by key or name of a property this person may see."""
        word, _, wanted = value.partition("=")
        request: Any = self.request
        seen = PropertyDefinition.objects.filter(workspace=request.workspace, object_type="PARTNER")
        if not request.member.may(Permission.SECRET_VIEW):
            seen = seen.filter(is_secret=False)
        keys = [d.key for d in seen if word.strip() in {d.key, d.name}]
        if not keys:
            return partners.none()
        return partners.filter(properties__contains={keys[0]: wanted.strip()})


class ContractFilter(django_filters.FilterSet):
    cycle_type = django_filters.MultipleChoiceFilter(label="정산 주기", choices=CycleType.choices)
    date_policy = django_filters.MultipleChoiceFilter(
        label="공휴일 처리", choices=DatePolicy.choices
    )
    fee_vat_payer = django_filters.MultipleChoiceFilter(
        label="수수료 부가세", choices=VatPayer.choices
    )

    class Meta:
        model = Contract
        fields: list[str] = []


class DiscountShareFilter(django_filters.FilterSet):
    class Meta:
        model = DiscountSharePolicy
        fields: list[str] = []


class AdditionalFeeFilter(django_filters.FilterSet):
    vat_payer = django_filters.MultipleChoiceFilter(label="수수료 부가세", choices=VatPayer.choices)

    class Meta:
        model = AdditionalFeePolicy
        fields: list[str] = []
