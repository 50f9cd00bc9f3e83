"""Contracts, discount-share policies and additional-fee policies (contract.md c.2, c.3)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.money import RATE_ONE
from partners.models.versions import Version, VersionedRow


class VatPayer(models.TextChoices):
    """Who bears the VAT on a fee."""

    PARTNER = "PARTNER", "파트너 부담"
    MERCHANT = "MERCHANT", "고객사 부담"


class DatePolicy(models.TextChoices):
    HOLIDAY_BEFORE = "HOLIDAY_BEFORE", "공휴일 전 영업일"
    HOLIDAY_AFTER = "HOLIDAY_AFTER", "공휴일 후 영업일"
    CALENDAR_DAY = "CALENDAR_DAY", "달력일"


class CycleType(models.TextChoices):
    DAILY = "DAILY", "매일"
    WEEKLY = "WEEKLY", "매주"
    MONTHLY = "MONTHLY", "매월"
    MANUAL_DATES = "MANUAL_DATES", "지정일"


def fee_constraints(prefix: str) -> list[models.CheckConstraint]:
    """A fee is either a rate (10⁻⁵, at most 100 %) or an amount in won, never both."""
    is_rate = Q(fee_rate__range=(0, RATE_ONE), fee_amount=None)
    is_amount = Q(fee_rate=None, fee_amount__gte=0)
    return [models.CheckConstraint(condition=is_rate | is_amount, name=f"{prefix}_fee_kind")]


class Contract(VersionedRow):
    fee_rate = models.IntegerField("수수료율 (10⁻⁵)", null=True, blank=True)
    fee_amount = models.BigIntegerField("정액 수수료 (원)", null=True, blank=True)
    fee_vat_payer = models.CharField("수수료 부가세", max_length=8, choices=VatPayer)
    subtract_payment_vat = models.BooleanField("결제금액 부가세 감액", default=False)
    cycle_type = models.CharField("정산 주기", max_length=12, choices=CycleType)
    cycle_days = models.JSONField(
        "정산 요일·날짜",
        default=list,
        help_text="매주 [MON…], 매월 [1…31], 지정일 [{month, day}…]",
    )
    lag_days = models.PositiveSmallIntegerField("지체일")
    date_policy = models.CharField("공휴일 처리", max_length=14, choices=DatePolicy)

    class Meta(VersionedRow.Meta):
        constraints = [
            *VersionedRow.Meta.constraints,
            *fee_constraints("contract"),
            models.CheckConstraint(condition=Q(lag_days__range=(1, 10)), name="contract_lag_days"),
        ]


class ContractVersion(Version):
    subject = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="versions")


class DiscountSharePolicy(VersionedRow):
    partner_share_rate = models.IntegerField("파트너 분담율 (10⁻⁵)")

    class Meta(VersionedRow.Meta):
        constraints = [
            *VersionedRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(partner_share_rate__range=(0, RATE_ONE)), name="discount_share_rate"
            ),
        ]


class DiscountSharePolicyVersion(Version):
    subject = models.ForeignKey(
        DiscountSharePolicy, on_delete=models.PROTECT, related_name="versions"
    )


class AdditionalFeePolicy(VersionedRow):
    fee_rate = models.IntegerField("수수료율 (10⁻⁵)", null=True, blank=True)
    fee_amount = models.BigIntegerField("정액 수수료 (원)", null=True, blank=True)
    vat_payer = models.CharField("수수료 부가세", max_length=8, choices=VatPayer)

    class Meta(VersionedRow.Meta):
        constraints = [*VersionedRow.Meta.constraints, *fee_constraints("additional_fee")]


class AdditionalFeePolicyVersion(Version):
    subject = models.ForeignKey(
        AdditionalFeePolicy, on_delete=models.PROTECT, related_name="versions"
    )
