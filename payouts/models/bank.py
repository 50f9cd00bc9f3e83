"""Accounts we pay from, and every movement on them (contract.md c.8)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core import crypto
from core.companies.models import WorkspaceRow
from core.events.transitions import Face, Transitions


class FundingAccount(WorkspaceRow):
    """A company's account at a rail. Its balance is a sum over the ledger."""

    name = models.CharField("이름", max_length=100)
    rail = models.CharField("지급 수단", max_length=20, default="sandbox")
    bank = models.CharField("은행", max_length=40)
    account_number_encrypted = models.TextField()
    account_number_last4 = models.CharField(max_length=4)
    holder = models.CharField("예금주", max_length=100)
    is_active = models.BooleanField(default=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name

    @property
    def account_number(self) -> str:
        return crypto.decrypt(self.account_number_encrypted)


class AccountTransferStatus(models.TextChoices):
    PREPARED = "PREPARED", "대기"
    SCHEDULED = "SCHEDULED", "예약"
    CANCELLED = "CANCELLED", "취소"
    STOPPED = "STOPPED", "중단"
    PROCESSING = "PROCESSING", "처리 중"
    UNKNOWN = "UNKNOWN", "미확정"
    SUCCEEDED = "SUCCEEDED", "성공"
    FAILED = "FAILED", "실패"


class AccountTransfer(WorkspaceRow):
    """One movement: a deposit, or one attempt to pay. A retry is a new row with a new key.

    UNKNOWN (on the wire ASYNC_PROCESSING): we asked the bank and do not know what it did.
    Only an inquiry under the same `request_key` resolves it; it is never sent again.
    """

    Status = AccountTransferStatus
    TRANSITIONS: ClassVar[Transitions] = {
        "PREPARED": frozenset({"PROCESSING", "SCHEDULED", "STOPPED", "CANCELLED"}),
        "SCHEDULED": frozenset({"PREPARED", "CANCELLED"}),
        "PROCESSING": frozenset({"SUCCEEDED", "FAILED", "UNKNOWN"}),
        "UNKNOWN": frozenset({"SUCCEEDED", "FAILED"}),
        "SUCCEEDED": frozenset(),
        "FAILED": frozenset(),
        "STOPPED": frozenset(),
        "CANCELLED": frozenset(),
    }
    FACES: ClassVar[dict[str, Face]] = {
        "PREPARED": Face("대기", "running", "시스템"),
        "SCHEDULED": Face("예약", "waiting", "시스템"),
        "PROCESSING": Face("처리 중", "running", "은행"),
        "UNKNOWN": Face("미확정", "wrong", "재무"),
        "SUCCEEDED": Face("성공", "arrived"),
        "FAILED": Face("실패", "wrong", "재무"),
        "STOPPED": Face("중단", "neutral"),
        "CANCELLED": Face("취소", "neutral"),
    }
    OPEN = ("PREPARED", "SCHEDULED", "PROCESSING", "UNKNOWN")

    class Type(models.TextChoices):
        DEPOSIT = "DEPOSIT", "입금"
        WITHDRAWAL = "WITHDRAWAL", "출금"

    class Purpose(models.TextChoices):
        PARTNER_PAYOUT = "PARTNER_PAYOUT", "파트너 지급"
        REMIT = "REMIT", "송금"

    type = models.CharField(max_length=10, choices=Type)
    purpose = models.CharField(max_length=14, choices=Purpose, blank=True)
    status = models.CharField(max_length=10, choices=AccountTransferStatus)
    status_updated_at = models.DateTimeField()
    funding_account = models.ForeignKey(
        FundingAccount, on_delete=models.PROTECT, related_name="movements"
    )
    payout = models.ForeignKey(
        "payouts.Payout", on_delete=models.PROTECT, null=True, related_name="attempts"
    )
    attempt_number = models.PositiveSmallIntegerField(default=1)
    request_key = models.CharField(
        max_length=80, null=True, help_text="은행에 보내는 우리 키", db_collation="C"
    )
    amount = models.BigIntegerField("금액")
    currency = models.CharField(max_length=3, default="KRW")
    bank = models.CharField("상대 은행", max_length=40, blank=True)
    account_number_encrypted = models.TextField(blank=True)
    account_number_last4 = models.CharField(max_length=4, blank=True)
    holder = models.CharField("상대 예금주 또는 입금자", max_length=100, blank=True)
    withdrawal_memo = models.CharField(max_length=20, blank=True)
    deposit_memo = models.CharField(max_length=20, blank=True)
    fail_code = models.CharField(max_length=40, blank=True)
    fail_reason = models.CharField(max_length=300, blank=True)
    bank_reference = models.CharField("은행 거래 번호", max_length=80, blank=True)
    scheduled_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    traded_at = models.DateTimeField("거래 시각", null=True, blank=True)
    inquiry_count = models.PositiveSmallIntegerField(default=0)
    next_inquiry_at = models.DateTimeField(null=True, blank=True)
    claim = models.CharField(max_length=40, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.CheckConstraint(condition=Q(amount__gt=0), name="account_transfer_positive"),
            models.CheckConstraint(
                condition=Q(type="DEPOSIT", request_key=None)
                | Q(type="WITHDRAWAL", request_key__isnull=False),
                name="account_transfer_key",
            ),
            models.UniqueConstraint(fields=["request_key"], name="account_transfer_key_once"),
            models.UniqueConstraint(
                fields=["funding_account", "bank_reference"],
                condition=Q(type="DEPOSIT"),
                name="account_deposit_once",
            ),
            models.UniqueConstraint(
                fields=["payout", "attempt_number"], name="account_transfer_attempt_number"
            ),
            models.UniqueConstraint(
                fields=["payout"],
                condition=Q(status__in=["PREPARED", "SCHEDULED", "PROCESSING", "UNKNOWN"]),
                name="payout_one_open_attempt",
            ),
            models.UniqueConstraint(
                fields=["payout"], condition=Q(status="SUCCEEDED"), name="payout_paid_once"
            ),
            models.CheckConstraint(
                condition=~Q(status="SUCCEEDED") | Q(traded_at__isnull=False),
                name="account_transfer_traded_at",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_inquiry_at"],
                condition=Q(status__in=["PROCESSING", "UNKNOWN"]),
                name="account_transfer_to_ask",
            ),
            models.Index(fields=["workspace", "status", "id"], name="account_transfer_by_status"),
            models.Index(fields=["workspace", "traded_at"], name="account_transfer_by_traded_at"),
            models.Index(fields=["funding_account", "type", "id"], name="account_movements"),
        ]

    @property
    def account_number(self) -> str:
        return crypto.decrypt(self.account_number_encrypted)
