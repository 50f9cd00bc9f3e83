"""Partner settlement (정산 내역): what one partner is owed for one day (contract.md c.6)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.companies.models import WorkspaceRow
from core.events.transitions import Face, Transitions
from partners.models import Contract, Partner
from settlements.models.amounts import OrderAmounts, TransferType, payment_constraints


class SettlementStatus(models.TextChoices):
    PAYOUT_PREPARED = "PAYOUT_PREPARED", "지급 예정"
    PAYOUT_WITHHELD = "PAYOUT_WITHHELD", "지급 보류"
    PAYOUT_EXCLUDED = "PAYOUT_EXCLUDED", "지급 제외"
    CONFIRMED = "CONFIRMED", "지급 확정"
    PAYOUT_SCHEDULED = "PAYOUT_SCHEDULED", "지급 예약"
    IN_PAYOUT = "IN_PAYOUT", "지급 중"
    PAID_OUT = "PAID_OUT", "지급 완료"
    PAYOUT_FAILED = "PAYOUT_FAILED", "지급 실패"
    CANCELLED = "CANCELLED", "지급 취소"


class PartnerSettlement(WorkspaceRow, OrderAmounts):
    """Sum of its transfers, by invariant. Every late transfer raises `revision` by one."""

    Status = SettlementStatus
    TRANSITIONS: ClassVar[Transitions] = {
        "PAYOUT_PREPARED": frozenset(
            {"PAYOUT_WITHHELD", "PAYOUT_EXCLUDED", "CONFIRMED", "PAID_OUT"}
        ),
        "PAYOUT_WITHHELD": frozenset({"PAYOUT_PREPARED", "PAYOUT_EXCLUDED"}),
        "PAYOUT_EXCLUDED": frozenset({"PAYOUT_PREPARED", "PAYOUT_WITHHELD"}),
        "CONFIRMED": frozenset({"PAYOUT_SCHEDULED", "IN_PAYOUT", "CANCELLED", "PAID_OUT"}),
        "PAYOUT_SCHEDULED": frozenset({"IN_PAYOUT", "CONFIRMED"}),
        "IN_PAYOUT": frozenset({"PAID_OUT", "PAYOUT_FAILED", "CONFIRMED"}),
        "PAYOUT_FAILED": frozenset(
            {"PAYOUT_PREPARED", "CONFIRMED", "IN_PAYOUT", "PAID_OUT", "CANCELLED"}
        ),
        "CANCELLED": frozenset({"PAYOUT_EXCLUDED", "PAYOUT_PREPARED", "CONFIRMED", "PAID_OUT"}),
        "PAID_OUT": frozenset(),
    }
    FACES: ClassVar[dict[str, Face]] = {
        "PAYOUT_PREPARED": Face("지급 예정", "waiting", "재무"),
        "PAYOUT_WITHHELD": Face("지급 보류", "waiting", "재무"),
        "PAYOUT_EXCLUDED": Face("지급 제외", "neutral"),
        "CONFIRMED": Face("지급 확정", "waiting", "승인자"),
        "PAYOUT_SCHEDULED": Face("지급 예약", "waiting", "시스템"),
        "IN_PAYOUT": Face("지급 중", "running", "은행"),
        "PAID_OUT": Face("지급 완료", "arrived"),
        "PAYOUT_FAILED": Face("지급 실패", "wrong", "재무"),
        "CANCELLED": Face("지급 취소", "neutral", "재무"),
    }

    type = models.CharField(max_length=12, choices=TransferType)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="settlements")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, null=True, related_name="+")
    settlement_date = models.DateField()
    settlement_currency = models.CharField(max_length=3, default="KRW")
    start_date_from = models.DateField(null=True)
    start_date_until = models.DateField(null=True)
    transfer_count = models.BigIntegerField()
    revision = models.PositiveIntegerField(default=1)
    status = models.CharField(
        max_length=16, choices=SettlementStatus, default=SettlementStatus.PAYOUT_PREPARED
    )
    status_updated_at = models.DateTimeField()
    memo = models.CharField(max_length=256, blank=True)

    class Meta:
        verbose_name = "정산 내역"
        constraints = [
            *WorkspaceRow.Meta.constraints,
            *payment_constraints("settlement"),
            models.CheckConstraint(
                condition=Q(type="MANUAL", contract=None)
                | (~Q(type="MANUAL") & Q(contract__isnull=False, start_date_from__isnull=False)),
                name="partner_settlement_type_facts",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "settlement_date", "id"], name="settlement_by_date"),
            models.Index(fields=["workspace", "status", "id"], name="settlement_by_status"),
        ]

    def __str__(self) -> str:
        return self.public_id
