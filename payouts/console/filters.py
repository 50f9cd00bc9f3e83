"""Filters of the payout lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from core.companies.access import rows
from invoices.models import TaxInvoice
from payouts.models import AccountTransfer, BulkPayout, FundingAccount, Payout, Statement
from payouts.models import PayoutMethod as Method


def accounts(request: HttpRequest) -> QuerySet[FundingAccount]:
    return rows(FundingAccount, request.workspace).order_by("name")  # type: ignore[attr-defined]


class BulkFilter(django_filters.FilterSet):
    method = django_filters.ChoiceFilter(label="지급 방법", choices=Method.choices)
    account = django_filters.ModelChoiceFilter(
        label="출금 계좌", queryset=accounts, field_name="funding_account"
    )
    currency = django_filters.CharFilter(label="통화")
    creator = django_filters.CharFilter(
        label="만든 사람", field_name="creator_name", lookup_expr="icontains"
    )

    class Meta:
        model = BulkPayout
        fields: list[str] = []


NO_INVOICE = ("NONE", "없음")


class PayoutFilter(django_filters.FilterSet):
    bulk = django_filters.CharFilter(label="일괄 지급 아이디", field_name="bulk_payout__public_id")
    partner = django_filters.CharFilter(label="파트너 아이디", field_name="partner__public_id")
    method = django_filters.ChoiceFilter(label="지급 방법", choices=Method.choices)
    account = django_filters.ModelChoiceFilter(
        label="출금 계좌", queryset=accounts, field_name="bulk_payout__funding_account"
    )
    invoice = django_filters.MultipleChoiceFilter(
        label="세금계산서 상태",
        choices=[NO_INVOICE, *((k, face.label) for k, face in TaxInvoice.FACES.items())],
        method="with_invoice",
    )
    statement = django_filters.MultipleChoiceFilter(
        label="정산내역서 상태",
        choices=[(k, face.label) for k, face in Statement.FACES.items()],
        method="with_statement",
    )
    currency = django_filters.CharFilter(label="통화")
    invoice_id = django_filters.CharFilter(label="세금계산서 아이디", method="of_invoice")
    last4 = django_filters.CharFilter(label="계좌 끝 네 자리", field_name="account_number_last4")

    class Meta:
        model = Payout
        fields: list[str] = []

    def with_invoice(self, payouts: QuerySet[Payout], name: str, value: list[str]) -> Any:
        return payouts.filter(Q(invoice_status__in=value)) if value else payouts

    def with_statement(self, payouts: QuerySet[Payout], name: str, value: list[str]) -> Any:
        return payouts.filter(Q(statement_status__in=value)) if value else payouts

    def of_invoice(self, payouts: QuerySet[Payout], name: str, value: str) -> Any:
        invoices = rows(TaxInvoice, self.request.workspace).filter(public_id=value)
        return payouts.filter(public_id__in=invoices.values("source_id"))


class TransferFilter(django_filters.FilterSet):
    type = django_filters.ChoiceFilter(label="구분", choices=AccountTransfer.Type.choices)
    account = django_filters.ModelChoiceFilter(
        label="우리 계좌", queryset=accounts, field_name="funding_account"
    )
    holder = django_filters.CharFilter(label="예금주·입금자", lookup_expr="icontains")
    bulk = django_filters.CharFilter(
        label="일괄 지급 아이디", field_name="payout__bulk_payout__public_id"
    )
    payout = django_filters.CharFilter(label="지급 아이디", field_name="payout__public_id")

    class Meta:
        model = AccountTransfer
        fields: list[str] = []
