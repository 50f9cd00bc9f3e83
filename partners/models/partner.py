"""Partner: the person or business that is owed money (contract.md c.1)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from core import crypto
from core.events.transitions import Face, Transitions
from partners.models.policies import Contract
from partners.models.versions import Version, VersionedRow


class PartnerType(models.TextChoices):
    BUSINESS = "BUSINESS", "사업자"
    WHT_PAYER = "WHT_PAYER", "원천징수 대상자"
    NON_WHT_PAYER = "NON_WHT_PAYER", "원천징수 비대상자"


class PartnerStatus(models.TextChoices):
    PENDING = "PENDING", "승인 대기"
    APPROVED = "APPROVED", "승인 완료"
    REJECTED = "REJECTED", "승인 거절"


class TaxationType(models.TextChoices):
    NORMAL = "NORMAL", "일반 과세"
    SIMPLE_TAX_INVOICE_ISSUER = "SIMPLE_TAX_INVOICE_ISSUER", "간이 과세(세금계산서 발행)"
    SIMPLE = "SIMPLE", "간이 과세(세금계산서 미발행)"
    TAX_FREE = "TAX_FREE", "면세"


class BusinessStatus(models.TextChoices):
    NOT_VERIFIED = "NOT_VERIFIED", "미확인"
    VERIFY_ERROR = "VERIFY_ERROR", "조회 오류"
    NOT_FOUND = "NOT_FOUND", "미등록"
    IN_BUSINESS = "IN_BUSINESS", "사업 중"
    CLOSED = "CLOSED", "폐업"
    SUSPENDED = "SUSPENDED", "휴업"


class AccountStatus(models.TextChoices):
    VERIFIED = "VERIFIED", "확인됨"
    VERIFY_FAILED = "VERIFY_FAILED", "예금주 불일치"
    VERIFY_ERROR = "VERIFY_ERROR", "조회 오류"
    NOT_VERIFIED = "NOT_VERIFIED", "미확인"
    UNKNOWN = "UNKNOWN", "확인 필요"


class ConnectionStatus(models.TextChoices):
    """The link to the tax-invoice provider (국세청 연동)."""

    NOT_CONNECTED = "NOT_CONNECTED", "미연동"
    CONNECT_PENDING = "CONNECT_PENDING", "연동 중"
    CONNECTED = "CONNECTED", "연동됨"
    CONNECT_FAILED = "CONNECT_FAILED", "연동 실패"
    DISCONNECT_PENDING = "DISCONNECT_PENDING", "해제 중"


ACCOUNT_FACES: dict[str, Face] = {
    "VERIFIED": Face("확인됨", "arrived"),
    "VERIFY_FAILED": Face("예금주 불일치", "wrong", "담당자"),
    "VERIFY_ERROR": Face("조회 오류", "waiting", "담당자"),
    "NOT_VERIFIED": Face("미확인", "neutral", "담당자"),
    "UNKNOWN": Face("확인 필요", "waiting", "담당자"),
}
BUSINESS_FACES: dict[str, Face] = {
    "NOT_VERIFIED": Face("미확인", "neutral", "담당자"),
    "VERIFY_ERROR": Face("조회 오류", "waiting", "담당자"),
    "NOT_FOUND": Face("미등록", "wrong", "담당자"),
    "IN_BUSINESS": Face("사업 중", "arrived"),
    "CLOSED": Face("폐업", "wrong", "담당자"),
    "SUSPENDED": Face("휴업", "wrong", "담당자"),
}
PARTNER_FACES: dict[str, Face] = {
    "PENDING": Face("승인 대기", "waiting", "관리자"),
    "APPROVED": Face("승인 완료", "arrived"),
    "REJECTED": Face("승인 거절", "wrong", "관리자"),
}
CONNECTION_FACES: dict[str, Face] = {
    "NOT_CONNECTED": Face("미연동", "neutral", "담당자"),
    "CONNECT_PENDING": Face("연동 중", "running"),
    "CONNECTED": Face("연동됨", "arrived"),
    "CONNECT_FAILED": Face("연동 실패", "wrong", "담당자"),
    "DISCONNECT_PENDING": Face("해제 중", "running"),
}


class Partner(VersionedRow):
    TRANSITIONS: ClassVar[Transitions] = {
        "PENDING": frozenset({"APPROVED", "REJECTED"}),
        "REJECTED": frozenset({"APPROVED"}),
        "APPROVED": frozenset(),
    }
    CONNECTION_MOVES: ClassVar[Transitions] = {
        "NOT_CONNECTED": frozenset({"CONNECT_PENDING"}),
        "CONNECT_PENDING": frozenset({"CONNECTED", "CONNECT_FAILED"}),
        "CONNECT_FAILED": frozenset({"CONNECT_PENDING"}),
        "CONNECTED": frozenset({"DISCONNECT_PENDING"}),
        "DISCONNECT_PENDING": frozenset({"NOT_CONNECTED", "CONNECTED"}),
    }
    FACES: ClassVar[dict[str, Face]] = PARTNER_FACES
    ACCOUNT_FACES: ClassVar[dict[str, Face]] = ACCOUNT_FACES
    BUSINESS_FACES: ClassVar[dict[str, Face]] = BUSINESS_FACES
    CONNECTION_FACES: ClassVar[dict[str, Face]] = CONNECTION_FACES

    type = models.CharField("파트너 유형", max_length=14, choices=PartnerType)
    status = models.CharField(max_length=10, choices=PartnerStatus, default=PartnerStatus.APPROVED)
    status_updated_at = models.DateTimeField(auto_now_add=True)
    default_contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="partners", verbose_name="기본 계약"
    )

    contact_name = models.CharField("담당자명", max_length=100)
    contact_email = models.EmailField("담당자 이메일")
    contact_phone = models.CharField("담당자 전화번호", max_length=20, blank=True)

    bank = models.CharField("은행", max_length=40)
    currency = models.CharField("통화", max_length=3, default="KRW")
    account_number_encrypted = models.TextField()
    account_number_hash = models.CharField(max_length=64, db_index=True)
    account_number_last4 = models.CharField(max_length=4)
    account_holder = models.CharField("예금주", max_length=100)
    account_status = models.CharField(
        "계좌 상태", max_length=14, choices=AccountStatus, default=AccountStatus.NOT_VERIFIED
    )
    account_holder_found = models.CharField(
        "은행이 답한 예금주", max_length=100, blank=True, help_text="마지막 조회 결과"
    )
    account_checked_at = models.DateTimeField(null=True, blank=True)
    account_changed_at = models.DateTimeField()

    company_name = models.CharField("상호", max_length=200, blank=True)
    taxation_type = models.CharField("과세 유형", max_length=26, choices=TaxationType, blank=True)
    business_status = models.CharField(
        "사업 상태", max_length=14, choices=BusinessStatus, default=BusinessStatus.NOT_VERIFIED
    )
    business_status_checked_at = models.DateTimeField(null=True, blank=True)
    taxation_type_found = models.CharField(
        "국세청 과세 유형", max_length=26, blank=True, help_text="마지막 조회 결과"
    )
    closed_suspended_on = models.DateField(null=True, blank=True)
    business_registration_number = models.CharField("사업자등록번호", max_length=10, blank=True)
    representative_name = models.CharField("대표자명", max_length=100, blank=True)
    company_address = models.CharField("주소", max_length=300, blank=True)
    business_type = models.CharField("업태", max_length=100, blank=True)
    business_class = models.CharField("종목", max_length=100, blank=True)

    birthdate = models.CharField("생년월일", max_length=10, blank=True)
    resident_number_encrypted = models.TextField(blank=True)
    resident_number_hash = models.CharField(max_length=64, blank=True)

    connection_status = models.CharField(
        "국세청 연동",
        max_length=18,
        choices=ConnectionStatus,
        default=ConnectionStatus.NOT_CONNECTED,
    )
    connection_failed_reason = models.CharField(max_length=300, blank=True)

    checks_due_at = models.DateTimeField(
        null=True, blank=True, help_text="예금주·사업 상태를 조회할 시각; 비면 조회할 것 없음"
    )

    tags = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    properties = models.JSONField("사용자 정의 속성", default=dict, blank=True)

    class Meta(VersionedRow.Meta):
        constraints = [
            *VersionedRow.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(type="BUSINESS")
                | (~Q(business_registration_number="") & ~Q(taxation_type="")),
                name="partner_business_facts",
            ),
            models.CheckConstraint(condition=Q(tags__len__lte=10), name="partner_tags_limit"),
        ]
        indexes = [
            models.Index(fields=["workspace", "name"], name="partner_by_name"),
            models.Index(
                fields=["workspace", "business_registration_number"], name="partner_by_brn"
            ),
            models.Index(
                fields=["checks_due_at"],
                condition=Q(checks_due_at__isnull=False),
                name="partner_checks_due",
            ),
            GinIndex(fields=["tags"], name="partner_by_tag"),
        ]

    @property
    def account_number(self) -> str:
        """In clear: for the bank and the contract's API only; pages show `account_masked`."""
        return crypto.decrypt(self.account_number_encrypted)

    @property
    def account_masked(self) -> str:
        return f"****{self.account_number_last4}"

    @property
    def is_business(self) -> bool:
        return self.type == PartnerType.BUSINESS


class PartnerVersion(Version):
    """Account numbers and resident numbers never enter `content`; their masked form does."""

    subject = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="versions")
