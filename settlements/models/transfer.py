"""Transfer (정산건): one order, cancel or manual amount of one partner (contract.md c.5)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from core.companies.models import WorkspaceRow
from core.events.transitions import Face, Transitions
from partners.models import Contract, ContractVersion, Partner
from settlements.models.amounts import OrderAmounts, TransferType, payment_constraints
from settlements.models.calculator import CalculatorVersion
from settlements.models.partner_settlement import PartnerSettlement, SettlementStatus
from settlements.models.upload import OrderUpload


class TransferStatus(models.TextChoices):
    SCHEDULED = "SCHEDULED", "정산 예정"
    IN_PROCESS = "IN_PROCESS", "정산 중"
    SETTLED = "SETTLED", "정산 확정"
    PAYOUT_CONFIRMED = "PAYOUT_CONFIRMED", "지급 확정"
    IN_PAYOUT = "IN_PAYOUT", "지급 중"
    PAID_OUT = "PAID_OUT", "지급 완료"


FOLLOWING_STATUS: dict[str, TransferStatus] = {
    SettlementStatus.PAYOUT_PREPARED: TransferStatus.SETTLED,
    SettlementStatus.PAYOUT_WITHHELD: TransferStatus.SETTLED,
    SettlementStatus.PAYOUT_EXCLUDED: TransferStatus.SETTLED,
    SettlementStatus.PAYOUT_FAILED: TransferStatus.SETTLED,
    SettlementStatus.CANCELLED: TransferStatus.SETTLED,
    SettlementStatus.CONFIRMED: TransferStatus.PAYOUT_CONFIRMED,
    SettlementStatus.PAYOUT_SCHEDULED: TransferStatus.IN_PAYOUT,
    SettlementStatus.IN_PAYOUT: TransferStatus.IN_PAYOUT,
    SettlementStatus.PAID_OUT: TransferStatus.PAID_OUT,
}
"""What a transfer's status is while its settlement has this one (contract.md c.5)."""


