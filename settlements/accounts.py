"""The chart of accounts: what each ledger code means, and whose its subjects are."""

from __future__ import annotations

from django.db import models


class AccountKind(models.TextChoices):
    """Which side makes a balance grow: debit for assets and expenses, credit for the rest."""

    ASSET = "ASSET", "자산"
    LIABILITY = "LIABILITY", "부채"
    REVENUE = "REVENUE", "수익"
    EXPENSE = "EXPENSE", "비용"


class AccountCode(models.TextChoices):
    """Subjects: PARTNER_PAYABLE a partner's public id; FUNDING and IN_TRANSIT a funding account's.

    DIRECT_PAYMENT is money paid by hand from accounts we do not see.
    """

    ORDER_CLEARING = "ORDER_CLEARING", "주문대금"
    PARTNER_PAYABLE = "PARTNER_PAYABLE", "파트너 미지급 정산금"
    FEE_REVENUE = "FEE_REVENUE", "중개 수수료 수익"
    ADDITIONAL_FEE_REVENUE = "ADDITIONAL_FEE_REVENUE", "추가 수수료 수익"
    VAT_ACCRUED = "VAT_ACCRUED", "수수료 부가세 예수금"
    PAYMENT_VAT_BURDEN = "PAYMENT_VAT_BURDEN", "결제 부가세 부담금"
    DISCOUNT_EXPENSE = "DISCOUNT_EXPENSE", "고객사 부담 할인"
    MANUAL_ADJUSTMENT = "MANUAL_ADJUSTMENT", "수기 조정"
    FORMULA_DIFFERENCE = "FORMULA_DIFFERENCE", "사용자 수식 조정"
    VAT_INPUT = "VAT_INPUT", "매입 부가세 대급금"
    VAT_PAYABLE = "VAT_PAYABLE", "매출세액 (세금계산서 발행)"
    VAT_DEDUCTIBLE = "VAT_DEDUCTIBLE", "매입세액 (세금계산서 수취)"
    WITHHOLDING_PAYABLE = "WITHHOLDING_PAYABLE", "원천세 예수금"
    FUNDING = "FUNDING", "지급 계좌"
    IN_TRANSIT = "IN_TRANSIT", "이체 중"
    DIRECT_PAYMENT = "DIRECT_PAYMENT", "직접 지급"
    SUSPENSE = "SUSPENSE", "가수금"
    TRANSFER_FEE = "TRANSFER_FEE", "이체 수수료"


KINDS: dict[AccountCode, AccountKind] = {
    AccountCode.ORDER_CLEARING: AccountKind.ASSET,
    AccountCode.PARTNER_PAYABLE: AccountKind.LIABILITY,
    AccountCode.FEE_REVENUE: AccountKind.REVENUE,
    AccountCode.ADDITIONAL_FEE_REVENUE: AccountKind.REVENUE,
    AccountCode.VAT_ACCRUED: AccountKind.LIABILITY,
    AccountCode.PAYMENT_VAT_BURDEN: AccountKind.LIABILITY,
    AccountCode.DISCOUNT_EXPENSE: AccountKind.EXPENSE,
    AccountCode.MANUAL_ADJUSTMENT: AccountKind.EXPENSE,
    AccountCode.FORMULA_DIFFERENCE: AccountKind.EXPENSE,
    AccountCode.VAT_INPUT: AccountKind.ASSET,
    AccountCode.VAT_PAYABLE: AccountKind.LIABILITY,
    AccountCode.VAT_DEDUCTIBLE: AccountKind.ASSET,
    AccountCode.WITHHOLDING_PAYABLE: AccountKind.LIABILITY,
    AccountCode.FUNDING: AccountKind.ASSET,
    AccountCode.IN_TRANSIT: AccountKind.LIABILITY,
    AccountCode.DIRECT_PAYMENT: AccountKind.ASSET,
    AccountCode.SUSPENSE: AccountKind.LIABILITY,
    AccountCode.TRANSFER_FEE: AccountKind.EXPENSE,
}
