"""Counterparty (거래처): a business we exchange tax invoices with (contract.md c.9)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.companies.models import WorkspaceRow
from partners.models import Partner


class Counterparty(WorkspaceRow):
    class Connection(models.TextChoices):
        NOT_CONNECTED = "NOT_CONNECTED", "미연동"
        PENDING_CONNECT = "PENDING_CONNECT", "연동 중"
        CONNECTED = "CONNECTED", "연동됨"
        PENDING_DISCONNECT = "PENDING_DISCONNECT", "해제 중"
        ERROR = "ERROR", "오류"

    class BusinessStatus(models.TextChoices):
        UNKNOWN = "UNKNOWN", "알 수 없음"
        IN_BUSINESS = "IN_BUSINESS", "사업 중"
        CLOSED = "CLOSED", "폐업"
        SUSPENDED = "SUSPENDED", "휴업"
        NOT_FOUND = "NOT_FOUND", "미등록"
        CHECK_PENDING = "CHECK_PENDING", "조회 중"
        CHECK_FAILED = "CHECK_FAILED", "조회 실패"

    business_registration_number = models.CharField("사업자등록번호", max_length=10)
    company_name = models.CharField("상호", max_length=200, blank=True)
    representative_name = models.CharField("대표자", max_length=100)
    address = models.CharField("주소", max_length=300, blank=True)
    business_type = models.CharField("업태", max_length=100, blank=True)
    business_class = models.CharField("종목", max_length=100, blank=True)
    contact = models.JSONField(default=dict, help_text="name, email, phoneNumber, memo")
    additional_contacts = models.JSONField(default=list)
    memo = models.CharField("메모", max_length=256, blank=True)
    partner = models.OneToOneField(
        Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="counterparty"
    )
    connection = models.CharField(
        "국세청 연동", max_length=18, choices=Connection, default=Connection.NOT_CONNECTED
    )
    connected_at = models.DateTimeField(null=True, blank=True)
    connection_failed_reason = models.CharField(max_length=300, blank=True)
    business_status = models.CharField(
        max_length=14, choices=BusinessStatus, default=BusinessStatus.UNKNOWN
    )
    business_status_checked_at = models.DateTimeField(null=True, blank=True)
    certificate = models.JSONField(default=dict, help_text="등록된 공동인증서의 요약")
    is_deleted = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(business_registration_number__regex=r"^\d{10}$"),
                name="counterparty_brn_digits",
            ),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "business_registration_number"], name="counterparty_by_brn"
            )
        ]

    def __str__(self) -> str:
        return self.company_name or self.business_registration_number
