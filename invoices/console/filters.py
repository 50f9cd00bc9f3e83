"""Filters of the document lists."""

from __future__ import annotations

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from invoices.models import (
    BulkTaxInvoice,
    Counterparty,
    IssuanceType,
    PurposeType,
    TaxationType,
    TaxInvoice,
)

DOCUMENT_TYPES = [("NORMAL", "일반"), ("MODIFICATION", "수정")]
YES_NO = [("yes", "지연 발행"), ("no", "기한 내")]


class InvoiceFilter(django_filters.FilterSet):
    issuance_type = django_filters.MultipleChoiceFilter(
        label="발행 유형", choices=IssuanceType.choices
    )
    taxation_type = django_filters.MultipleChoiceFilter(
        label="과세 유형", choices=TaxationType.choices
    )
    document = django_filters.ChoiceFilter(
        label="문서 형태", choices=DOCUMENT_TYPES, method="of_document"
    )
    delayed = django_filters.ChoiceFilter(label="지연 발행", choices=YES_NO, method="of_delay")
    purpose_type = django_filters.MultipleChoiceFilter(
        label="영수·청구", choices=PurposeType.choices
    )
    issuance_due_date = django_filters.DateFilter(
        label="발행 기한", widget=forms.DateInput(attrs={"type": "date"})
    )
    due_until = django_filters.DateFilter(
        label="발행 기한 이전",
        field_name="issuance_due_date",
        lookup_expr="lte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    bulk = django_filters.CharFilter(label="일괄 아이디", field_name="bulk__public_id")
    source_id = django_filters.CharFilter(label="지급 아이디")
    counterparty = django_filters.CharFilter(label="거래처 아이디", method="of_counterparty")

    class Meta:
        model = TaxInvoice
        fields: list[str] = []

    def of_document(
        self, found: QuerySet[TaxInvoice], name: str, value: str
    ) -> QuerySet[TaxInvoice]:
        plain = Q(modification_type="")
        return found.filter(plain if value == "NORMAL" else ~plain)

    def of_delay(self, found: QuerySet[TaxInvoice], name: str, value: str) -> QuerySet[TaxInvoice]:
        return found.filter(is_delayed=value == "yes")

    def of_counterparty(
        self, found: QuerySet[TaxInvoice], name: str, value: str
    ) -> QuerySet[TaxInvoice]:
        return found.filter(
            Q(supplier_counterparty__public_id=value) | Q(recipient_counterparty__public_id=value)
        )


class BulkFilter(django_filters.FilterSet):
    source = django_filters.MultipleChoiceFilter(
        label="만든 곳", choices=BulkTaxInvoice.Source.choices
    )
    issuance_type = django_filters.MultipleChoiceFilter(
        label="발행 유형", choices=IssuanceType.choices
    )

    class Meta:
        model = BulkTaxInvoice
        fields: list[str] = []


class CounterpartyFilter(django_filters.FilterSet):
    connection = django_filters.MultipleChoiceFilter(
        label="국세청 연동", choices=Counterparty.Connection.choices
    )
    business_status = django_filters.MultipleChoiceFilter(
        label="사업 상태", choices=Counterparty.BusinessStatus.choices
    )
    linked = django_filters.ChoiceFilter(
        label="파트너",
        choices=[("yes", "파트너 연결"), ("no", "직접 등록")],
        method="of_partner",
    )

    class Meta:
        model = Counterparty
        fields: list[str] = []

    def of_partner(
        self, found: QuerySet[Counterparty], name: str, value: str
    ) -> QuerySet[Counterparty]:
        return found.filter(partner__isnull=value == "no")
