"""The amount columns of contract.md c.5, of a transfer and of the settlement that sums it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

AMOUNT_COLUMNS = (
    "settlement_amount",
    "settlement_tax_free_amount",
    "order_amount",
    "order_tax_free_amount",
    "discount_amount",
    "discount_tax_free_amount",
    "discount_share_amount",
    "discount_share_tax_free_amount",
    "payment_amount",
    "payment_tax_free_amount",
    "payment_supply_amount",
    "payment_vat_amount",
    "payment_vat_burden_amount",
    "platform_fee_amount",
    "platform_fee_vat_amount",
    "additional_fee_amount",
    "additional_fee_vat_amount",
)


class TransferType(models.TextChoices):
    ORDER = "ORDER", "주문"
    ORDER_CANCEL = "ORDER_CANCEL", "주문 취소"
    MANUAL = "MANUAL", "수기"


def payment_constraints(prefix: str) -> list[models.CheckConstraint]:
    """What was paid is the order less its discounts, and nothing but its three parts."""
    parts = F("payment_supply_amount") + F("payment_vat_amount") + F("payment_tax_free_amount")
    return [
        models.CheckConstraint(
            condition=Q(payment_amount=F("order_amount") - F("discount_amount")),
            name=f"{prefix}_payment_is_order_less_discount",
        ),
        models.CheckConstraint(condition=Q(payment_amount=parts), name=f"{prefix}_payment_parts"),
    ]


class OrderAmounts(models.Model):
    """All won. Cancels hold positive amounts that are subtracted when summed (d.3)."""

    type: str

    settlement_amount = models.BigIntegerField("정산 금액")
    settlement_tax_free_amount = models.BigIntegerField("정산 면세 금액", default=0)
    order_amount = models.BigIntegerField("주문 금액", default=0)
    order_tax_free_amount = models.BigIntegerField("면세 주문 금액", default=0)
    discount_amount = models.BigIntegerField("할인 금액", default=0)
    discount_tax_free_amount = models.BigIntegerField("면세 할인 금액", default=0)
    discount_share_amount = models.BigIntegerField("할인 분담 금액", default=0)
    discount_share_tax_free_amount = models.BigIntegerField("면세 할인 분담 금액", default=0)
    payment_amount = models.BigIntegerField("결제 금액", default=0)
    payment_tax_free_amount = models.BigIntegerField("면세 결제 금액", default=0)
    payment_supply_amount = models.BigIntegerField("결제 공급가액", default=0)
    payment_vat_amount = models.BigIntegerField("결제 부가세", default=0)
    payment_vat_burden_amount = models.BigIntegerField("결제 부가세 부담금", default=0)
    platform_fee_amount = models.BigIntegerField("중개 수수료", default=0)
    platform_fee_vat_amount = models.BigIntegerField("중개 수수료 부가세", default=0)
    additional_fee_amount = models.BigIntegerField("추가 수수료", default=0)
    additional_fee_vat_amount = models.BigIntegerField("추가 수수료 부가세", default=0)

    class Meta:
        abstract = True

    @property
    def signed_amount(self) -> int:
        """What it adds to the payout, in won: cancels subtract."""
        return -self.settlement_amount if self.type == "ORDER_CANCEL" else self.settlement_amount
