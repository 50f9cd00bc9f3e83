"""Bulk payout (일괄 지급): settlements selected together and paid together (contract.md c.8)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from core.companies.models import WorkspaceRow
from core.events.transitions import Face, Transitions
from payouts.models.bank import FundingAccount


class PayoutMethod(models.TextChoices):
    DIRECT = "DIRECT", "직접 지급"
    AGENCY = "AGENCY", "송금 대행"


class BulkPayoutStatus(models.TextChoices):
    PREPARING = "PREPARING", "선택 중"
    PREPARED = "PREPARED", "지급 준비"
    ONGOING = "ONGOING", "지급 중"
    POST_PROCESS_PENDING = "POST_PROCESS_PENDING", "결과 대기"
    COMPLETED = "COMPLETED", "완료"
    CANCELLED = "CANCELLED", "취소"


class BulkPayout(WorkspaceRow):
    """`totals_hash` is what an approver signs: count, sum, accounts and amounts of its payouts."""

    Status = BulkPayoutStatus
    TRANSITIONS: ClassVar[Transitions] = {
        "PREPARING": frozenset({"PREPARED", "CANCELLED", "COMPLETED"}),
        "PREPARED": frozenset({"ONGOING", "CANCELLED", "COMPLETED"}),
        "ONGOING": frozenset({"POST_PROCESS_PENDING", "COMPLETED"}),
        "POST_PROCESS_PENDING": frozenset({"COMPLETED", "ONGOING"}),
        "COMPLETED": frozenset({"ONGOING"}),
        "CANCELLED": frozenset(),
    }
    FACES: ClassVar[dict[str, Face]] = {
        "PREPARING": Face("선택 중", "neutral", "재무"),
        "PREPARED": Face("지급 준비", "waiting", "승인자"),
        "ONGOING": Face("지급 중", "running", "은행"),
        "POST_PROCESS_PENDING": Face("결과 대기", "waiting", "은행"),
        "COMPLETED": Face("완료", "arrived"),
        "CANCELLED": Face("취소", "neutral"),
    }

    name = models.CharField("이름", max_length=200)
    method = models.CharField(max_length=6, choices=PayoutMethod, default=PayoutMethod.AGENCY)
    status = models.CharField(
        max_length=20, choices=BulkPayoutStatus, default=BulkPayoutStatus.PREPARING
    )
    status_updated_at = models.DateTimeField(auto_now_add=True)
    currency = models.CharField(
        max_length=3, default="KRW", blank=True, help_text="비면 여러 통화 (complete-payout)"
    )
    funding_account = models.ForeignKey(
        FundingAccount, on_delete=models.PROTECT, null=True, related_name="bulk_payouts"
    )
    creator_id = models.CharField(max_length=100)
    creator_name = models.CharField(max_length=200)
    creator_user_id = models.BigIntegerField(null=True)
    filter = models.JSONField(
        default=dict,
        help_text="정산 내역을 고른 조건",
    )
    report = models.JSONField(default=dict, help_text="생성할 때 이월되거나 제외된 파트너와 이유")
    totals_hash = models.CharField(max_length=64, blank=True)
    scheduled_at = models.DateTimeField("예약 시각", null=True, blank=True)
    stop_requested_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(WorkspaceRow.Meta):
        """One selection per workspace at every commit: migration 0008."""

    def __str__(self) -> str:
        return self.name
