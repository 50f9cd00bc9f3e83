from __future__ import annotations

from django.db import models

from core.companies.models import Workspace


class SettlementAmountType(models.TextChoices):
    GROSS = "GROSS", "합계금액 (부가세 포함)"
    NET = "NET", "공급가액 (부가세 별도)"


class PlatformSetting(models.Model):
    """How one workspace settles (contract.md c.4). Payouts freeze what they need of it."""

    workspace = models.OneToOneField(
        Workspace, on_delete=models.PROTECT, related_name="platform_setting"
    )
    default_withdrawal_memo = models.CharField("보내는 이 통장 메모", max_length=20, blank=True)
    default_deposit_memo = models.CharField("받는 이 통장 메모", max_length=20, blank=True)
    supports_multiple_orders_per_partner = models.BooleanField(default=False)
    adjusts_date_after_holiday_if_earlier = models.BooleanField(default=True)
    deducts_withholding = models.BooleanField("원천징수 공제", default=True)
    settlement_amount_type = models.CharField(
        max_length=5, choices=SettlementAmountType, default=SettlementAmountType.GROSS
    )
    settles_manual_per_transfer = models.BooleanField(default=False)

    issues_commission_invoices = models.BooleanField(
        "중개수수료 정발행",
        default=True,
        help_text="지급 때 중개수수료 세금계산서를 파트너에게 발행",
    )
    requests_supply_invoices = models.BooleanField(
        "파트너 공급 역발행", default=False, help_text="파트너의 공급분을 역발행으로 요청"
    )
    requires_second_person = models.BooleanField("지급 2인 승인", default=True)
    requires_otp = models.BooleanField("지급 OTP", default=True)
    account_change_hold_hours = models.PositiveSmallIntegerField(
        "계좌 변경 후 지급 보류 시간", default=0
    )