class Transfer(WorkspaceRow, OrderAmounts):
    """Amounts are frozen from the settlement start date on; `detail` holds the frozen inputs.

    Bulk paths write this table by COPY: no default may live in Python alone.
    """

    Type = TransferType
    Status = TransferStatus
    TRANSITIONS: ClassVar[Transitions] = {
        "SCHEDULED": frozenset({"IN_PROCESS"}),
        "IN_PROCESS": frozenset({"SETTLED"}),
        "SETTLED": frozenset({"PAYOUT_CONFIRMED", "IN_PAYOUT", "PAID_OUT"}),
        "PAYOUT_CONFIRMED": frozenset({"IN_PAYOUT", "SETTLED", "PAID_OUT"}),
        "IN_PAYOUT": frozenset({"PAID_OUT", "SETTLED", "PAYOUT_CONFIRMED"}),
        "PAID_OUT": frozenset(),
    }
    FACES: ClassVar[dict[str, Face]] = {
        "SCHEDULED": Face("정산 예정", "neutral", "시스템"),
        "IN_PROCESS": Face("정산 중", "neutral", "시스템"),
        "SETTLED": Face("정산 확정", "waiting", "재무"),
        "PAYOUT_CONFIRMED": Face("지급 확정", "waiting", "승인자"),
        "IN_PAYOUT": Face("지급 중", "running", "은행"),
        "PAID_OUT": Face("지급 완료", "arrived"),
    }

    type = models.CharField(max_length=12, choices=TransferType)
    status = models.CharField(max_length=16, choices=TransferStatus)
    status_updated_at = models.DateTimeField()
    partner = models.ForeignKey(
        Partner,
        on_delete=models.PROTECT,
        related_name="transfers",
        db_constraint=False,
        db_index=False,
    )
    contract = models.ForeignKey(
        Contract,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    contract_is_named = models.BooleanField(
        default=False,
        db_default=False,
        help_text="주문이 계약을 골랐다; 아니면 정산 시작일의 파트너 기본 계약을 따른다",
    )
    contract_version = models.ForeignKey(
        ContractVersion,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    calculator_version = models.ForeignKey(
        CalculatorVersion,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        help_text="없으면 기본 수식",
    )
    payment_id = models.CharField(max_length=200, null=True, db_collation="C")
    order_number = models.PositiveIntegerField(
        default=0, help_text="같은 결제·파트너의 몇 번째 주문인가; 하나만 허용하면 0"
    )
    cancellation_id = models.CharField(max_length=200, default="", db_collation="C")
    order_transfer = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="cancels",
        db_index=False,
        help_text="취소가 가리키는 주문",
    )
    order_name = models.CharField(max_length=300, default="")
    payment_method = models.CharField(max_length=20, default="")
    occurred_at = models.DateTimeField(null=True, help_text="결제 또는 취소 일시")
    settlement_currency = models.CharField(max_length=3, default="KRW")
    settlement_start_date = models.DateField(null=True)
    settlement_date = models.DateField()
    kept_terms_on = models.DateField(
        null=True, help_text="시작일의 조건으로 계산할 수 없어 등록할 때의 조건으로 시작한 날"
    )
    memo = models.CharField(max_length=256, default="")
    detail = models.JSONField(default=dict)
    properties = models.JSONField(default=dict)
    partner_settlement = models.ForeignKey(
        PartnerSettlement,
        on_delete=models.PROTECT,
        null=True,
        related_name="transfers",
        db_constraint=False,
        db_index=False,
    )
    upload = models.ForeignKey(
        OrderUpload,
        on_delete=models.PROTECT,
        null=True,
        related_name="transfers",
        db_constraint=False,
        db_index=False,
    )

    class Meta:
        verbose_name = "정산건"
        constraints = [
            models.UniqueConstraint(fields=["workspace", "public_id"], name="transfer_public_id"),
            models.UniqueConstraint(
                fields=["workspace", "payment_id", "partner", "order_number", "cancellation_id"],
                name="transfer_order_once",
            ),
            *payment_constraints("transfer"),
            models.CheckConstraint(
                condition=Q(type="MANUAL", contract=None, payment_id=None)
                | (
                    ~Q(type="MANUAL")
                    & Q(
                        contract__isnull=False,
                        contract_version__isnull=False,
                        payment_id__isnull=False,
                        settlement_start_date__isnull=False,
                    )
                ),
                name="transfer_type_facts",
            ),
            models.CheckConstraint(
                condition=Q(type="ORDER") | Q(contract_is_named=False),
                name="transfer_orders_name_contracts",
            ),
            models.CheckConstraint(
                condition=Q(type="ORDER_CANCEL", order_transfer__isnull=False)
                | (~Q(type="ORDER_CANCEL") & Q(order_transfer=None, cancellation_id="")),
                name="transfer_cancel_points_back",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["SCHEDULED", "IN_PROCESS"], partner_settlement=None)
                | (
                    ~Q(status__in=["SCHEDULED", "IN_PROCESS"]) & Q(partner_settlement__isnull=False)
                ),
                name="transfer_settled_means_in_a_settlement",
            ),
        ]
        indexes = [
            # settle_due: what is due on a day; lists: how many have one of the passing states
            models.Index(
                fields=["workspace", "status", "settlement_date"],
                condition=Q(
                    status__in=[
                        "SCHEDULED",
                        "IN_PROCESS",
                        "SETTLED",
                        "PAYOUT_CONFIRMED",
                        "IN_PAYOUT",
                    ]
                ),
                name="transfer_open",
            ),
            models.Index(
                fields=["workspace", "kept_terms_on"],
                condition=Q(kept_terms_on__isnull=False),
                name="transfer_kept_terms",
            ),
            # lists: newest of a period; a partner's lines
            models.Index(fields=["workspace", "settlement_date", "id"], name="transfer_by_date"),
            models.Index(fields=["workspace", "partner", "id"], name="transfer_by_partner"),
            # lists: cancels and amounts by hand, few among the orders
            models.Index(
                fields=["workspace", "settlement_date", "id"],
                condition=Q(type__in=["ORDER_CANCEL", "MANUAL"]),
                name="transfer_beyond_orders",
            ),
            # a settlement's lines, and status roll-ups
            models.Index(
                fields=["partner_settlement"],
                condition=Q(partner_settlement__isnull=False),
                name="transfer_by_settlement",
            ),
            # an order's cancels
            models.Index(
                fields=["order_transfer"],
                condition=Q(order_transfer__isnull=False),
                name="transfer_cancels",
            ),
            # an upload's transfers; they lie together, so a few pages of ranges are enough
            BrinIndex(fields=["upload"], name="transfer_by_upload"),
        ]

    def __str__(self) -> str:
        return self.public_id
