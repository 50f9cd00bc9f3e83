"""Payout (지급): one partner's money of one bulk payout, frozen at generation (contract.md c.7)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from core import crypto
from core.companies.models import WorkspaceRow
from core.events.transitions import Face, Transitions
from partners.models import Partner, SettlementAmountType
from payouts.models.bulk import BulkPayout
from settlements.models import PartnerSettlement


class PayoutStatus(models.TextChoices):
    CONFIRMED = "CONFIRMED", "확정"
    SCHEDULED = "SCHEDULED", "예약"
    PREPARED = "PREPARED", "대기"
    PROCESSING = "PROCESSING", "처리 중"
    SUCCEEDED = "SUCCEEDED", "성공"
    FAILED = "FAILED", "실패"
    STOPPED = "STOPPED", "중단"
    CANCELLED = "CANCELLED", "취소"


class Payout(WorkspaceRow):
    """While its transfer's outcome is unknown a payout stays PROCESSING."""

    Status = PayoutStatus
    TRANSITIONS: ClassVar[Transitions] = {
        "CONFIRMED": frozenset({"SCHEDULED", "PREPARED", "CANCELLED", "SUCCEEDED", "FAILED"}),
        "SCHEDULED": frozenset({"PREPARED", "CONFIRMED"}),
        "PREPARED": frozenset({"PROCESSING", "STOPPED", "SUCCEEDED"}),
        "PROCESSING": frozenset({"SUCCEEDED", "FAILED"}),
        "FAILED": frozenset({"PREPARED", "CANCELLED"}),
        "STOPPED": frozenset({"PREPARED", "CANCELLED"}),
        "SUCCEEDED": frozenset(),
        "CANCELLED": frozenset(),
    }
    FACES: ClassVar[dict[str, Face]] = {
        "CONFIRMED": Face("확정", "waiting", "승인자"),
        "SCHEDULED": Face("예약", "waiting", "시스템"),
        "PREPARED": Face("대기", "running", "시스템"),
        "PROCESSING": Face("처리 중", "running", "은행"),
        "SUCCEEDED": Face("성공", "arrived"),
        "FAILED": Face("실패", "wrong", "재무"),
        "STOPPED": Face("중단", "wrong", "재무"),
        "CANCELLED": Face("취소", "neutral"),
    }

    bulk_payout = models.ForeignKey(BulkPayout, on_delete=models.PROTECT, related_name="payouts")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="payouts")
    method = models.CharField(max_length=6)
    status = models.CharField(max_length=10, choices=PayoutStatus, default=PayoutStatus.CONFIRMED)
    status_updated_at = models.DateTimeField()
    currency = models.CharField(max_length=3, default="KRW")
    bank = models.CharField(max_length=40)
    account_number_encrypted = models.TextField()
    account_number_last4 = models.CharField(max_length=4)
    account_holder = models.CharField(max_length=100)

    settlement_amount = models.BigIntegerField("정산 금액")
    settlement_tax_free_amount = models.BigIntegerField("정산 면세 금액", default=0)
    supply_amount = models.BigIntegerField("공급가액")
    vat_amount = models.BigIntegerField("부가세", default=0)
    tax_free_amount = models.BigIntegerField("면세", default=0)
    income_tax_amount = models.BigIntegerField("소득세", default=0)
    local_income_tax_amount = models.BigIntegerField("지방소득세", default=0)
    amount = models.BigIntegerField("지급 금액")
    deducts_withholding = models.BooleanField()
    settlement_amount_type = models.CharField(max_length=5, choices=SettlementAmountType)
    partner_type = models.CharField(max_length=14)
    taxation_type = models.CharField(max_length=26, blank=True)

    withdrawal_memo = models.CharField("보내는 이 통장 메모", max_length=20, blank=True)
    deposit_memo = models.CharField("받는 이 통장 메모", max_length=20, blank=True)
    memo = models.CharField(max_length=256, blank=True)
    scheduled_at = models.DateTimeField(null=True, blank=True)
    fail_reason = models.CharField(max_length=300, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["bulk_payout", "partner", "currency"], name="payout_once_per_partner"
            ),
            models.CheckConstraint(
                condition=Q(
                    amount=F("supply_amount")
                    + F("vat_amount")
                    + F("tax_free_amount")
                    - F("income_tax_amount")
                    - F("local_income_tax_amount")
                ),
                name="payout_amount_is_its_parts",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0, settlement_amount__gte=0), name="payout_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(status="SUCCEEDED", paid_at__isnull=False)
                | (~Q(status="SUCCEEDED") & Q(paid_at=None)),
                name="payout_paid_at",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "status", "id"], name="payout_by_status"),
            models.Index(fields=["workspace", "partner", "id"], name="payout_by_partner"),
            models.Index(fields=["workspace", "amount"], name="payout_by_amount"),
            models.Index(
                fields=["workspace", "paid_at"],
                condition=Q(status="SUCCEEDED"),
                name="payout_by_paid_at",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def account_number(self) -> str:
        return crypto.decrypt(self.account_number_encrypted)


class PayoutItem(models.Model):
    """A settlement consumed by a bulk payout: the one row that says which money is spoken for.

    Unreleased rows are unique per settlement, so no settlement is ever in two live payouts.
    `payout` is empty while the bulk payout is still selecting, and for a carried negative.
    """

    class Release(models.TextChoices):
        CARRIED = "CARRIED", "이월"
        SKIPPED = "SKIPPED", "제외"
        CANCELLED = "CANCELLED", "취소"

    workspace = models.ForeignKey(
        "companies.Workspace", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    bulk_payout = models.ForeignKey(BulkPayout, on_delete=models.PROTECT, related_name="items")
    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, null=True, related_name="items")
    partner_settlement = models.ForeignKey(
        PartnerSettlement, on_delete=models.PROTECT, related_name="payout_items"
    )
    settlement_amount = models.BigIntegerField("정산 금액 (부호 있음)", default=0)
    settlement_tax_free_amount = models.BigIntegerField(default=0)
    released_at = models.DateTimeField(null=True, blank=True)
    release_reason = models.CharField(max_length=10, choices=Release, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(released_at=None, release_reason="")
                | (Q(released_at__isnull=False) & ~Q(release_reason="")),
                name="payout_item_release_reason",
            ),
            models.UniqueConstraint(
                fields=["partner_settlement"],
                condition=Q(released_at=None),
                name="settlement_in_one_live_payout",
            ),
        ]
